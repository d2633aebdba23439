import type { SeenRecord } from '@muniment/archive/audit/port'
import type { ResultColumn, Row } from '@muniment/archive/engine/port'
import type { Application } from '@muniment/archive/model/types'

interface Named {
  table: string
  /** Places in the row, in the order of the key. */
  places: number[]
}

/** Tables whose records a result names: by their keys, or by a column that refers to them. */
function recordsNamedBy(columns: readonly ResultColumn[], { tables }: Application): Named[] {
  const placesOf = (table: string, names: readonly string[]): number[][] => {
    const each = names.map((name) => columns.flatMap(({ from }, place) => (from === `${table}.${name}` ? [place] : [])))
    const [first = []] = each
    // A table that is there twice has its keys twice, in the same order; otherwise nobody can tell which belong together.
    if (each.every(({ length }) => length === first.length))
      return first.map((_, index) => each.flatMap((places) => places[index] ?? []))
    return each.reduce<number[][]>(
      (all, places) => all.flatMap((some) => places.map((place) => [...some, place])),
      [[]],
    )
  }
  const found = new Map<string, Named>()
  const add = (table: string, all: number[][]) => {
    for (const places of all) found.set(`${table} ${places.join(' ')}`, { table, places })
  }
  for (const table of tables) {
    // Codes and the like are nobody's records.
    if (!table.reference) add(table.name, placesOf(table.name, table.primaryKey))
    for (const { columns: own, references } of table.foreignKeys) {
      const target = tables.find(({ name }) => name === references.table)
      const isKey = target && !target.reference && target.primaryKey.join() === references.columns.join()
      if (isKey) add(target.name, placesOf(table.name, own))
    }
  }
  return [...found.values()]
}

/** By table, the groups of columns that name its records: what the engine is asked to keep of a file's rows. */
export function keyColumns(columns: readonly ResultColumn[], application: Application): Map<string, string[][]> {
  const found = new Map<string, string[][]>()
  for (const { table, places } of recordsNamedBy(columns, application))
    found.set(table, [...(found.get(table) ?? []), places.flatMap((place) => columns[place]?.name ?? [])])
  return found
}

/** The records that rows show, each once. */
export function seenRecords(
  columns: readonly ResultColumn[],
  rows: Iterable<Row>,
  application: Application,
): SeenRecord[] {
  const named = recordsNamedBy(columns, application)
  const seen = new Map<string, SeenRecord>()
  for (const row of rows)
    for (const { table, places } of named) {
      const key = places.map((place) => row[place] ?? null)
      if (key.includes(null)) continue
      const record = { application: application.name, table, key: key as string[] }
      seen.set(JSON.stringify([table, key]), record)
    }
  return [...seen.values()]
}
