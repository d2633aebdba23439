import type { SeenRecord } from '@muniment/archive/audit/port'
import type { ResultColumn, Row } from '@muniment/archive/engine/port'
import type { Application } from '@muniment/archive/model/types'

interface Named {
  table: string
  /** Places in the row, in the order of the key. */
  places: number[]
}

/** Tables whose records a result names: by their keys, or by a column that refers to them. */
export function recordsNamedBy(columns: readonly ResultColumn[], { tables }: Application): Named[] {
  const placeOf = new Map(columns.flatMap(({ from }, place) => (from === undefined ? [] : [[from, place] as const])))
  const placesOf = (table: string, names: readonly string[]) => {
    const places = names.map((name) => placeOf.get(`${table}.${name}`))
    return places.every((place) => place !== undefined) ? (places as number[]) : undefined
  }
  const found = new Map<string, Named>()
  const add = (table: string, places: number[] | undefined) => {
    if (places) found.set(`${table} ${places.join(' ')}`, { table, places })
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
