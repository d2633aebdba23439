import type { Query } from '@muniment/query-templates/types'
import { ask } from './answer.ts'
import type { BothEngines } from './both-engines.ts'

/** Values that the records hold. */
export interface RealValues {
  /** By name of the column, whichever tables have it. */
  byColumn: ReadonlyMap<string, readonly string[]>
  /** By type: varchar, date, integer, bigint, decimal. */
  byType: ReadonlyMap<string, readonly string[]>
}

/** Rows taken of each table: its first, among which the sample's remarkable ones are, and others from all over it. */
const first = 40
const spread = 60

export async function realValues({ embedded, templates, snapshot }: BothEngines): Promise<RealValues> {
  const byColumn = new Map<string, Set<string>>()
  const byType = new Map<string, Set<string>>()
  const keep = (map: Map<string, Set<string>>, key: string, value: string) => {
    const set = map.get(key) ?? new Set()
    map.set(key, set.add(value))
  }
  for (const table of templates.application.tables) {
    if (!snapshot.tables.some(({ name }) => name === table.name)) continue
    const names = table.columns.map(({ name }) => `"${name}"`).join(', ')
    const sql = `SELECT ${names} FROM "${table.name}" ORDER BY ${table.primaryKey.map((name) => `"${name}"`).join(', ')}`
    const { rows, failure } = await ask(embedded, { application: templates.application.name, sql, values: [] })
    if (failure) throw new Error(`${table.name} cannot be read: ${failure.message}`)
    const step = Math.max(1, Math.floor(rows.length / spread))
    const taken = rows.filter((_row, index) => index < first || index % step === 0)
    for (const row of taken)
      for (const [index, { name, type }] of table.columns.entries()) {
        const value = row[index]
        if (value === null || value === undefined || value === '') continue
        keep(byColumn, name, value)
        keep(byType, type.replace(/\(.*/, ''), value)
      }
  }
  const lists = (map: Map<string, Set<string>>) => new Map([...map].map(([key, set]) => [key, [...set]]))
  return { byColumn: lists(byColumn), byType: lists(byType) }
}

/** Columns that the query's SQL holds a parameter against, and those from which these were derived: what people type. */
export function comparedColumns(query: Query, parameter: string, derivedFrom: ReadonlyMap<string, string[]>): string[] {
  const place = new RegExp(
    `([a-z_]+)"?\\)*\\s*(?:=|<>|>=|<=|<|>|,|\\bLIKE\\b|\\bIN\\b)\\s*(?:\\w+)?\\(*\\{\\{ ${parameter} \\}\\}`,
    'g',
  )
  const compared = [parameter, ...[...query.sql.matchAll(place)].map(([, name]) => name ?? '')]
  return [...new Set(compared.flatMap((name) => [name, ...(derivedFrom.get(name) ?? [])]))]
}
