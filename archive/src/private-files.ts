/** Files below `secrets/` of the data folder: for the user that runs Muniment alone, and whole or not there at all. */
import { chmodSync, closeSync, fstatSync, linkSync, mkdirSync, openSync, readFileSync, renameSync } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { OperatorError } from './errors.ts'
import { discard, syncFolder, writeTemporary } from './store/durable.ts'
import { codeOf, fileError } from './store/file-errors.ts'

const LOCK_PATIENCE_MS = 5_000

/**
 * Makes the folder for this user alone. Throws OperatorError for one that others can look into: what lies there may be known, and
 * closing it unseen would hide that.
 */
export async function privateFolder(folder: string): Promise<void> {
  try {
    const first = mkdirSync(folder, { recursive: true, mode: 0o700 })
    if (first !== undefined) {
      chmodSync(folder, 0o700)
      for (let made = folder; made.length >= first.length; made = dirname(made)) await syncFolder(dirname(made))
    }
    refuseOthers(await stat(folder), folder)
  } catch (error) {
    throw fileError(error, folder)
  }
}

/** Undefined where there is none. Throws OperatorError where others can read it. */
export async function readPrivate(file: string): Promise<Buffer | undefined> {
  try {
    // At once: keys are a line, and each search reads some; the turns through the thread pool would take longer than the reading.
    const opened = openSync(file, 'r')
    try {
      refuseOthers(fstatSync(opened), file)
      return readFileSync(opened)
    } finally {
      closeSync(opened)
    }
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw fileError(error, file)
  }
}

/** Creates the file whole and for good. Resolves to what it holds: `content`, or what somebody else has put there first. */
export async function createPrivate(file: string, content: string): Promise<Buffer> {
  const created = await place(file, content, (temporary) => {
    try {
      linkSync(temporary, file)
      return true
    } catch (error) {
      if (codeOf(error) === 'EEXIST') return false
      throw error
    }
  })
  const there = created ? Buffer.from(content) : await readPrivate(file)
  if (there) return there
  throw new OperatorError(`${file} was there and is gone: somebody is removing secrets.`)
}

/** Puts `change` of the file's text in its place; one change at a time, among all processes. */
export async function changePrivate(file: string, change: (text: string | undefined) => string): Promise<void> {
  await privateFolder(dirname(file))
  const unlock = await lock(`${file}.lock`)
  try {
    const text = change((await readPrivate(file))?.toString('utf8'))
    await place(file, text, (temporary) => renameSync(temporary, file))
  } finally {
    await unlock()
  }
}

function refuseOthers({ mode }: { mode: number }, path: string): void {
  if ((mode & 0o077) === 0 || process.platform === 'win32') return
  throw new OperatorError(
    `${path} holds secrets and can be opened by others. Whoever runs the archive takes their rights away ` +
      `(chmod go-rwx ${path}) and, where somebody may have read it, replaces what it holds: docs/sign-in.md says how.`,
  )
}

async function place<T>(file: string, text: string, name: (temporary: string) => T): Promise<T> {
  const folder = dirname(file)
  await privateFolder(folder)
  try {
    const temporary = await writeTemporary(folder, text)
    try {
      const outcome = name(temporary)
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
