import type { Application } from '@muniment/archive/model/types'
import type { Schedule } from '../schedule/types.ts'
import { periodWords } from './period-words.ts'

const AFTERWARDS: Record<Schedule['action'], string> = {
  destroy: 'then destroyed',
  review: 'then somebody decides what becomes of it',
  keep: 'and then for good',
}

const MONTHS = 'January February March April May June July August September October November December'.split(' ')

function beginning({ begin, trigger, fiscalYearEnds }: Schedule): string {
  const falls = trigger.latestOf.length > 1 ? 'the latest of these falls' : 'this falls'
  if (begin === 'event') return trigger.latestOf.length > 1 ? `the latest of these: ${trigger.title}` : trigger.title
  const year =
    begin === 'calendar-year-end'
      ? 'the calendar year'
      : `the fiscal year (its last month is ${MONTHS[(fiscalYearEnds ?? 12) - 1]})`
  return `the end of ${year} in which ${falls}: ${trigger.title}`
}

/**
 * A schedule in two sentences: "Kept at least 10 years, then destroyed. The time runs from the end of the calendar year in which this falls:
 * the end of the policy."
 */
export function scheduleSentence(schedule: Schedule, model: Pick<Application, 'legalEntities'>): string {
  const { kind, action, period, legalEntities } = schedule
  const most = kind === 'keep-at-least' ? 'at least' : 'no longer than'
  const names = (legalEntities ?? []).map(
    (code) => model.legalEntities.find((entity) => entity.code === code)?.name ?? code,
  )
  const whose = names.length === 0 ? 'Kept' : `Of ${names.join(' and ')}: kept`
  return `${whose} ${most} ${periodWords(period)}, ${AFTERWARDS[action]}. The time runs from ${beginning(schedule)}.`
}

/** "HGB § 257, Germany". */
export const authorityWords = ({ law, article, jurisdiction }: Schedule['authority']): string =>
  `${article === undefined ? law : `${law} ${article}`}, ${jurisdiction}`
