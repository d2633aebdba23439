import { createHash } from 'node:crypto'
import type { BigIntStats } from 'node:fs'
import { type FileHandle, mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { discard, temporaryName } from './durable.ts'

/** Objects below this size are hashed again by each process; a file beside them would cost as much. */
const WORTH_KEEPING = 4 * 1024 * 1024
const MOST_IN_MEMORY = 50_000

export const etagOf = (body: Buffer | string): string => createHash('sha256').update(body).digest('hex')

/** SHA-256 of an open file from its first byte, in constant memory; the handle's position is not used. */
export async function hashFile(handle: FileHandle): Promise<string> {
  const hash = createHash('sha256')
  // A small file does not need what a large one does; one byte more tells that it ends there.
  const buffer = Buffer.allocUnsafe(Math.min((await handle.stat()).size + 1, 1024 * 1024))
  for (let position = 0; ; ) {
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, position)
    if (bytesRead === 0) return hash.digest('hex')
    hash.update(buffer.subarray(0, bytesRead))
    position += bytesRead
  }
}

/**
 * ETags come from the content. What is remembered of a file holds while inode, size, times of content and of the inode
 * are the same, so that a large object is hashed once and not with each look; large ones across processes too, in `folder`.
 * Decay of bytes on disk shows only when an object is read and hashed again, which is the business of fsck.
 */
export function createEtags(folder: string) {
  const known = new Map<string, { mark: string; etag: string }>()
  const markOf = (stats: BigIntStats) => [stats.ino, stats.size, stats.mtimeNs, stats.ctimeNs].join(' ')
  const fileOf = (key: string) => {
    const name = etagOf(key)
    return join(folder, name.slice(0, 2), name)
  }

  async function remember(key: string, stats: BigIntStats, etag: string): Promise<void> {
    const mark = markOf(stats)
    known.delete(key)
    known.set(key, { mark, etag })
    for (const oldest of known.keys()) {
      if (known.size <= MOST_IN_MEMORY) break
      known.delete(oldest)
    }
    if (stats.size < WORTH_KEEPING) return
    // Never a reason to fail: it only saves time.
    try {
      const file = fileOf(key)
      await mkdir(dirname(file), { recursive: true })
      const temporary = temporaryName(dirname(file))
      await writeFile(temporary, JSON.stringify({ mark, etag }))
      await rename(temporary, file)
    } catch {
      return
    }
  }

  async function recall(key: string, stats: BigIntStats): Promise<string | undefined> {
    const mark = markOf(stats)
    const held = known.get(key)
    if (held?.mark === mark) return held.etag
    if (stats.size < WORTH_KEEPING) return undefined
    try {
      const kept = JSON.parse(await readFile(fileOf(key), 'utf8')) as { mark?: unknown; etag?: unknown }
      if (kept.mark !== mark || typeof kept.etag !== 'string' || !/^[0-9a-f]{64}$/.test(kept.etag)) return undefined
      known.set(key, { mark, etag: kept.etag })
      return kept.etag
    } catch {
      return undefined
    }
  }

  return {
    remember,
    /** What is remembered in memory of a file that looks like this. */
    held(key: string, stats: BigIntStats): string | undefined {
      const held = known.get(key)
      return held?.mark === markOf(stats) ? held.etag : undefined
    },
    /** The ETag of an open file. */
    async of(key: string, handle: FileHandle, stats: BigIntStats): Promise<string> {
      const held = await recall(key, stats)
      if (held !== undefined) return held
      const etag = await hashFile(handle)
      await remember(key, stats, etag)
      return etag
    },
    async forget(key: string): Promise<void> {
      known.delete(key)
      await discard(fileOf(key)).catch(() => {})
    },
  }
}
