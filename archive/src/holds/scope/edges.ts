import type { Application, Table } from '../../model/types.ts'

/** A row of `from` names a row of `to`: by a declared key, or on the way to a person. */
export interface Edge {
  from: Table
  columns: string[]
  to: Table
  toColumns: string[]
}

/** All of a model, each once. */
export function edgesOf(model: Application): Edge[] {
  const found = new Map<string, Edge>()
  const tableOf = (name: string) => model.tables.find((table) => table.name === name)
  const add = (from: Table | undefined, columns: string[], to: Table | undefined, toColumns: string[]) => {
    if (from && to)
      found.set(JSON.stringify([from.name, columns, to.name, toColumns]), { from, columns, to, toColumns })
  }
  for (const table of model.tables) {
    for (const { columns, references } of table.foreignKeys)
      add(table, columns, tableOf(references.table), references.columns)
    for (const { steps } of table.persons) {
      let from: Table | undefined = table
      for (const { columns, table: name, to } of steps) {
        add(from, columns, tableOf(name), to)
        from = tableOf(name)
      }
    }
  }
  return [...found.values()]
}

/** Tables without whose codes no record can be understood. */
export function codeTables(model: Application): Set<string> {
  const lists = Object.values(model.codeLists).flatMap(({ source }) => (source ? [source.table] : []))
  return new Set([...lists, ...model.tables.flatMap(({ name, reference }) => (reference ? [name] : []))])
}
