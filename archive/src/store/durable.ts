import { randomUUID } from 'node:crypto'
import { closeSync, fsync, mkdirSync, openSync, unlinkSync, writeFile, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { codeOf } from './file-errors.ts'
import { betweenSyncs, syncTogether } from './sync-together.ts'

// Calls that only change names take microseconds, and a turn through the thread pool ten times as long; a search makes
// two dozen of them. What waits for the disk, an fsync or a large body, goes through the pool.
const writeLarge = promisify(writeFile)
const syncLarge = promisify(fsync)
const LARGE = 256 * 1024

/** Makes the names in a folder outlive a power failure. */
export async function syncFolder(folder: string): Promise<void> {
  const file = openSync(folder, 'r')
  try {
    await syncTogether(file)
  } finally {
    closeSync(file)
  }
}

/** Makes the folder with those above it, each name made to last. */
export async function makeFolder(folder: string): Promise<void> {
  const first = mkdirSync(folder, { recursive: true })
  if (first === undefined) return
  for (let made = folder; made.length >= first.length; made = dirname(made)) await syncFolder(dirname(made))
}

/** A file in `folder` with the body on disk; the caller gives it a name in place and removes this one. */
export async function writeTemporary(folder: string, body: Buffer | string): Promise<string> {
  const path = temporaryName(folder)
  await betweenSyncs()
  const file = openSync(path, 'wx', 0o600)
  let open = true
  try {
    if (body.length < LARGE) {
      writeFileSync(file, body)
      await syncTogether(file)
    } else {
      await writeLarge(file, body)
      await syncLarge(file)
    }
    open = false
    closeSync(file)
    return path
  } catch (error) {
    if (open) closeSync(file)
    await discard(path)
    throw error
  }
}

/** Begins with the id of the process, by which leftovers of dead ones are known. */
export function temporaryName(folder: string): string {
  return join(folder, `${process.pid}-${randomUUID()}`)
}

/** Removes a file that need not be there. */
export async function discard(path: string): Promise<void> {
  try {
    unlinkSync(path)
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error
  }
}
