import type { LogEntry } from '../entries.ts'
import type { Findings } from './report.ts'
import { createSeenIds } from './seen-ids.ts'

/** At least as many of the last ended actions are known, so that a second closing is told from one without an opening. */
const REMEMBERED = 100_000

/** Every action has one opening and one closing; in memory are those that are open, and 64 bits each of the last millions. */
export function createPairs({ add }: Findings) {
  const open = new Map<string, { at: string; action: string }>()
  /** Closings that the tree has before their opening, as another stream's may be. */
  const early = new Map<string, string>()
  // Two sets that take turns: to take the oldest out of one, time after time, is slow.
  let [ended, endedBefore] = [new Set<string>(), new Set<string>()]
  const openings = createSeenIds()
  let actions = 0

  function end(id: string) {
    open.delete(id)
    early.delete(id)
    ended.add(id)
    if (ended.size >= REMEMBERED) [ended, endedBefore] = [new Set(), ended]
  }

  return {
    actions: () => actions,
    take(entry: LogEntry) {
      if (entry.kind === 'opening') {
        if (openings.take(entry.id)) {
          add({
            kind: 'second-opening',
            of: entry.id,
            at: entry.at,
            message:
              `The action ${entry.id} was opened a second time, at ${entry.at} (${entry.action}, ${entry.actor.id}): ` +
              'no id is given twice, so one of the two was added.',
          })
          return
        }
        actions++
        if (early.has(entry.id)) end(entry.id)
        else open.set(entry.id, { at: entry.at, action: entry.action })
      }
      if (entry.kind !== 'closing') return
      if (open.has(entry.of)) end(entry.of)
      else if (ended.has(entry.of) || endedBefore.has(entry.of) || early.has(entry.of))
        add({
          kind: 'second-closing',
          of: entry.of,
          at: entry.at,
          message: `The action ${entry.of} was closed a second time at ${entry.at}.`,
        })
      else early.set(entry.of, entry.at)
    },
    finish() {
      for (const [of, { at, action }] of open)
        add({
          kind: 'without-closing',
          of,
          at,
          message: `The action ${of} (${action}), begun ${at}, has no closing entry: it is under way, or was interrupted.`,
        })
      for (const [of, at] of early)
        add({
          kind: 'without-opening',
          of,
          at,
          message: `The closing at ${at} names the action ${of}, which is not open: there is no opening, or it was closed before.`,
        })
    },
  }
}
