import { randomUUID } from 'node:crypto'
import { type FileHandle, mkdir, open, unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { codeOf } from './file-errors.ts'

/** Makes the names in a folder outlive a power failure. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Makes the folder with those above it, each name made to last. */
export async function makeFolder(folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true })
  if (first === undefined) return
  for (let made = folder; made.length >= first.length; made = dirname(made)) await syncFolder(dirname(made))
}

/** A file in `folder` with the body on disk; the caller gives it a name in place and removes this one. */
export async function writeTemporary(folder: string, body: Buffer | string): Promise<string> {
  const path = temporaryName(folder)
  let handle: FileHandle | undefined
  try {
    handle = await open(path, 'wx', 0o600)
    await handle.writeFile(body)
    await handle.sync()
    await handle.close()
    return path
  } catch (error) {
    await handle?.close().catch(() => {})
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
  await unlink(path).catch((error: unknown) => {
    if (codeOf(error) !== 'ENOENT') throw error
  })
}
