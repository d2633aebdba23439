import { chmodSync, linkSync, mkdirSync } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { OperatorError } from '../../errors.ts'
import { discard, syncFolder, writeTemporary } from '../../store/durable.ts'
import { codeOf, fileError } from '../../store/file-errors.ts'

/** Makes the folder for this user alone, and refuses one that others can look into. */
export async function privateFolder(folder: string): Promise<void> {
  try {
    const first = mkdirSync(folder, { recursive: true, mode: 0o700 })
    if (first !== undefined) {
      chmodSync(folder, 0o700)
      for (let made = folder; made.length >= first.length; made = dirname(made)) await syncFolder(dirname(made))
    }
    await refuseOthers(folder)
  } catch (error) {
    throw fileError(error, folder)
  }
}

async function refuseOthers(path: string): Promise<void> {
  const { mode } = await stat(path)
  if ((mode & 0o077) !== 0 && process.platform !== 'win32')
    throw new OperatorError(
      `${path} holds secrets and can be opened by others. Take their rights away: chmod go-rwx ${path}`,
    )
}

/** Undefined where there is none. */
export async function readPrivate(file: string): Promise<Buffer | undefined> {
  try {
    const content = await readFile(file)
    await refuseOthers(file)
    return content
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw fileError(error, file)
  }
}

/** Creates the file whole and for good, or gives what somebody else has put there first. */
export async function createPrivate(folder: string, name: string, content: Buffer | string): Promise<Buffer> {
  const file = join(folder, name)
  try {
    const temporary = await writeTemporary(folder, content)
    try {
      linkSync(temporary, file)
      await syncFolder(folder)
      return Buffer.from(content)
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error
    } finally {
      await discard(temporary)
    }
  } catch (error) {
    throw fileError(error, file)
  }
  const there = await readPrivate(file)
  if (there) return there
  throw new OperatorError(`${file} was there and is gone: somebody is removing the secrets of the log.`)
}
