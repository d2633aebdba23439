import type { Application } from '@muniment/archive/model/types'
import type { DomainSchedules, RecordClass } from '@muniment/retention/schedule/types'
import { scheduleSentence } from '@muniment/retention/words/schedule-words'
import type { DomainSchedulesView, RecordClassView } from '../contract.ts'
import { domainTitle } from '../shared/domain-title.ts'

const titleOf = (model: Application, table: string) => model.tables.find(({ name }) => name === table)?.title ?? table

const presentClass = (model: Application, { keepWhile, schedules, ...one }: RecordClass): RecordClassView => ({
  name: one.name,
  title: one.title,
  description: one.description,
  table: one.table,
  with: one.with.map(({ table }) => titleOf(model, table)),
  keepWhile: keepWhile.map(({ title }) => title),
  schedules: schedules.map((schedule) => {
    const { id, title, kind, action, legalEntities, inForce } = schedule
    const { law, article, jurisdiction, source, read, note } = schedule.authority
    return {
      id,
      title,
      sentence: scheduleSentence(schedule, model),
      kind,
      action,
      authority: { law, jurisdiction, source, read, ...(article && { article }), ...(note && { note }) },
      ...(legalEntities && { legalEntities }),
      inForce: { from: inForce.from, ...(inForce.to && { to: inForce.to }) },
    }
  }),
})

export type SchedulesText = Pick<DomainSchedulesView, 'title' | 'note' | 'classes'>

export const presentText = (model: Application, { title, note, classes }: DomainSchedules): SchedulesText => ({
  title,
  ...(note && { note }),
  classes: classes.map((one) => presentClass(model, one)),
})

/** Schedules in words, but for who made this version of them. */
export const presentSchedules = (
  model: Application,
  schedules: DomainSchedules,
): Omit<DomainSchedulesView, 'number' | 'proposed' | 'approved'> => ({
  application: model.name,
  applicationTitle: model.title,
  domain: schedules.domain,
  domainTitle: domainTitle(model, schedules.domain),
  ...presentText(model, schedules),
  keptForGood: Object.entries(schedules.keptForGood).map(([table, why]) => ({ table: titleOf(model, table), why })),
})
