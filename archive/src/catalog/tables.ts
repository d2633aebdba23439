import type { Application, Table } from '../model/types.ts'
import type { Footer } from './footer.ts'
import type { CatalogObject, CatalogTable } from './port.ts'

/** An object that a load names and that is there, with what its footer says. */
export interface ReadObject {
  object: CatalogObject
  table: string
  footer: Footer
}

/** A column's types over the objects that have it, the most frequent first. */
export type TypesOf = Map<string, Map<string, string[]>>

/** Column name to type to the keys of the objects that have it so. */
export function typesOf(objects: ReadObject[]): TypesOf {
  const types: TypesOf = new Map()
  for (const { object, footer } of objects)
    for (const { name, type } of footer.columns) {
      const ofColumn = types.get(name) ?? new Map<string, string[]>()
      types.set(name, ofColumn)
      const keys = ofColumn.get(type) ?? []
      ofColumn.set(type, keys)
      keys.push(object.key)
    }
  return types
}

/** The type that most objects have, or the one the model declares where as many have it. */
export function usualType(types: Map<string, string[]>, declared: string | undefined): string {
  const [first] = [...types].sort(
    ([one, with1], [other, with2]) =>
      with2.length - with1.length || Number(other === declared) - Number(one === declared) || (one < other ? -1 : 1),
  )
  return first?.[0] ?? declared ?? 'varchar'
}

function modelColumns(table: Table): CatalogTable['columns'] {
  return table.columns.map(({ name, type }) => ({ name, type, bytes: 0 }))
}

/**
 * A table of the catalog from its objects; one that was delivered empty, or of which every object is gone, has the columns of
 * the model.
 */
export function assembleTable(
  name: string,
  objects: ReadObject[],
  model: Application,
  incomplete: boolean,
): CatalogTable {
  const declared = model.tables.find((table) => table.name === name)
  const partitionBy = declared?.partitionBy ?? [
    ...new Set(objects.flatMap(({ object }) => Object.keys(object.partition))),
  ]
  const columns: CatalogTable['columns'] = []
  for (const [column, types] of typesOf(objects)) {
    if (partitionBy.includes(column)) continue
    const type = usualType(types, declared?.columns.find((each) => each.name === column)?.type)
    let bytes = 0
    for (const { footer } of objects) bytes += footer.columns.find((each) => each.name === column)?.bytes ?? 0
    columns.push({ name: column, type, bytes })
  }
  if (objects.length === 0 && declared)
    columns.push(...modelColumns(declared).filter((column) => !partitionBy.includes(column.name)))
  // As in Athena: partition columns come last and cost no bytes.
  for (const column of partitionBy) columns.push({ name: column, type: 'varchar', bytes: 0 })
  return {
    name,
    domain: declared?.domain ?? objects[0]?.object.key.split('/')[2] ?? '',
    columns,
    partitionBy,
    objects: objects.map(({ object }) => object),
    rows: objects.reduce((sum, { object }) => sum + object.rows, 0),
    bytes: objects.reduce((sum, { object }) => sum + object.size, 0),
    ...(incomplete && { incomplete }),
  }
}
