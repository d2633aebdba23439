import type { ObjectStore } from '../../src/store/port.ts'

export class Died extends Error {}

/**
 * The store as a process sees it that dies at operation `at` (from 1): before it is carried out, or once it is and the answer
 * never comes. After that nothing answers any more. `lost` instead: only the answer is lost, and the process lives.
 */
export function dyingStore(store: ObjectStore, at: number, when: 'before' | 'after' | 'lost') {
  let operations = 0
  const carry = async <T>(act: () => Promise<T>): Promise<T> => {
    operations++
    if (when === 'lost') {
      const done = await act()
      if (operations === at) throw new Error('socket hang up')
      return done
    }
    if (operations > at || (operations === at && when === 'before')) throw new Died()
    const done = await act()
    if (operations >= at) throw new Died()
    return done
  }
  const dying: ObjectStore = {
    ...store,
    head: (key) => carry(() => store.head(key)),
    get: (key) => carry(() => store.get(key)),
    create: (key, body) => carry(() => store.create(key, body)),
    replace: (key, body, etag) => carry(() => store.replace(key, body, etag)),
    async *names(folder) {
      await carry(async () => undefined)
      yield* store.names(folder)
    },
  }
  return { store: dying, operations: () => operations }
}
