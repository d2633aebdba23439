import type { Application } from '@muniment/archive/model/types'
import type { Schedule } from '../schedule/types.ts'
import { periodWords } from './period-words.ts'

const AFTERWARDS: Record<Schedule['action'], string> = {
  destroy: 'then it is destroyed',
  review: 'then somebody decides what becomes of it',
  keep: 'and then for good',
}

const MONTHS = 'January February March April May June July August September October November December'.split(' ')

function beginning({ begin, trigger, fiscalYearEnds }: Schedule): string {
  if (begin === 'event') return `from ${trigger.title}`
  if (begin === 'calendar-year-end') return `from the end of the calendar year of ${trigger.title}`
  const ends = MONTHS[(fiscalYearEnds ?? 12) - 1]
  return `from the end of the fiscal year (which ends with ${ends}) of ${trigger.title}`
}

/** A schedule as a sentence: "Kept at least 10 years from the end of the calendar year of the policy's end; then it is destroyed." */
export function scheduleSentence(schedule: Schedule, model: Pick<Application, 'legalEntities'>): string {
  const { kind, action, period, legalEntities } = schedule
  const most = kind === 'keep-at-least' ? 'at least' : 'no longer than'
  const names = (legalEntities ?? []).map(
    (code) => model.legalEntities.find((entity) => entity.code === code)?.name ?? code,
  )
  const whose = names.length === 0 ? 'Kept' : `Of ${names.join(' and ')}: kept`
  return `${whose} ${most} ${periodWords(period)} ${beginning(schedule)}; ${AFTERWARDS[action]}.`
}

/** "HGB § 257, Germany". */
export const authorityWords = ({ law, article, jurisdiction }: Schedule['authority']): string =>
  `${article === undefined ? law : `${law} ${article}`}, ${jurisdiction}`
