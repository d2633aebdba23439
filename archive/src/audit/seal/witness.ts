import { linkSync } from 'node:fs'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { InputError, OperatorError } from '../../errors.ts'
import { discard, syncFolder, writeTemporary } from '../../store/durable.ts'
import { codeOf, fileError } from '../../store/file-errors.ts'
import { readCheckpoint } from './checkpoint.ts'

/**
 * Keeps checkpoints out of the reach of whoever runs the log: a folder elsewhere, or a bucket of another
 * account.
 */
export interface Witness {
  /** For messages. */
  name: string
  /** Durable when it resolves. The same checkpoint again is no error; another of the same size stands beside it. */
  keep(checkpoint: string): Promise<void>
  /** All that it keeps, in order of size. */
  checkpoints(): AsyncIterable<string>
  /** The one of the largest size. */
  newest(): Promise<string | undefined>
}

const NAME = /^\d{15}-[0-9a-f]{16}\.checkpoint$/

/** Files named by size and root in a folder that should be on another machine, and writable only there or only once. */
export function createFolderWitness(folder: string): Witness {
  const names = async () => {
    try {
      return (await readdir(folder)).filter((name) => NAME.test(name)).sort()
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return []
      throw fileError(error, folder)
    }
  }
  return {
    name: folder,
    async keep(text) {
      const checkpoint = readCheckpoint(text)
      if (!checkpoint) throw new InputError('This is no checkpoint of a log.')
      // A share that is not mounted must not be taken for one that is empty.
      if (!(await stat(folder).catch(() => undefined))?.isDirectory())
        throw new OperatorError(`The witness ${folder} is no folder that is there: make it, or mount what holds it.`)
      const { size, root } = checkpoint
      const name = `${String(size).padStart(15, '0')}-${root.toString('hex').slice(0, 16)}.checkpoint`
      // Not by a store, which would make the folder anew where it goes away in this moment.
      try {
        const temporary = await writeTemporary(folder, text)
        try {
          linkSync(temporary, join(folder, name))
        } catch (error) {
          if (codeOf(error) !== 'EEXIST') throw error
        } finally {
          await discard(temporary)
        }
        await syncFolder(folder)
      } catch (error) {
        throw fileError(error, folder)
      }
    },
    async *checkpoints() {
      for (const name of await names()) yield await readFile(join(folder, name), 'utf8')
    },
    async newest() {
      const name = (await names()).at(-1)
      return name && readFile(join(folder, name), 'utf8')
    },
  }
}

export interface WitnessOutcome {
  name: string
  /** `contradicts`: it keeps a checkpoint that this log does not go on from; the log was cut off or rewritten. */
  state: 'kept' | 'failed' | 'contradicts'
  message?: string
}
