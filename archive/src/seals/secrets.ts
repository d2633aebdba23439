import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { OperatorError } from '../errors.ts'
import { createPrivate, readPrivate } from '../private-files.ts'
import type { ObjectStore } from '../store/port.ts'

/** What loads' salts derive from: apart from the bucket, since with it a value could be found out by trying. */
export interface SealSecrets {
  /** 32 bytes; undefined where it is not there. Throws OperatorError for one that is damaged. */
  read(application: string, load: string): Promise<Buffer | undefined>
}

const fileOf = (home: string, application: string, load: string) =>
  join(home, 'secrets', 'seals', application, `${load}.hex`)

/** Key in the bucket of secrets. */
export const sealSecretKey = (application: string, load: string): string => `seals/${application}/${load}.hex`

/** What a load's salts derive from, 32 bytes; undefined where it is not there. It is no part of the bucket. */
export async function readSealSecret(home: string, application: string, load: string): Promise<Buffer | undefined> {
  const kept = await readPrivate(fileOf(home, application, load))
  return kept && secretIn(kept, load)
}

function secretIn(kept: Buffer, load: string): Buffer {
  const text = kept.toString('ascii')
  if (!/^[0-9a-f]{64}\n$/.test(text))
    throw new OperatorError(`The secret of load ${load} is damaged; restore secrets/seals from a copy.`)
  return Buffer.from(text.trim(), 'hex')
}

/** The same, made where there is none yet: a load that is resumed goes on with the one it began with. */
export async function sealSecret(home: string, application: string, load: string): Promise<Buffer> {
  return secretIn(await createPrivate(fileOf(home, application, load), `${randomBytes(32).toString('hex')}\n`), load)
}

/** Of a data folder. */
export const fileSealSecrets = (home: string): SealSecrets => ({
  read: (application, load) => readSealSecret(home, application, load),
})

/** Of a bucket of secrets, as uploads leave them there. */
export const storeSealSecrets = (secrets: ObjectStore): SealSecrets => ({
  async read(application, load) {
    const kept = await secrets.get(sealSecretKey(application, load))
    return kept && secretIn(kept.body, load)
  },
})
