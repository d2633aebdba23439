import type { GlueClient } from '@aws-sdk/client-glue'
import { tablePrefix } from '../../layout.ts'
import type { Application } from '../../model/types.ts'
import type { ObjectStore } from '../../store/port.ts'
import { compareWithModel } from '../drift.ts'
import { keepTables, keptSnapshot, snapshotReader, untilKept } from '../kept-snapshot.ts'
import { assembleTables, nameObjects, withFooters } from '../named-objects.ts'
import type { Catalog, CatalogTable, Drift } from '../port.ts'
import type { Patience } from './ask-glue.ts'
import { removeEmptyPartitions } from './empty-partitions.ts'
import { changedColumns, compareTableWithGlue, unknownTables } from './glue-drift.ts'
import { type GlueTable, gluePartitions, glueTables } from './glue-tables.ts'
import { keptFooters } from './kept-footers.ts'
import type { TableCrawler } from './port.ts'

export interface GlueCatalogOptions {
  glue: GlueClient
  /** The bucket. */
  store: ObjectStore
  /** `s3://bucket/`, before each key. */
  records: string
  /** Glue's name of an application's database. */
  database: (application: string) => string
  loadModel: (application: string) => Promise<Application>
  crawler: TableCrawler
  patience?: Patience
}

/**
 * The catalog in AWS. A crawl has Glue read the bucket, compares what it says with the model, with the ledger of loads and with the footers,
 * and keeps the same snapshot that the embedded catalog keeps. Where a crawler failed nothing is kept, and it throws OperatorError. A table
 * of which Athena does not find every object is kept as incomplete. Partitions in Glue without an object are removed there.
 */
export function createGlueCatalog(options: GlueCatalogOptions): Catalog {
  const { glue, store, records, loadModel, crawler, patience } = options

  async function compare(application: string, model: Application, tables: CatalogTable[]) {
    const database = options.database(application)
    const known = new Map<string, GlueTable>()
    for await (const table of glueTables(glue, database, patience)) known.set(table.name, table)
    const drift: Drift[] = unknownTables(model, tables, known.values())
    const compared: CatalogTable[] = []
    for (const table of tables) {
      const partitions = () => gluePartitions(glue, { database, table: table.name }, patience)
      const location = `${records}${tablePrefix(application, table.domain, table.name)}`
      // Glue's table may lie elsewhere, or be cut otherwise: then its partitions say nothing of ours.
      if (table.partitionBy.length > 0 && known.get(table.name)?.location === location)
        await removeEmptyPartitions({
          glue,
          store,
          records,
          database,
          table,
          location,
          partitions: partitions(),
          ...(patience && { patience }),
        })
      const found = await compareTableWithGlue({ application, table, glue: known.get(table.name), records, partitions })
      drift.push(...found.drift)
      compared.push(found.incomplete ? { ...table, incomplete: true } : table)
    }
    return { known, drift, tables: compared }
  }

  async function crawlOnce(application: string) {
    const model = await loadModel(application)
    const before = await keptSnapshot(store, application)
    const { commits, named, drift } = await nameObjects(store, application)
    const read = withFooters(named, await keptFooters(store, application, named))
    drift.push(...read.drift)
    const assembled = assembleTables(model, commits, read.objects, drift)
    // After the ledger was read, so that Glue sees every object that is to be visible.
    await crawler.crawl(application, assembled)
    const { known, tables, drift: ofGlue } = await compare(application, model, assembled)
    const { snapshot } = await keepTables(store, application, tables, before)
    return {
      snapshot,
      drift: [
        ...compareWithModel(model, tables, read.objects),
        ...ofGlue,
        ...drift,
        ...changedColumns(before?.snapshot, tables, known),
      ],
    }
  }

  return { read: snapshotReader(store), crawl: (application) => untilKept(() => crawlOnce(application)) }
}
