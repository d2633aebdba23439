import type { Application, Table } from '@muniment/archive/model/types'

/** A declared key between two tables: rows of `child` name a row of `parent`. */
export interface Link {
  child: string
  columns: string[]
  parent: string
  to: string[]
}

export const tableOf = (model: Application, name: string): Table | undefined =>
  model.tables.find((table) => table.name === name)

/** All declared keys by which rows name rows of `table`. */
export const linksTo = (model: Application, table: string): Link[] =>
  model.tables.flatMap((child) => linksOf(child).filter(({ parent }) => parent === table))

export const linksOf = (table: Table): Link[] =>
  table.foreignKeys.map(({ columns, references }) => ({
    child: table.name,
    columns,
    parent: references.table,
    to: references.columns,
  }))

export const sameColumns = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((name, index) => name === other[index])

export const isLink = (one: Link, other: Link): boolean =>
  one.child === other.child && one.parent === other.parent && sameColumns(one.columns, other.columns)

export const linkName = ({ child, columns, parent }: Link): string => `${child}.${columns.join('+')} -> ${parent}`

/** A step from a table to another by a declared key: `down` to the rows that name it, `up` to the row it names. */
export interface Step {
  to: string
  link: Link
  direction: 'up' | 'down'
}

/** The keys that a step may go by; it must be exactly one. */
export function stepsBetween(model: Application, from: string, to: string, by: readonly string[] | undefined): Step[] {
  const table = tableOf(model, from)
  const up = table ? linksOf(table).filter(({ parent }) => parent === to) : []
  const down = linksTo(model, from).filter(({ child }) => child === to)
  return [
    ...up.map((link) => ({ to, link, direction: 'up' as const })),
    ...down.map((link) => ({ to, link, direction: 'down' as const })),
  ].filter(({ link }) => by === undefined || sameColumns(link.columns, by))
}

/** How the rows of a table belong to a record: the key by which they name a row of the table above, and that table's own way. */
export interface Belonging {
  table: string
  link: Link
}

/** Keys by which rows of `table` may name a row of one of `parents`; it must be exactly one. */
export const belongings = (
  model: Application,
  table: string,
  parents: readonly string[],
  by: readonly string[] | undefined,
): Belonging[] =>
  parents.flatMap((parent) =>
    linksTo(model, parent)
      .filter(({ child, columns }) => child === table && (by === undefined || sameColumns(columns, by)))
      .map((link) => ({ table, link })),
  )
