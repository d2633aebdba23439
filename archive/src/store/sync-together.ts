import { fsync } from 'node:fs'
import { setImmediate as turn } from 'node:timers/promises'
import { promisify } from 'node:util'

const syncFile = promisify(fsync)

interface Waiting {
  file: number
  done(): void
  failed(error: unknown): void
}

let waiting: Waiting[] = []
let going = false
let underWay: Promise<unknown> | undefined

/**
 * fsync of an open file. Those asked for within a turn of the event loop go to the disk together, and what comes meanwhile goes next: a
 * journal writes what stands in it at once, and makes whoever changes it in the meantime wait.
 */
export function syncTogether(file: number): Promise<void> {
  return new Promise((done, failed) => {
    waiting.push({ file, done, failed })
    if (!going) void run()
  })
}

/** Resolves when nothing is on its way to the disk: what makes a name would stop the whole process until then. */
export async function betweenSyncs(): Promise<void> {
  while (underWay) await underWay
}

/** Never rejects: whatever is wrong is told to whom it concerns. */
async function run(): Promise<void> {
  going = true
  await turn()
  while (waiting.length > 0) {
    const together = waiting
    waiting = []
    underWay = Promise.all(together.map(({ file, done, failed }) => syncFile(file).then(done, failed)))
    await underWay
    underWay = undefined
    // What follows on these joins the next ones.
    await turn()
  }
  going = false
}
