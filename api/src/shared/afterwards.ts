import { setTimeout as pause } from 'node:timers/promises'
import type { Logger } from 'pino'
import { logFault, newIncident } from './problem.ts'

/** Milliseconds: what is asked right after an answer does not find the disk busy, and what gathers meanwhile is written together. */
const momentMs = 100

/** What an answer does not depend on: closings of the log, and what can be made again. `of` says in the log what failed. */
export type Afterwards = (work: () => Promise<unknown>, of: Record<string, string>) => Promise<void>

/**
 * Work is done a moment after the answer where the process lives on (`background`), and awaited where it may stop with its answer.
 * It never rejects: what fails is told in the log.
 */
export function createAfterwards(background: ((work: Promise<unknown>) => void) | undefined, log: Logger): Afterwards {
  let moment: Promise<void> | undefined
  const gathered = () => {
    moment ??= pause(momentMs).then(() => {
      moment = undefined
    })
    return moment
  }
  return async (work, of) => {
    const told = () => work().catch((error: unknown) => logFault(log, newIncident(), error, of))
    if (background) background(gathered().then(told))
    else await told()
  }
}
