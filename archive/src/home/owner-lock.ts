import { link, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { OperatorError } from '../errors.ts'
import { discard, temporaryName } from '../store/durable.ts'
import { codeOf, fileError } from '../store/file-errors.ts'

export interface OwnerLock {
  release(): void
}

/** `process 4711 (node)`, as the operator would look for it; `another process` where the system does not tell. */
export type Holder = string

/** DuckDB's words for a full disk, which carry no code. */
function isDiskFull(error: unknown): boolean {
  return error instanceof Error && /no space left/i.test(error.message)
}

/** The file to lock appears as a whole or not at all: half of one, after a full disk, could never be opened. */
async function makeLockFile(work: string, file: string): Promise<void> {
  if (await stat(file).catch(() => undefined)) return
  const temporary = temporaryName(join(work, 'tmp'))
  try {
    const instance = await DuckDBInstance.create(temporary, { threads: '1' })
    instance.closeSync()
    await link(temporary, file)
  } catch (error) {
    if (isDiskFull(error)) throw fileError(Object.assign(new Error('full', { cause: error }), { code: 'ENOSPC' }), file)
    if (codeOf(error) !== 'EEXIST') throw fileError(error, file)
  } finally {
    await discard(temporary)
  }
}

/**
 * Takes the lock of a data folder, which the operating system drops with the process, however it ends: an open DuckDB file.
 * It is a POSIX lock and belongs to the whole process: opening and closing that file anywhere in this process, a worker thread
 * included, would drop it. Only home.ts calls this, once a folder.
 */
export async function takeOwnerLock(work: string): Promise<{ lock: OwnerLock } | { holder: Holder }> {
  const file = join(work, 'owner.duckdb')
  await makeLockFile(work, file)
  try {
    const instance = await DuckDBInstance.create(file, { threads: '1' })
    return { lock: { release: () => instance.closeSync() } }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    if (/could not set lock|conflicting lock/i.test(message)) {
      const held = /held in (\S+) \(PID (\d+)\)/.exec(message)
      return { holder: held ? `process ${held[2]} (${held[1]})` : 'another process' }
    }
    throw new OperatorError(
      `${file} cannot be opened. It holds no records: make sure that no Muniment process runs, remove it and start again.`,
      { cause: error },
    )
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/** Removes temporary files of processes that ended before they could. For the owner. */
export async function sweepTemporary(folder: string, olderThanMs = 3_600_000): Promise<void> {
  for (const name of await readdir(folder)) {
    const pid = /^(\d+)-[0-9a-f-]{36}$/.exec(name)?.[1]
    if (pid === undefined || isAlive(Number(pid))) continue
    const stats = await stat(join(folder, name)).catch(() => undefined)
    // A process in another container that shares the folder has ids that mean nothing here.
    if (stats && Date.now() - stats.mtimeMs > olderThanMs) await discard(join(folder, name))
  }
}
