import type { Application, Table } from '../model/types.ts'
import type { CatalogTable, Drift } from './port.ts'
import { type ReadObject, typesOf } from './tables.ts'

/** What ingest adds to each row: its ordinal in the load. Not a column of the model. */
const ROW_NUMBER = '_row'

const AUTHOR = 'the author of the model must'

function someOf(keys: string[], total: number): string {
  return keys.length === total ? 'every object' : `${keys.length} of ${total} objects, such as ${keys[0] ?? ''}`
}

function compareColumns(table: Table, objects: ReadObject[]): Drift[] {
  const drift: Drift[] = []
  const types = typesOf(objects)
  for (const column of table.columns) {
    if (table.partitionBy.includes(column.name)) continue
    const found = types.get(column.name) ?? new Map<string, string[]>()
    const has = new Set([...found.values()].flat())
    const lacking = objects.map(({ object }) => object.key).filter((key) => !has.has(key))
    const place = { table: table.name, column: column.name }
    if (lacking.length > 0)
      drift.push({
        ...place,
        kind: 'missing-column',
        message:
          `${table.name}.${column.name} is in the model, but not in ${someOf(lacking, objects.length)}: ` +
          `${AUTHOR} remove it, or an archivist load the delivery again with a model that has it.`,
      })
    for (const [type, keys] of found)
      if (type !== column.type)
        drift.push({
          ...place,
          kind: 'retyped-column',
          message:
            `${table.name}.${column.name} is ${column.type} in the model, but ${type} in ${someOf(keys, objects.length)}: ` +
            `${AUTHOR} declare the type that the records have, or an archivist load them again as ${column.type}.`,
        })
  }
  const declared = new Set(table.columns.map(({ name }) => name))
  for (const [name, found] of types) {
    if (declared.has(name) || name === ROW_NUMBER) continue
    drift.push({
      table: table.name,
      column: name,
      kind: 'extra-column',
      message:
        `${table.name}.${name} is in ${someOf([...found.values()].flat(), objects.length)}, but not in the model, so that ` +
        `nobody knows what it means: ${AUTHOR} declare it.`,
    })
  }
  return drift
}

/** What the files say against what the model says, by table. */
export function compareWithModel(model: Application, tables: CatalogTable[], objects: ReadObject[]): Drift[] {
  const drift: Drift[] = []
  for (const declared of model.tables) {
    if (tables.some(({ name }) => name === declared.name)) continue
    drift.push({
      table: declared.name,
      kind: 'missing-table',
      message:
        `${declared.name} is in the model, but no load has brought it: an archivist must load a delivery with ` +
        `${declared.source.name}, or ${AUTHOR} remove the table.`,
    })
  }
  for (const table of tables) {
    const declared = model.tables.find(({ name }) => name === table.name)
    if (declared)
      drift.push(
        ...compareColumns(
          declared,
          objects.filter((each) => each.table === table.name),
        ),
      )
    else
      drift.push({
        table: table.name,
        kind: 'extra-table',
        message: `${table.name} was loaded (${table.rows} rows), but is not in the model: ${AUTHOR} declare it.`,
      })
  }
  return drift
}
