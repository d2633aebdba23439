import { OperatorError } from '@muniment/archive/errors'
import type { ObjectStore } from '@muniment/archive/store/port'

/**
 * `crash`: the process ends before the operation; `crash-after`: right after it, its reply lost; `lost-reply`: it is done and an error told, and
 * the process goes on; `error`: it is not done; `twice`: it is delivered twice, and the second answer given; `pause`: it waits until something
 * else has happened.
 */
export const FAULTS = ['crash', 'crash-after', 'lost-reply', 'error', 'twice', 'pause'] as const
export type FaultKind = (typeof FAULTS)[number]

export class CrashError extends Error {}

/** A store that counts its operations and fails at one of them. */
export function faultyStore(
  store: ObjectStore,
  fault?: { kind: FaultKind; at: number | string; meanwhile?: () => Promise<void> },
) {
  const operations: string[] = []
  let dead = false
  let struck = false

  async function struckBy<T>(name: string, act: () => Promise<T>): Promise<T> {
    if (dead) throw new CrashError('The process has ended.')
    operations.push(name)
    // By its number, or the first of its kind.
    const isIt = typeof fault?.at === 'string' ? name === fault.at && !struck : operations.length - 1 === fault?.at
    if (!fault || !isIt) return act()
    struck = true
    switch (fault.kind) {
      case 'crash':
        dead = true
        throw new CrashError('The process ended.')
      case 'crash-after':
        dead = true
        await act().catch(() => undefined)
        throw new CrashError('The process ended.')
      case 'lost-reply':
        await act().catch(() => undefined)
        throw new OperatorError('No usable answer.')
      case 'error':
        throw new OperatorError('The store is out of order.')
      case 'twice':
        await act().catch(() => undefined)
        return act()
      case 'pause':
        await fault.meanwhile?.()
        return act()
    }
  }

  async function* listed<T>(name: string, all: () => AsyncIterable<T>): AsyncGenerator<T> {
    const items = await struckBy(name, async () => {
      const found: T[] = []
      for await (const item of all()) found.push(item)
      return found
    })
    yield* items
  }

  const { versions } = store
  const faulty: ObjectStore = {
    head: (key) => struckBy('head', () => store.head(key)),
    get: (key) => struckBy('get', () => store.get(key)),
    stream: (key, range) => struckBy('stream', () => store.stream(key, range)),
    create: (key, body) => struckBy('create', () => store.create(key, body)),
    replace: (key, body, etag) => struckBy('replace', () => store.replace(key, body, etag)),
    createFromFile: (key, file, known) => struckBy('createFromFile', () => store.createFromFile(key, file, known)),
    replaceFromFile: (key, file, etag) => struckBy('replaceFromFile', () => store.replaceFromFile(key, file, etag)),
    createFromStream: (key, body) => struckBy('createFromStream', () => store.createFromStream(key, body)),
    remove: (key, etag) => struckBy('remove', () => store.remove(key, etag)),
    list: (prefix) => listed('list', () => store.list(prefix)),
    names: (folder) => listed('names', () => store.names(folder)),
    ...(versions && {
      versions: {
        state: () => struckBy('versions.state', () => versions.state()),
        list: (prefix: string) => listed('versions.list', () => versions.list(prefix)),
        remove: (key: string, id: string) => struckBy('versions.remove', () => versions.remove(key, id)),
      },
    }),
  }
  return { store: faulty, operations, struck: () => struck }
}
