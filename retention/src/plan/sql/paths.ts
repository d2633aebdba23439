import type { Application, Table } from '@muniment/archive/model/types'
import { type Step, sameColumns, stepsBetween, tableOf } from '../../schedule/links.ts'
import type { Rows } from '../../schedule/types.ts'
import { column, equal, every } from './text.ts'

export interface Source {
  model: Application
  /** What to read a table from: itself, or a WITH query that says what statements said of it. */
  from(table: string): string
}

/** Rows that steps lead to, with the key of the record they were reached from. */
export interface Reached {
  from: string
  /** The record's key. */
  keys: string[]
  alias: string
  table: Table
  /** Whether there is a row at the end. */
  present: string
  /** Whether a row on the way names one that is not there. */
  orphan: string
}

export function mustTable(model: Application, name: string): Table {
  const table = tableOf(model, name)
  if (!table) throw new Error(`The model has no table ${name}.`)
  return table
}

export function stepsOf(model: Application, root: string, via: Rows['via']): Step[] {
  const steps: Step[] = []
  let at = root
  for (const { table, by } of via) {
    const [step, ...more] = stepsBetween(model, at, table, by)
    if (!step || more.length > 0) throw new Error(`No one way leads from ${at} to ${table}.`)
    steps.push(step)
    at = table
  }
  return steps
}

/** Rows at the end of the steps from each row of `root`; of a row from which none leads on there is one without them. */
export function reached({ model, from }: Source, root: Table, via: Rows['via']): Reached {
  const steps = stepsOf(model, root.name, via)
  const [first, ...rest] = steps
  if (!first) throw new Error('There is no step.')
  // Rows that name the record by its key say themselves whose they are.
  const straight = first.direction === 'down' && sameColumns(first.link.to, root.primaryKey)
  const parts = [straight ? `${from(first.to)} AS a1` : `${from(root.name)} AS a0`]
  const orphans: string[] = []
  ;(straight ? rest : steps).forEach((step, index) => {
    const at = index + (straight ? 2 : 1)
    const { link, direction, to } = step
    const [near, far] = direction === 'up' ? [link.columns, link.to] : [link.to, link.columns]
    parts.push(`LEFT JOIN ${from(to)} AS a${at} ON ${equal(`a${at}`, far, `a${at - 1}`, near)}`)
    if (direction === 'up')
      orphans.push(
        every([
          ...near.map((name) => `${column(`a${at - 1}`, name)} IS NOT NULL`),
          ...far.slice(0, 1).map((name) => `${column(`a${at}`, name)} IS NULL`),
        ]),
      )
  })
  const last = steps.at(-1) ?? first
  const alias = `a${steps.length}`
  const joined = (last.direction === 'up' ? last.link.to : last.link.columns)[0] ?? ''
  return {
    from: parts.join(' '),
    keys: straight
      ? first.link.columns.map((name) => column('a1', name))
      : root.primaryKey.map((name) => column('a0', name)),
    alias,
    table: mustTable(model, last.to),
    present: `${column(alias, joined)} IS NOT NULL`,
    orphan: orphans.length === 0 ? 'FALSE' : orphans.map((orphan) => `(${orphan})`).join(' OR '),
  }
}
