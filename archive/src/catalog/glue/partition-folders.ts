import type { CatalogTable } from '../port.ts'

export interface PartitionFolder {
  values: string[]
  /** Keys of its objects begin so. */
  folder: string
}

/** Not in any value: partition values come from folders' names. */
const SEPARATOR = '\u0000'
export const partitionName = (values: readonly string[]) => values.join(SEPARATOR)

/** By name, the partitions that a table's objects lie in. None of a table without partition columns. */
export function partitionFolders({ objects, partitionBy }: CatalogTable): Map<string, PartitionFolder> {
  const folders = new Map<string, PartitionFolder>()
  if (partitionBy.length === 0) return folders
  for (const { key, partition } of objects) {
    const values = partitionBy.map((column) => partition[column] ?? '')
    const name = partitionName(values)
    if (!folders.has(name)) folders.set(name, { values, folder: key.slice(0, key.lastIndexOf('/') + 1) })
  }
  return folders
}
