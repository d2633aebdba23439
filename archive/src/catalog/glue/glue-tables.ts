import {
  type Column,
  GetPartitionsCommand,
  GetTablesCommand,
  type GlueClient,
  type StorageDescriptor,
} from '@aws-sdk/client-glue'
import { askGlue, type Patience } from './ask-glue.ts'

export interface GlueTable {
  name: string
  /** With its slash at the end. */
  location: string
  columns: { name: string; type: string }[]
  partitionKeys: { name: string; type: string }[]
  /** Glue counts up with each change of the table. */
  version: string
}

export interface GluePartition {
  values: string[]
  location: string
  storage: StorageDescriptor
}

const plain = (columns: readonly Column[] = []) =>
  columns.map(({ Name = '', Type = '' }) => ({ name: Name, type: Type.toLowerCase().replaceAll(' ', '') }))

export const folderOf = (location = '') => (location === '' || location.endsWith('/') ? location : `${location}/`)

/** Every table of a database, a page at a time. */
export async function* glueTables(glue: GlueClient, database: string, patience?: Patience): AsyncGenerator<GlueTable> {
  let token: string | undefined
  do {
    const page = new GetTablesCommand({ DatabaseName: database, ...(token !== undefined && { NextToken: token }) })
    const { TableList = [], NextToken } = await askGlue('glue:GetTables', () => glue.send(page), patience)
    for (const { Name = '', StorageDescriptor, PartitionKeys, VersionId = '' } of TableList)
      yield {
        name: Name,
        location: folderOf(StorageDescriptor?.Location),
        columns: plain(StorageDescriptor?.Columns),
        partitionKeys: plain(PartitionKeys),
        version: VersionId,
      }
    token = NextToken || undefined
  } while (token !== undefined)
}

/** Every partition of a table, a page at a time; without columns unless they are asked for, which are most of a page. */
export async function* gluePartitions(
  glue: GlueClient,
  { database, table, columns = false }: { database: string; table: string; columns?: boolean },
  patience?: Patience,
): AsyncGenerator<GluePartition> {
  let token: string | undefined
  do {
    const page = new GetPartitionsCommand({
      DatabaseName: database,
      TableName: table,
      ExcludeColumnSchema: !columns,
      MaxResults: 1000,
      ...(token !== undefined && { NextToken: token }),
    })
    const { Partitions = [], NextToken } = await askGlue('glue:GetPartitions', () => glue.send(page), patience)
    for (const { Values = [], StorageDescriptor = {} } of Partitions)
      yield { values: Values, location: folderOf(StorageDescriptor.Location), storage: StorageDescriptor }
    token = NextToken || undefined
  } while (token !== undefined)
}
