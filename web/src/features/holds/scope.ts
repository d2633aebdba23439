import type { HoldScope, ModelDescription } from '@muniment/api/contract'
import { isCalendarDate } from '../../lib/read-date.ts'
import { text } from './text.ts'

const words = text.scope

export type ScopeKind = HoldScope['kind']

export interface TypedCondition {
  column: string
  /** Values, separated by semicolons. */
  values: string
  from: string
  to: string
}

/** What somebody typed of a scope; what another kind asks for is kept beside it. */
export interface TypedScope {
  kind: ScopeKind
  table: string
  /** A record a line. */
  keys: string
  person: string
  where: TypedCondition[]
  domain: string
  /** `domain/class`. */
  class: string
}

export interface ScopeFault {
  /** Name of the field: `keys`, `person`, `table`, `class`, `domain`, `column-0`, `values-0`. */
  field: string
  message: string
}

export const emptyCondition: TypedCondition = { column: '', values: '', from: '', to: '' }

export const emptyScope: TypedScope = {
  kind: 'keys',
  table: '',
  keys: '',
  person: '',
  where: [emptyCondition],
  domain: '',
  class: '',
}

const apart = (typed: string): string[] =>
  typed
    .split(';')
    .map((one) => one.trim())
    .filter((one) => one !== '')

const lines = (typed: string): string[] =>
  typed
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '')

type Tables = ModelDescription['tables']

/** Labels of a table's key, in its order. */
export function keyLabelsOf(tables: Tables, name: string): string[] {
  const table = tables.find((one) => one.name === name)
  return (table?.primaryKey ?? []).map((key) => table?.columns.find((column) => column.name === key)?.label ?? key)
}

type Read = { scope: HoldScope } | { faults: ScopeFault[] }

const fault = (field: string, message: string): Read => ({ faults: [{ field, message }] })

function readKeys({ table, keys }: TypedScope, tables: Tables): Read {
  if (!table) return fault('table', words.noTable)
  const columns = keyLabelsOf(tables, table)
  const read = lines(keys).map((line) => (columns.length === 1 ? [line] : line.split(';').map((part) => part.trim())))
  if (read.length === 0) return fault('keys', words.noKeys)
  if (read.length > 1000) return fault('keys', words.manyKeys)
  const odd = read.findIndex((key) => key.length !== columns.length || key.includes(''))
  if (odd >= 0) return fault('keys', words.oddKey(odd + 1, columns))
  return { scope: { kind: 'keys', table, keys: read } }
}

function readCondition({ table, where }: TypedScope, tables: Tables): Read {
  if (!table) return fault('table', words.noTable)
  const faults = where.flatMap(({ column, values, from, to }, at) => {
    if (!column) return [{ field: `column-${at}`, message: words.noColumn }]
    const isSaid = apart(values).length > 0 || from.trim() !== '' || to.trim() !== ''
    if (!isSaid) return [{ field: `values-${at}`, message: words.noValues }]
    const isDate =
      tables.find(({ name }) => name === table)?.columns.find(({ name }) => name === column)?.type === 'date'
    const isWrong = isDate && [from, to].some((day) => day.trim() !== '' && !isCalendarDate(day.trim()))
    return isWrong ? [{ field: `values-${at}`, message: words.noDate }] : []
  })
  if (faults.length > 0) return { faults }
  return {
    scope: {
      kind: 'condition',
      table,
      where: where.map(({ column, values, from, to }) => ({
        column,
        ...(apart(values).length > 0 && { in: apart(values) }),
        ...(from.trim() !== '' && { from: from.trim() }),
        ...(to.trim() !== '' && { to: to.trim() }),
      })),
    },
  }
}

/** What was typed as the scope that it means, or what is wrong with it. */
export function readScope(typed: TypedScope, tables: Tables): Read {
  switch (typed.kind) {
    case 'keys':
      return readKeys(typed, tables)
    case 'person': {
      const key = apart(typed.person)
      return key.length > 0 ? { scope: { kind: 'person', key } } : fault('person', words.noPerson)
    }
    case 'condition':
      return readCondition(typed, tables)
    case 'class': {
      const [domain = '', name = ''] = typed.class.split('/')
      return domain && name ? { scope: { kind: 'class', domain, class: name } } : fault('class', words.noClass)
    }
    case 'domain':
      return typed.domain ? { scope: { kind: 'domain', domain: typed.domain } } : fault('domain', words.noDomain)
    case 'application':
      return { scope: { kind: 'application' } }
  }
}
