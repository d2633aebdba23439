// Where tests write: in memory, where there is plenty of it. Every write of the store waits for the disk twice, and tests make a hundred thousand.
import { accessSync, constants, mkdtempSync, statfsSync } from 'node:fs'
import { freemem, tmpdir } from 'node:os'
import { join } from 'node:path'

const MEMORY = '/dev/shm'
const GIB = 1024 ** 3
/** Tests leave up to 2 GiB behind until they end, and take as much as 4 while they run. */
const NEEDED = 8 * GIB

/** A new folder, to be removed by whoever asked. */
export function scratchFolder() {
  return mkdtempSync(join(roomInMemory() ? MEMORY : tmpdir(), 'muniment-test-'))
}

function roomInMemory() {
  try {
    accessSync(MEMORY, constants.W_OK)
    const { bavail, bsize } = statfsSync(MEMORY)
    return bavail * bsize > NEEDED && freemem() > NEEDED
  } catch {
    return false
  }
}
