import type { PartitionInput, Table } from '@aws-sdk/client-glue'
import type { DataCatalog } from '../data-catalog.ts'
import { refused } from '../failures.ts'
import { parseS3, type ResultStore } from '../result-store.ts'
import type { DdlStatement, PartitionSpec } from './statement.ts'

const keysOf = (table: Table) => (table.PartitionKeys ?? []).map(({ Name }) => Name ?? '')

export const partitionName = (table: Table, values: readonly string[]) =>
  keysOf(table)
    .map((key, at) => `${key}=${encodeURIComponent(values[at] ?? '')}`)
    .join('/')

const folderOf = (table: Table) => (table.StorageDescriptor?.Location ?? '').replace(/\/?$/, '/')

function partitionOf(table: Table, values: string[], location?: string): PartitionInput {
  const { Columns: columns, ...storage } = table.StorageDescriptor ?? {}
  const at = location ?? `${folderOf(table)}${partitionName(table, values)}/`
  return { Values: values, StorageDescriptor: { ...storage, ...(columns ? { Columns: columns } : {}), Location: at } }
}

/** Values in the order of the table's keys. */
function valuesOf(table: Table, spec: PartitionSpec): string[] {
  const keys = keysOf(table)
  if (spec.length !== keys.length || spec.some(({ key }) => !keys.includes(key))) {
    throw refused(
      `FAILED: ValidationFailureSemanticException Partition spec {${spec.map(({ key }) => key).join(', ')}} does not fit`,
      1003,
    )
  }
  return keys.map((key) => spec.find((part) => part.key === key)?.value ?? '')
}

export async function addPartitions(
  catalog: DataCatalog,
  database: string,
  table: Table,
  ddl: Extract<DdlStatement, { kind: 'addPartitions' }>,
): Promise<void> {
  const inputs = ddl.partitions.map(({ spec, location }) => partitionOf(table, valuesOf(table, spec), location))
  const there = await catalog.addPartitions(database, ddl.table, inputs)
  if (there.length > 0 && !ddl.ifNotExists) {
    throw refused(
      `FAILED: AlreadyExistsException(message:Partition already exists: ${there.map((values) => values.join('/')).join(', ')})`,
      1003,
    )
  }
}

export async function dropPartitions(
  catalog: DataCatalog,
  database: string,
  table: Table,
  ddl: Extract<DdlStatement, { kind: 'dropPartitions' }>,
): Promise<void> {
  for (const spec of ddl.specs) {
    const dropped = await catalog.dropPartition(database, ddl.table, valuesOf(table, spec))
    if (!dropped && !ddl.ifExists) throw refused(`FAILED: SemanticException [Error 10006]: Partition not found`, 1003)
  }
}

/** Finds folders `key=value/` below the table that the catalog lacks. */
export async function repairTable(
  catalog: DataCatalog,
  store: ResultStore,
  database: string,
  table: Table,
): Promise<string[]> {
  const name = table.Name ?? ''
  const keys = keysOf(table)
  const root = parseS3(folderOf(table))
  if (!root || keys.length === 0) return []
  const shape = new RegExp(`^${keys.map((key) => `${key}=([^/]+)/`).join('')}`)
  const known = new Set((await catalog.partitions(database, name)).map(({ Values }) => JSON.stringify(Values)))

  const missing = new Map<string, string[]>()
  for (const key of await store.list(root)) {
    const values = shape.exec(key.slice(root.key.length))?.slice(1).map(decodeURIComponent)
    if (values && !known.has(JSON.stringify(values))) missing.set(JSON.stringify(values), values)
  }
  const found = [...missing.values()]
  await catalog.addPartitions(
    database,
    name,
    found.map((values) => partitionOf(table, values)),
  )
  const names = found.map((values) => partitionName(table, values))
  if (names.length === 0) return []
  return [
    `Partitions not in metastore:\t${names.map((each) => `${name}:${each}`).join('\t')}`,
    ...names.map((each) => `Repair: Added partition to metastore ${name}:${each}`),
  ]
}
