import type { AuditFilters } from '../../api/audit-entries.ts'

export const questions = ['record', 'person', 'exports', 'refusals', 'everything'] as const
export type Question = (typeof questions)[number]

export type FieldName = 'application' | 'table' | 'key' | 'person' | 'action' | 'outcome' | 'from' | 'until'
export type Typed = Partial<Record<FieldName, string>>

const period: FieldName[] = ['from', 'until']

/** What is asked for each question, in order. */
export const fieldsOf: Record<Question, FieldName[]> = {
  record: ['application', 'table', 'key', ...period],
  person: ['person', ...period],
  exports: ['person', ...period],
  refusals: ['person', ...period],
  everything: ['person', 'action', 'outcome', 'application', ...period],
}

const needed: Record<Question, FieldName[]> = {
  record: ['application', 'table', 'key'],
  person: ['person'],
  exports: [],
  refusals: [],
  everything: [],
}

const value = (typed: Typed, name: FieldName): string => (typed[name] ?? '').trim()

export const missingIn = (question: Question, typed: Typed): FieldName | undefined =>
  needed[question].find((name) => value(typed, name) === '')

/** The question as the log is asked. */
export function filtersOf(question: Question, typed: Typed): AuditFilters {
  const given = (name: 'person' | 'action' | 'outcome' | 'application' | 'from' | 'until'): AuditFilters =>
    fieldsOf[question].includes(name) && value(typed, name) !== '' ? { [name]: value(typed, name) } : {}
  return {
    ...given('from'),
    ...given('until'),
    ...given('person'),
    ...given('action'),
    ...given('outcome'),
    ...given('application'),
    ...(question === 'record' ? { record: `${value(typed, 'table')}:${value(typed, 'key')}` } : {}),
    ...(question === 'exports' ? { action: 'export' } : {}),
    ...(question === 'refusals' ? { outcome: 'refused' } : {}),
  }
}
