import { keptFooters } from '@muniment/archive/catalog/glue/kept-footers'
import { keepTables, keptSnapshot, snapshotReader, untilKept } from '@muniment/archive/catalog/kept-snapshot'
import { assembleTables, nameObjects, withFooters } from '@muniment/archive/catalog/named-objects'
import type { Catalog } from '@muniment/archive/catalog/port'
import type { Application } from '@muniment/archive/model/types'
import type { ObjectStore } from '@muniment/archive/store/port'

/** The catalog over any store, its footers read by ranges, as in AWS but for Glue. */
export function createStoreCatalog(store: ObjectStore, model: Application): Catalog {
  async function crawlOnce(application: string) {
    const before = await keptSnapshot(store, application)
    const { commits, named, drift } = await nameObjects(store, application)
    const read = withFooters(named, await keptFooters(store, application, named))
    drift.push(...read.drift)
    const tables = assembleTables(model, commits, read.objects, drift)
    const { snapshot } = await keepTables(store, application, tables, before)
    return { snapshot, drift }
  }
  return { read: snapshotReader(store), crawl: (application) => untilKept(() => crawlOnce(application)) }
}
