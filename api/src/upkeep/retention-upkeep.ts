import { MunimentError } from '@muniment/archive/errors'
import { listHolds } from '@muniment/archive/holds/list'
import type { RetentionDeps } from '@muniment/retention/deps'
import { NothingDueError } from '@muniment/retention/plan/make-plan'
import { PLAN_DAYS } from '@muniment/retention/plan/preflight-plan'
import { expirePrefixes } from '@muniment/retention/prefixes/expire-prefixes'
import type { PrefixSchedules } from '@muniment/retention/prefixes/types'
import type { Retention } from '@muniment/retention/retention'
import type { RunStatus } from '@muniment/retention/run/run-state'
import type { Logger } from 'pino'
import { type DueParts, readDue, workOutDue } from '../shared/due-calendar.ts'

const dayMs = 86_400_000
const timer = { id: 'muniment', groups: [] }

interface UpkeepParts extends DueParts, Pick<RetentionDeps, 'audit' | 'catalog'> {
  retention: Retention
  /** Schedules of what holds personal data besides the records; undefined where there are none. */
  prefixes: () => Promise<PrefixSchedules | undefined>
  log: Logger
}

export interface RetentionUpkeep {
  /** Does what is to be done once a day and was not done yet today. Never rejects; another tick waits for the one before. */
  tick(): Promise<void>
  /** Nothing more is begun. Resolves when what was begun has ended. */
  stop(): Promise<void>
}

/**
 * What retention does by itself, once a day: works out what falls due, plans what is due in each domain where no plan is open, reminds of
 * what people left undone, and removes what is over besides the records. It approves nothing and carries out no run.
 */
export function createRetentionUpkeep(parts: UpkeepParts): RetentionUpkeep {
  const { store, catalog, templates, retention, clock, log } = parts
  /** Day on which each part was last done to its end, or failed. */
  const done = new Map<string, string>()
  let stopping = false
  let working = Promise.resolve()

  async function daily(what: string, act: () => Promise<void>): Promise<void> {
    const day = clock().toISOString().slice(0, 10)
    if (stopping || done.get(what) === day) return
    done.set(what, day)
    try {
      await act()
    } catch (err) {
      // Work that is broken off by the end of the process is none that failed.
      if (!stopping) log.error({ err, what }, 'daily work of retention failed')
    }
  }

  async function all(): Promise<void> {
    for (const application of await templates.list()) {
      if (stopping) return
      if (!(await catalog.read(application))) continue
      await daily(`due ${application}`, () => planned(application))
      await daily(`reminders ${application}`, () => reminded(application))
    }
    await daily('prefixes', expired)
  }

  async function planned(application: string): Promise<void> {
    const due = await worked(application)
    for (const domain of new Set(due.classes.map((one) => one.domain))) {
      const records = due.classes.reduce((sum, one) => sum + (one.domain === domain ? one.due : 0), 0)
      if (stopping) return
      if (records === 0 || (await isOpen(application, domain, due.asOf))) continue
      try {
        const { run } = await retention.plan({ application, domain, by: timer, scheduled: true })
        log.info({ application, domain, run }, 'planned what is due: it waits for an approval')
      } catch (err) {
        if (stopping) return
        if (err instanceof NothingDueError) log.info({ application, domain }, err.message)
        else log.error({ err, application, domain }, 'what is due could not be planned')
      }
    }
  }

  async function worked(application: string) {
    const { timeZone } = (await templates.get(application)).application
    const today = new Intl.DateTimeFormat('en-CA', { timeZone }).format(clock())
    const there = await readDue(store, application)
    return there?.asOf === today ? there : workOutDue(parts, retention, application)
  }

  /** Whether somebody has a run of the domain in hand, or had one made today. Throws where a run cannot be read: nothing is planned then. */
  async function isOpen(application: string, domain: string, today: string): Promise<boolean> {
    for (const status of await retention.runs(application)) {
      if (status.domain !== domain) continue
      if (['executing', 'paused', 'executed', 'verified'].includes(status.state)) return true
      if (status.run.startsWith(`R-${today.replaceAll('-', '')}-`)) return true
      const waits = status.state === 'planned' || status.state === 'approved'
      if (waits && (await ageOf(status)) <= PLAN_DAYS * dayMs) return true
    }
    return false
  }

  async function ageOf({ run }: RunStatus): Promise<number> {
    return clock().getTime() - Date.parse((await retention.planned(run)).plan.planned)
  }

  async function reminded(application: string): Promise<void> {
    const overdue = (await listHolds(store, application, clock)).filter(({ reviewOverdue }) => reviewOverdue)
    for (const { id, review } of overdue)
      log.warn({ application, hold: id, review }, 'the review of a hold is overdue; the hold stands')
    for (const { run, state, approval } of await retention.runs(application)) {
      const since = approval?.signed.at
      const old = since !== undefined && clock().getTime() - Date.parse(since) > dayMs
      if (!old || !['approved', 'executing', 'paused', 'executed', 'verified'].includes(state)) continue
      log.warn({ application, run, state, approved: since }, 'a run was approved and is not carried out to its end')
    }
  }

  async function expired(): Promise<void> {
    const schedules = await parts.prefixes()
    if (!schedules) return
    const folders = await expirePrefixes(parts, clock(), schedules)
    if (folders.length > 0) log.info({ folders: folders.length }, 'removed what was over besides the records')
  }

  return {
    tick() {
      working = working.then(all).catch((err: unknown) => {
        if (!stopping) log.error({ err, ours: !(err instanceof MunimentError) }, 'daily work of retention failed')
      })
      return working
    },
    stop() {
      stopping = true
      return working
    },
  }
}
