import { BatchDeletePartitionCommand, type GlueClient } from '@aws-sdk/client-glue'
import type { ObjectStore } from '../../store/port.ts'
import type { CatalogTable } from '../port.ts'
import { askGlue, type Patience } from './ask-glue.ts'
import type { GluePartition } from './glue-tables.ts'
import { partitionFolders, partitionName } from './partition-folders.ts'

/** As many as Glue takes in one call. */
const BATCH = 25

export interface EmptyPartitions {
  glue: GlueClient
  store: ObjectStore
  /** `s3://bucket/`. */
  records: string
  database: string
  table: CatalogTable
  /** With its slash at the end; partitions elsewhere are left to who finds them. */
  location: string
  partitions: AsyncIterable<GluePartition>
  patience?: Patience
}

/**
 * Takes out of Glue the partitions in whose folders no object lies, as a destruction run leaves them: Glue's crawlers only log that. A folder
 * with anything in it stays, also where no load names it: a load may just be placed there. Gives how many went.
 */
export async function removeEmptyPartitions(of: EmptyPartitions): Promise<number> {
  const { glue, store, records, database, table, patience } = of
  const expected = partitionFolders(table)
  const empty: string[][] = []
  for await (const { values, location } of of.partitions) {
    const isOurs = location.startsWith(of.location) && location.length > of.location.length
    if (isOurs && !expected.has(partitionName(values)) && !(await holdsAnything(store, location.slice(records.length))))
      empty.push(values)
  }
  for (let at = 0; at < empty.length; at += BATCH) {
    const PartitionsToDelete = empty.slice(at, at + BATCH).map((Values) => ({ Values }))
    const command = new BatchDeletePartitionCommand({
      DatabaseName: database,
      TableName: table.name,
      PartitionsToDelete,
    })
    // One that Glue keeps is told of by the comparison that follows.
    await askGlue('glue:BatchDeletePartition', () => glue.send(command), patience)
  }
  return empty.length
}

async function holdsAnything(store: ObjectStore, prefix: string): Promise<boolean> {
  for await (const _ of store.list(prefix)) return true
  return false
}
