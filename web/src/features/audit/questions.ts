import type { AuditFilters, AuditNames } from '@muniment/api/contract'

export const questions = ['record', 'person', 'exports', 'refusals', 'unusual', 'everything'] as const
export type Question = (typeof questions)[number]

type PlainName = 'application' | 'table' | 'person' | 'action' | 'outcome' | 'from' | 'until'
/** A column of the key has a field of its own. */
export type KeyName = `key.${string}`
export type FieldName = PlainName | KeyName
export type Typed = Partial<Record<FieldName, string>>

export const isKey = (name: FieldName): name is KeyName => name.startsWith('key.')

const period: PlainName[] = ['from', 'until']

const plainFields: Record<Question, PlainName[]> = {
  record: ['application', 'table'],
  person: ['person', ...period],
  exports: ['person', ...period],
  refusals: ['person', ...period],
  unusual: ['person', ...period],
  everything: ['person', 'action', 'outcome', 'application', ...period],
}

/** With one application there is nothing to choose. */
export const applicationOf = (typed: Typed, names: AuditNames): string =>
  value(typed, 'application') || (names.length === 1 ? (names[0]?.name ?? '') : '')

export const tablesOf = (typed: Typed, names: AuditNames): AuditNames[number]['tables'] =>
  names.find(({ name }) => name === applicationOf(typed, names))?.tables ?? []

const keyOf = (typed: Typed, names: AuditNames): { name: string; label: string }[] =>
  tablesOf(typed, names).find(({ name }) => name === value(typed, 'table'))?.key ?? []

export const keyLabel = (field: KeyName, typed: Typed, names: AuditNames): string =>
  keyOf(typed, names).find(({ name }) => `key.${name}` === field)?.label ?? ''

/** What is asked for a question, in order; the columns of a key once the table is chosen. */
export function fieldsOf(question: Question, typed: Typed, names: AuditNames): FieldName[] {
  if (question !== 'record') return plainFields[question]
  return [...plainFields.record, ...keyOf(typed, names).map(({ name }): KeyName => `key.${name}`), ...period]
}

const value = (typed: Typed, name: FieldName): string => (typed[name] ?? '').trim()

export function missingIn(question: Question, typed: Typed, names: AuditNames): FieldName | undefined {
  if (question === 'person') return value(typed, 'person') === '' ? 'person' : undefined
  if (question !== 'record') return undefined
  if (applicationOf(typed, names) === '') return 'application'
  const needed = fieldsOf(question, typed, names).filter((name) => name === 'table' || isKey(name))
  return needed.find((name) => value(typed, name) === '')
}

/** The question as the log is asked. */
export function filtersOf(question: Question, typed: Typed, names: AuditNames): AuditFilters {
  const fields = fieldsOf(question, typed, names)
  const given = (name: PlainName): AuditFilters =>
    fields.includes(name) && value(typed, name) !== '' ? { [name]: value(typed, name) } : {}
  const key = fields.filter(isKey).map((name) => value(typed, name))
  return {
    ...given('from'),
    ...given('until'),
    ...given('person'),
    ...given('action'),
    ...given('outcome'),
    ...(question === 'everything' ? given('application') : {}),
    ...(question === 'record'
      ? { application: applicationOf(typed, names), record: `${value(typed, 'table')}:${key.join(',')}` }
      : {}),
    ...(question === 'exports' ? { action: 'export' } : {}),
    ...(question === 'refusals' ? { outcome: 'refused' } : {}),
    ...(question === 'unusual' ? { action: 'unusual-use' } : {}),
  }
}
