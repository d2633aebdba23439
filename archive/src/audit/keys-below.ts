import type { ObjectStore } from '../store/port.ts'

/** Keys below a folder, in order, without a look at the objects: a log has as many as it has entries. */
export async function* keysBelow(store: ObjectStore, folder: string): AsyncGenerator<string> {
  for await (const name of store.names(folder))
    if (name.endsWith('/')) yield* keysBelow(store, `${folder}${name}`)
    else yield `${folder}${name}`
}
