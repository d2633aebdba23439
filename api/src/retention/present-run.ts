import type { Application } from '@muniment/archive/model/types'
import type { RunToReview } from '@muniment/retention/retention'
import type { ListedRecord } from '@muniment/retention/review/review-plan'
import type { RunStatus } from '@muniment/retention/run/run-state'
import type { Plan } from '@muniment/retention/run/types'
import type { StoredSchedules } from '@muniment/retention/schedule/versions'
import { authorityWords } from '@muniment/retention/words/schedule-words'
import type { RunDetails, RunSummary } from '../contract.ts'
import { domainTitle } from '../shared/domain-title.ts'

const signed = ({ by, at }: { by: string; at: string }) => ({ by, at })

const recordsOf = (plan: Plan) => Object.values(plan.counts).reduce((sum, { due }) => sum + due, 0)

export function presentSummary(
  model: Application,
  plan: Plan,
  { state, approval, objects, destroyed, held, secondsLeft }: RunStatus & { secondsLeft?: number },
): RunSummary {
  const begun = ['executing', 'paused', 'cancelled', 'executed', 'verified', 'certified'].includes(state)
  return {
    run: plan.run,
    application: plan.application,
    domain: plan.domain,
    domainTitle: domainTitle(model, plan.domain),
    asOf: plan.asOf,
    planned: signed(plan.by),
    state,
    records: recordsOf(plan),
    rows: Object.values(plan.lists).reduce((sum, { rows }) => sum + rows, 0),
    ...(approval?.outcome === 'approved' && { approved: signed(approval.signed) }),
    ...(begun && {
      progress: {
        objects: objects.all,
        done: objects.done,
        destroyed,
        held,
        ...(secondsLeft !== undefined && { secondsLeft }),
      },
    }),
  }
}

const listed = ({ key, dueFrom, schedule, rows }: ListedRecord) => ({ key, dueFrom, schedule, rows })

/** `schedules`: the version that the plan was made by; `before`: the run before in this domain. */
export function presentRun(
  model: Application,
  { plan, hash, status, review }: RunToReview,
  schedules: StoredSchedules,
  more: { before?: Plan | undefined; obstacles: string[]; secondsLeft?: number | undefined },
): RunDetails {
  const { before, obstacles, secondsLeft } = more
  const { approval } = status
  return {
    ...presentSummary(model, plan, { ...status, ...(secondsLeft !== undefined && { secondsLeft }) }),
    hash,
    schedules: plan.schedules.version,
    classes: schedules.schedules.classes.flatMap((one) => {
      const counts = plan.counts[one.name]
      if (!counts) return []
      const table = model.tables.find(({ name }) => name === one.table)
      const seen = review?.get(one.name)
      return [
        {
          class: one.name,
          title: one.title,
          table: one.table,
          keyLabels: (table?.primaryKey ?? []).map(
            (name) => table?.columns.find((column) => column.name === name)?.label ?? name,
          ),
          ...counts,
          reasons: plan.reasons[one.name] ?? [],
          authorities: (seen?.bySchedule ?? []).map(({ schedule: id, records }) => {
            const schedule = one.schedules.find((each) => each.id === id)
            return {
              schedule: id,
              title: schedule?.title ?? id,
              authority: schedule ? authorityWords(schedule.authority) : '',
              records,
            }
          }),
          samples: (seen?.samples ?? []).map(listed),
          oldest: (seen?.oldest ?? []).map(listed),
          largest: (seen?.largest ?? []).map(listed),
        },
      ]
    }),
    ...(before && { since: { run: before.run, asOf: before.asOf, records: recordsOf(before) } }),
    ...(approval?.outcome === 'sent-back' && { sentBack: { ...signed(approval.signed), reason: approval.said } }),
    obstacles,
    certificate: status.state === 'certified',
  }
}
