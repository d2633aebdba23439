import type { CatalogSnapshot } from '@muniment/archive/catalog/port'
import type { Application } from '@muniment/archive/model/types'

/** Columns of the model, `table.column`, that an archive loaded by an earlier version of it does not have. */
export function lackedColumns({ tables }: Application, snapshot: CatalogSnapshot): string[] {
  return tables.flatMap((table) => {
    const found = snapshot.tables.find(({ name }) => name === table.name)
    if (!found) return []
    const there = new Set([...found.columns.map(({ name }) => name), ...found.partitionBy])
    return table.columns.filter(({ name }) => !there.has(name)).map(({ name }) => `${table.name}.${name}`)
  })
}
