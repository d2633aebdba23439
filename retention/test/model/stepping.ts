import type { Readable } from 'node:stream'
import type { ObjectStore } from '@muniment/archive/store/port'

/**
 * A store that lets others in before each of its operations: `before` is asked with the operation's number, from 1, and what it does is done
 * before the operation is.
 */
export function steppingStore(store: ObjectStore, before: (operation: number, what: string) => Promise<void> | void) {
  let operations = 0
  const names: string[] = []
  const step = async <T>(what: string, act: () => Promise<T>): Promise<T> => {
    operations++
    names.push(what)
    await before(operations, what)
    return act()
  }
  async function* listed<T>(what: string, act: () => AsyncIterable<T>): AsyncIterable<T> {
    await step(what, async () => undefined)
    yield* act()
  }
  const stepping: ObjectStore = {
    ...store,
    head: (key) => step(`head ${key}`, () => store.head(key)),
    get: (key) => step(`get ${key}`, () => store.get(key)),
    stream: (key, range) => step<Readable>(`stream ${key}`, () => store.stream(key, range)),
    create: (key, body) => step(`create ${key}`, () => store.create(key, body)),
    replace: (key, body, etag) => step(`replace ${key}`, () => store.replace(key, body, etag)),
    createFromFile: (key, file, known) => step(`create ${key}`, () => store.createFromFile(key, file, known)),
    replaceFromFile: (key, file, etag) => step(`replace ${key}`, () => store.replaceFromFile(key, file, etag)),
    createFromStream: (key, body) => step(`create ${key}`, () => store.createFromStream(key, body)),
    remove: (key, etag) => step(`remove ${key}`, () => store.remove(key, etag)),
    list: (prefix) => listed(`list ${prefix}`, () => store.list(prefix)),
    names: (folder) => listed(`names ${folder}`, () => store.names(folder)),
  }
  return { store: stepping, operations: () => operations, names }
}
