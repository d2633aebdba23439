/** Files below `secrets/` of the data folder: for the user that runs Muniment alone, and whole or not there at all. */
import { chmod, link, mkdir, open, readFile, rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { OperatorError } from '../errors.ts'
import { discard, syncFolder, writeTemporary } from '../store/durable.ts'
import { codeOf, fileError } from '../store/file-errors.ts'

const LOCK_PATIENCE_MS = 5_000

/** Makes the folder where it is not there; one that others could read is closed. */
export async function secretFolder(folder: string): Promise<string> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    await chmod(folder, 0o700)
    return folder
  } catch (error) {
    throw fileError(error, folder)
  }
}

export async function readSecret(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw fileError(error, file)
  }
}

/** False where the file is there already; it stays as it is. */
export async function createSecret(file: string, text: string): Promise<boolean> {
  return place(file, text, async (temporary) => {
    try {
      await link(temporary, file)
      return true
    } catch (error) {
      if (codeOf(error) === 'EEXIST') return false
      throw error
    }
  })
}

/** Puts `change` of the file's text in its place; one change at a time, among all processes. */
export async function changeSecret(file: string, change: (text: string | undefined) => string): Promise<void> {
  await secretFolder(dirname(file))
  const unlock = await lock(`${file}.lock`)
  try {
    const text = change(await readSecret(file))
    await place(file, text, (temporary) => rename(temporary, file))
  } finally {
    await unlock()
  }
}

async function place<T>(file: string, text: string, name: (temporary: string) => Promise<T>): Promise<T> {
  const folder = await secretFolder(dirname(file))
  try {
    const temporary = await writeTemporary(folder, text)
    try {
      const outcome = await name(temporary)
      await syncFolder(folder)
      return outcome
    } finally {
      await discard(temporary)
    }
  } catch (error) {
    throw fileError(error, file)
  }
}

async function lock(file: string): Promise<() => Promise<void>> {
  const until = Date.now() + LOCK_PATIENCE_MS
  for (;;) {
    try {
      const handle = await open(file, 'wx', 0o600)
      await handle.close()
      return () => discard(file)
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw fileError(error, file)
      if (Date.now() > until)
        throw new OperatorError(`Another command is changing this. If none is running, remove ${file} and try again.`)
      await sleep(50)
    }
  }
}
