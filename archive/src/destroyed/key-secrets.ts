import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { OperatorError } from '../errors.ts'
import { createPrivate, readPrivate } from '../private-files.ts'
import { ConflictError } from '../store/errors.ts'
import type { ObjectStore } from '../store/port.ts'

/**
 * Keys by which keys of destroyed records are hashed, one for each application and year, apart from the bucket: with one, whoever has it can
 * try keys. They have a schedule of their own; when one goes, nobody can ask any more what was destroyed in that year.
 */
export interface KeySecrets {
  /** 32 bytes, made when first asked for. */
  key(application: string, year: number): Promise<Buffer>
  /** Undefined where there never was one, or it is gone. */
  find(application: string, year: number): Promise<Buffer | undefined>
}

const nameOf = (application: string, year: number) => `destroyed/${application}/${year}.hex`

function secretIn(name: string, kept: Buffer): Buffer {
  const text = kept.toString('ascii').trim()
  if (!/^[0-9a-f]{64}$/.test(text)) throw new OperatorError(`secrets/${name} is damaged; restore it from a copy.`)
  return Buffer.from(text, 'hex')
}

const made = () => `${randomBytes(32).toString('hex')}\n`

/** Of a data folder, below `secrets/`. */
export function fileKeySecrets(home: string): KeySecrets {
  const fileOf = (name: string) => join(home, 'secrets', ...name.split('/'))
  return {
    async key(application, year) {
      const name = nameOf(application, year)
      return secretIn(name, await createPrivate(fileOf(name), made()))
    },
    async find(application, year) {
      const name = nameOf(application, year)
      const kept = await readPrivate(fileOf(name))
      return kept && secretIn(name, kept)
    },
  }
}

/** Of a bucket of secrets. */
export function storeKeySecrets(secrets: ObjectStore): KeySecrets {
  const find: KeySecrets['find'] = async (application, year) => {
    const name = nameOf(application, year)
    const kept = await secrets.get(name)
    return kept && secretIn(name, kept.body)
  }
  return {
    find,
    async key(application, year) {
      try {
        await secrets.create(nameOf(application, year), made())
      } catch (error) {
        if (!(error instanceof ConflictError)) throw error
      }
      const kept = await find(application, year)
      if (!kept) throw new OperatorError(`The key of ${year} for hashes of destroyed keys is gone again.`)
      return kept
    },
  }
}
