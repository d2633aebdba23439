import { join } from 'node:path'
import type { Home } from '../home.ts'
import { catalogKey } from '../layout.ts'
import { loadApplication } from '../model/load.ts'
import type { ObjectStore } from '../store/port.ts'
import { compareWithModel } from './drift.ts'
import { createFooterReader } from './footers.ts'
import { keepTables, keptSnapshot, snapshotReader, untilKept } from './kept-snapshot.ts'
import { assembleTables, nameObjects, withFooters } from './named-objects.ts'
import type { Catalog } from './port.ts'

export interface LocalCatalogOptions {
  store: ObjectStore
  home: Pick<Home, 'path' | 'work' | 'announce'>
  /** Folder of the applications' models and templates. */
  templatesRoot: string
}

/** The catalog of the embedded setting: footers read by a crawl, kept as `catalog/<application>.json`. */
export function createLocalCatalog({ store, home, templatesRoot }: LocalCatalogOptions): Catalog {
  async function crawlOnce(application: string) {
    const model = await loadApplication(templatesRoot, application)
    const before = await keptSnapshot(store, application)
    const { commits, named, drift } = await nameObjects(store, application)
    const reader = createFooterReader(home.path, join(home.work, 'footers', `${application}.json`))
    const read = withFooters(named, await reader.read(named.map(({ object }) => object)))
    drift.push(...read.drift)
    const tables = assembleTables(model, commits, read.objects, drift)
    const { snapshot, changed } = await keepTables(store, application, tables, before)
    if (changed) await home.announce(catalogKey(application))
    return { snapshot, drift: [...compareWithModel(model, tables, read.objects), ...drift] }
  }

  return { read: snapshotReader(store), crawl: (application) => untilKept(() => crawlOnce(application)) }
}
