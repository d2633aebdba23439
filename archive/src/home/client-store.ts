import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { OperatorError } from '../errors.ts'
import { ConflictError } from '../store/errors.ts'
import { etagOf } from '../store/etags.ts'
import { hashFinished } from '../store/finished-files.ts'
import type { ObjectInfo, ObjectStore } from '../store/port.ts'
import type { ControlRequest } from './control.ts'
import { askOwner, refusal } from './control-client.ts'

type Replacing =
  | Omit<Extract<ControlRequest, { op: 'replace' }>, 'id'>
  | Omit<Extract<ControlRequest, { op: 'replaceFromFile' }>, 'id'>

interface ClientOptions {
  work: string
  files: ObjectStore
  /** Becomes the owner if that is possible now; else who is. */
  takeOver(): Promise<true | string>
  /** How long to wait, in milliseconds, for an owner that neither answers nor ends. */
  patience: number
}

/** The store for a process that does not own the data folder: creates are its own, replaces and removes go through the owner. */
export function createClientStore({ work, files, takeOver, patience }: ClientOptions): ObjectStore {
  /** Runs `ask` until the owner has answered, or `direct` once this process is the owner. */
  async function throughOwner<T>(ask: () => Promise<{ value: T } | 'again'>, direct: () => Promise<T>): Promise<T> {
    const until = Date.now() + patience
    for (;;) {
      const asked = await ask()
      if (asked !== 'again') return asked.value
      const holder = await takeOver()
      if (holder === true) return direct()
      if (Date.now() >= until)
        throw new OperatorError(
          `The data folder is in use by ${holder}, which takes no requests. Wait until it has ended, then try again.`,
        )
      await sleep(100)
    }
  }

  async function askToReplace(request: Replacing, next: string): Promise<{ value: ObjectInfo } | 'again'> {
    const { key, etag } = request
    const outcome = await askOwner(work, request)
    if (outcome === 'unreachable') return 'again'
    if (outcome === 'lost') {
      // Settled by reading: a blind second try would take its own echo for a conflict.
      const now = await files.head(key)
      if (now?.etag === next) return { value: now }
      if (now?.etag === etag) return 'again'
      throw new ConflictError(key, 'The object was changed by somebody else.')
    }
    const { info, error } = outcome.reply
    if (error) throw refusal(key, error)
    if (!info) throw new OperatorError('The owner of the data folder answered something else than was asked.')
    return { value: info }
  }

  return {
    ...files,

    replace(key, body, etag) {
      const bytes = Buffer.from(body)
      return throughOwner(
        () => askToReplace({ op: 'replace', key, etag, body: bytes.toString('base64') }, etagOf(bytes)),
        () => files.replace(key, bytes, etag),
      )
    },

    async replaceFromFile(key, file, etag) {
      const path = resolve(file)
      const next = await hashFinished(path)
      return throughOwner(
        () => askToReplace({ op: 'replaceFromFile', key, etag, file: path }, next),
        () => files.replaceFromFile(key, path, etag),
      )
    },

    remove(key, etag) {
      const ask = async (): Promise<{ value: undefined } | 'again'> => {
        const outcome = await askOwner(work, { op: 'remove', key, ...(etag === undefined ? {} : { etag }) })
        // Removing what is gone is no error, so a lost answer may be asked for again.
        if (outcome === 'unreachable' || outcome === 'lost') return 'again'
        if (outcome.reply.error) throw refusal(key, outcome.reply.error)
        return { value: undefined }
      }
      return throughOwner(ask, async () => {
        await files.remove(key, etag)
        return undefined
      })
    },
  }
}
