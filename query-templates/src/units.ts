import type { Application } from '@muniment/archive/model/types'
import { formatOf } from './format/presenter.ts'
import { tablesOf } from './sql/tables-of.ts'
import type { OutputColumn, Query } from './types.ts'

/**
 * A query's columns with their units: query.json's own, or that of the model's column of the same name where all tables that the SQL
 * reads and that have one agree. Only a number that carries nothing with it has a unit: no amount, no percentage.
 */
export function withUnits(query: Query, application: Application): OutputColumn[] {
  const read = new Set(tablesOf(query, application))
  const tables = application.tables.filter(({ name }) => read.has(name))
  return query.columns.map((column) => {
    if (column.unit !== undefined || formatOf(column) !== 'number') return column
    const units = tables.flatMap(({ columns }) =>
      columns.filter(({ name }) => name === column.name).map(({ unit }) => unit),
    )
    const [unit] = units
    return unit !== undefined && units.every((other) => other === unit) ? { ...column, unit } : column
  })
}
