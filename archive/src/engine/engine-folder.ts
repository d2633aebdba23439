import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import path from 'node:path'

const prefix = 'engine-'

/**
 * A folder of this engine's own for spilling, exports in the making and rows that wait. Those of processes that have ended are
 * removed: they hold parts of records.
 */
export async function openEngineFolder(work: string): Promise<string> {
  await mkdir(work, { recursive: true })
  for (const name of await readdir(work)) {
    const pid = new RegExp(`^${prefix}(\\d+)-`).exec(name)?.[1]
    if (pid && !isAlive(Number(pid))) await rm(path.join(work, name), { recursive: true, force: true })
  }
  return mkdtemp(path.join(work, `${prefix}${process.pid}-`))
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
