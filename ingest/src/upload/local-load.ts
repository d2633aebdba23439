import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { OperatorError } from '@muniment/archive/errors'
import { loadPrefix, quarantinePrefix } from '@muniment/archive/layout'
import type { ObjectStore } from '@muniment/archive/store/port'
import { sha256Of } from '../delivery/sha256.ts'
import { type LoadRecord, loadKey } from '../load/ledger.ts'
import { readSealSecret } from '../seal/secrets.ts'

export interface SealedRecord extends LoadRecord {
  seal: NonNullable<LoadRecord['seal']>
}

const fileOf = (home: string, key: string) => join(home, ...key.split('/'))

/**
 * A load of the data folder as it can be brought elsewhere: sealed, its secret there, and every object as the load wrote it, which
 * reads each. Throws OperatorError otherwise.
 */
export async function soundLoad(home: string, record: LoadRecord): Promise<{ record: SealedRecord; secret: Buffer }> {
  const { application, load, seal, objects } = record
  if (!seal)
    throw new OperatorError(
      `Load ${load} of ${application} was not sealed, as earlier versions left them: load its delivery into a new data folder.`,
    )
  const secret = await readSealSecret(home, application, load)
  if (!secret)
    throw new OperatorError(
      `The secret of load ${load} is not in the data folder, and without it nothing can be proved of its rows: restore secrets/seals from a copy.`,
    )
  for (const { key, size, sha256 } of objects) {
    const there = await stat(fileOf(home, key)).catch(() => undefined)
    if (!there) throw altered(key, load, 'is not there')
    if (there.size !== size) throw altered(key, load, `has ${there.size} bytes and not ${size}`)
    if ((await sha256Of(fileOf(home, key))) !== sha256) throw altered(key, load, 'has another content')
  }
  return { record: { ...record, seal }, secret }
}

const altered = (key: string, load: string, what: string) =>
  new OperatorError(
    `${key} ${what}, as load ${load} wrote it: nothing of this load was uploaded. Restore the object from a copy of the data folder.`,
  )

/** Keys of what is kept beside the records of a load, without the record of the load itself. */
export async function papersOf(store: ObjectStore, application: string, load: string): Promise<string[]> {
  const keys: string[] = []
  for (const folder of [loadPrefix(application, load), quarantinePrefix(application, load)])
    for await (const name of store.names(folder))
      if (!name.endsWith('/') && `${folder}${name}` !== loadKey(application, load)) keys.push(`${folder}${name}`)
  return keys
}

export { fileOf }
