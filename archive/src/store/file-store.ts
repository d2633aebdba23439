import {
  type BigIntStats,
  closeSync,
  createReadStream,
  fstatSync,
  linkSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
} from 'node:fs'
import { type FileHandle, open, rmdir, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { NotFoundError, OperatorError } from '../errors.ts'
import { discard, makeFolder, syncFolder, temporaryName, writeTemporary } from './durable.ts'
import { ConflictError } from './errors.ts'
import { createEtags, etagOf } from './etags.ts'
import { codeOf, fileError } from './file-errors.ts'
import { copyFinished, hashFinished, writeStream } from './finished-files.ts'
import { checkFolder, checkKey } from './keys.ts'
import { listKeys, namesIn } from './list-files.ts'
import type { ObjectInfo, ObjectStore, StoredObject } from './port.ts'
import { asSourceSays, SourceError } from './source.ts'

/** Bytes of an object that is read at once. */
const SMALL = 64 * 1024

export interface FileStoreOptions {
  /** Where temporary files and remembered ETags go; on the same file system. */
  work?: string
}

/**
 * Objects as files below `home`, one file system. Anybody may create; replacing and removing are for the one owner of the
 * data folder (see openHome), within which they take turns by key.
 */
export function openFileStore(home: string, options: FileStoreOptions = {}): ObjectStore {
  const work = options.work ?? join(home, '.work')
  const temporary = join(work, 'tmp')
  const etags = createEtags(join(work, 'etags'))
  const turns = new Map<string, Promise<unknown>>()

  const pathOf = (key: string) => {
    checkKey(key)
    return join(home, key)
  }

  async function inTurn<T>(key: string, act: () => Promise<T>): Promise<T> {
    const mine = (turns.get(key) ?? Promise.resolve()).then(act, act)
    const quiet = mine.catch(() => {})
    turns.set(key, quiet)
    try {
      return await mine
    } finally {
      if (turns.get(key) === quiet) turns.delete(key)
    }
  }

  async function guarded<T>(key: string, act: () => Promise<T>): Promise<T> {
    try {
      return await act()
    } catch (error) {
      throw error instanceof SourceError ? error : fileError(error, key)
    }
  }

  /** The open file, or undefined; the caller closes it. A replaced file stays readable through its handle. */
  async function openObject(key: string): Promise<{ handle: FileHandle; stats: BigIntStats } | undefined> {
    const path = pathOf(key)
    let handle: FileHandle | undefined
    try {
      handle = await open(path, 'r')
      const stats = await handle.stat({ bigint: true })
      if (stats.isFile()) return { handle, stats }
      await handle.close()
      return undefined
    } catch (error) {
      await handle?.close().catch(() => {})
      if (['ENOENT', 'ENOTDIR'].includes(codeOf(error) ?? '')) return undefined
      throw fileError(error, key)
    }
  }

  /** Without opening it, where its ETag is remembered. */
  function headKnown(key: string): ObjectInfo | undefined {
    const path = pathOf(key)
    try {
      const stats = statSync(path, { bigint: true })
      const etag = stats.isFile() ? etags.held(key, stats) : undefined
      return etag === undefined ? undefined : { key, etag, size: Number(stats.size), modified: stats.mtime }
    } catch {
      return undefined
    }
  }

  /** Read at once: four turns through the thread pool take longer than the reading. */
  function getSmall(key: string): StoredObject | undefined {
    const path = pathOf(key)
    let file: number | undefined
    try {
      file = openSync(path, 'r')
      const stats = fstatSync(file)
      if (!stats.isFile() || stats.size > SMALL) return undefined
      const body = readFileSync(file)
      return { key, etag: etagOf(body), size: body.length, modified: stats.mtime, body }
    } catch {
      // Whatever is wrong is told by the other way.
      return undefined
    } finally {
      if (file !== undefined) closeSync(file)
    }
  }

  async function head(key: string): Promise<ObjectInfo | undefined> {
    const known = headKnown(key)
    if (known) return known
    const found = await openObject(key)
    if (!found) return undefined
    const { handle, stats } = found
    try {
      const etag = await guarded(key, () => etags.of(key, handle, stats))
      return { key, etag, size: Number(stats.size), modified: stats.mtime }
    } finally {
      await handle.close()
    }
  }

  async function settle(key: string, path: string, etag: string): Promise<ObjectInfo> {
    const stats = statSync(path, { bigint: true })
    await etags.remember(key, stats, etag)
    return { key, etag, size: Number(stats.size), modified: stats.mtime }
  }

  /** Gives the finished file `from` its name, unless somebody has it; then `from` goes. */
  async function linkInPlace(key: string, from: string, etag: string): Promise<ObjectInfo> {
    const path = pathOf(key)
    for (let tries = 0; ; tries++) {
      try {
        await makeFolder(dirname(path))
        linkSync(from, path)
        break
      } catch (error) {
        const code = codeOf(error)
        // The folder was empty and somebody removed it in between.
        if (code === 'ENOENT' && tries < 100 && (await stat(from).catch(() => undefined))) continue
        if (code !== 'EEXIST') throw error
        const there = await stat(path).catch(() => undefined)
        if (there?.isFile()) throw new ConflictError(key, 'The object exists already.', { cause: error })
        throw new OperatorError(`${key} cannot be kept: a file and a folder would have one name.`, { cause: error })
      }
    }
    await discard(from)
    await syncFolder(dirname(path))
    return settle(key, path, etag)
  }

  async function mustBe(key: string, etag: string): Promise<void> {
    const current = await head(key)
    if (current?.etag !== etag)
      throw new ConflictError(key, current ? 'The object was changed by somebody else.' : 'The object is gone.')
  }

  async function prune(key: string) {
    const parts = key.split('/')
    for (let depth = parts.length - 1; depth > 0; depth--) {
      const gone = await rmdir(join(home, ...parts.slice(0, depth))).then(
        () => true,
        () => false,
      )
      if (!gone) return
    }
  }

  return {
    head,

    async get(key) {
      const small = getSmall(key)
      if (small) return small
      const found = await openObject(key)
      if (!found) return undefined
      const { handle, stats } = found
      try {
        // The bytes that are handed out are the ones that are hashed, whatever is remembered.
        const body = await guarded(key, () => handle.readFile())
        return { key, etag: etagOf(body), size: body.length, modified: stats.mtime, body }
      } finally {
        await handle.close()
      }
    },

    async stream(key, range = {}) {
      const found = await openObject(key)
      if (!found) throw new NotFoundError()
      const { handle, stats } = found
      try {
        if (range.etag !== undefined && range.etag !== (await guarded(key, () => etags.of(key, handle, stats))))
          throw new ConflictError(key, 'The object is not the one that was read before.')
        const start = Math.max(0, range.start ?? 0)
        const end = Math.min(Number(stats.size), range.end ?? Number.POSITIVE_INFINITY)
        if (start < end) return createReadStream('', { fd: handle, start, end: end - 1, highWaterMark: 256 * 1024 })
      } catch (error) {
        await handle.close()
        throw error
      }
      await handle.close()
      return Readable.from([])
    },

    create: (key, body) =>
      guarded(key, async () => {
        checkKey(key)
        await makeFolder(temporary)
        const file = await writeTemporary(temporary, body)
        try {
          return await linkInPlace(key, file, etagOf(body))
        } finally {
          await discard(file)
        }
      }),

    createFromFile: (key, file, known) =>
      guarded(key, async () => {
        checkKey(key)
        const etag = await hashFinished(file, known?.sha256)
        try {
          return await linkInPlace(key, file, etag)
        } catch (error) {
          if (codeOf(error) !== 'EXDEV') throw error
        }
        const copy = await copyFinished(file, temporary)
        try {
          const info = await linkInPlace(key, copy, etag)
          await discard(file)
          return info
        } finally {
          await discard(copy)
        }
      }),

    createFromStream: (key, body) =>
      asSourceSays(() =>
        guarded(key, async () => {
          checkKey(key)
          await makeFolder(temporary)
          const file = temporaryName(temporary)
          try {
            return await linkInPlace(key, file, await writeStream(body, file))
          } finally {
            await discard(file)
          }
        }),
      ),

    replace: (key, body, etag) =>
      guarded(key, () =>
        inTurn(key, async () => {
          const path = pathOf(key)
          await mustBe(key, etag)
          await makeFolder(temporary)
          const file = await writeTemporary(temporary, body)
          try {
            renameSync(file, path)
          } finally {
            await discard(file)
          }
          await syncFolder(dirname(path))
          return settle(key, path, etagOf(body))
        }),
      ),

    replaceFromFile: (key, file, etag) =>
      guarded(key, () =>
        inTurn(key, async () => {
          const path = pathOf(key)
          await mustBe(key, etag)
          const next = await hashFinished(file)
          try {
            renameSync(file, path)
          } catch (error) {
            if (codeOf(error) !== 'EXDEV') throw error
            const copy = await copyFinished(file, temporary)
            try {
              renameSync(copy, path)
            } finally {
              await discard(copy)
            }
            await discard(file)
          }
          await syncFolder(dirname(path))
          return settle(key, path, next)
        }),
      ),

    remove: (key, etag) =>
      guarded(key, () =>
        inTurn(key, async () => {
          const path = pathOf(key)
          if (etag !== undefined) {
            const current = await head(key)
            if (!current) return
            if (current.etag !== etag) throw new ConflictError(key, 'The object was changed by somebody else.')
          }
          const there = await stat(path).catch(() => undefined)
          if (!there?.isFile()) return
          await discard(path)
          await syncFolder(dirname(path))
          await etags.forget(key)
          await prune(key)
        }),
      ),

    async *list(prefix) {
      for await (const key of listKeys(home, prefix)) {
        const info = await head(key)
        if (info) yield info
      }
    },

    async *names(folder) {
      checkFolder(folder)
      yield* await namesIn(home, folder)
    },
  }
}
