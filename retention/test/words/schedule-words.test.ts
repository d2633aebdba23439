import { describe, expect, it } from 'vitest'
import { Schedule } from '../../src/schedule/types.ts'
import { periodWords } from '../../src/words/period-words.ts'
import { authorityWords, scheduleSentence } from '../../src/words/schedule-words.ts'

const schedule = (more: object = {}) =>
  Schedule.parse({
    id: 'books',
    title: 'Books',
    kind: 'keep-at-least',
    action: 'destroy',
    authority: { law: 'HGB', article: '§ 257', jurisdiction: 'Germany', source: 'the code', read: '2026-11-23' },
    inForce: { from: '2025-01-01' },
    trigger: { title: "the policy's end", latestOf: [{ column: 'ends_on' }] },
    period: 'P10Y',
    begin: 'calendar-year-end',
    ...more,
  })
const model = { legalEntities: [{ code: '20', name: 'Altenfelder (Schweiz) AG' }] }

describe('A period in words', () => {
  it.each([
    ['P10Y', '10 years'],
    ['P1Y', '1 year'],
    ['P1Y6M', '1 year and 6 months'],
    ['P1Y2M3W4D', '1 year, 2 months, 3 weeks and 4 days'],
    ['P0D', 'no time'],
  ])('%s is %s', (period, words) => {
    expect(periodWords(period)).toBe(words)
  })
})

describe('A schedule in words', () => {
  it('says how long, from when, and what follows', () => {
    expect(scheduleSentence(schedule(), model)).toBe(
      "Kept at least 10 years, then destroyed. The time runs from the end of the calendar year in which this falls: the policy's end.",
    )
  })

  it('says whose records, and with which month a fiscal year ends', () => {
    const other = schedule({
      kind: 'keep-no-longer-than',
      action: 'review',
      legalEntities: ['20', '99'],
      begin: 'fiscal-year-end',
      fiscalYearEnds: 3,
    })
    expect(scheduleSentence(other, model)).toBe(
      "Of Altenfelder (Schweiz) AG and 99: kept no longer than 10 years, then somebody decides what becomes of it. The time runs from the end of the fiscal year (its last month is March) in which this falls: the policy's end.",
    )
  })

  it('says of several days that the latest counts', () => {
    const trigger = { title: 'its close and the last payment', latestOf: [{ column: 'closed' }, { column: 'paid' }] }
    expect(scheduleSentence(schedule({ trigger, begin: 'event' }), model)).toBe(
      'Kept at least 10 years, then destroyed. The time runs from the latest of these: its close and the last payment.',
    )
    expect(scheduleSentence(schedule({ trigger }), model)).toContain('in which the latest of these falls: its close')
  })

  it('names its authority', () => {
    expect(authorityWords(schedule().authority)).toBe('HGB § 257, Germany')
  })
})
