import { createLocalCatalog } from '@muniment/archive/catalog/local-catalog'
import type { Catalog } from '@muniment/archive/catalog/port'
import { createDuckdbEngine } from '@muniment/archive/engine/duckdb-engine'
import type { QueryEngine } from '@muniment/archive/engine/port'
import { type Home, openHome } from '@muniment/archive/home'
import { loadApplication } from '@muniment/archive/model/load'
import { readSettings, type Settings } from './settings.ts'

export interface Embedded {
  settings: Settings
  home: Home
  catalog: Catalog
  engine: QueryEngine
}

/** Runs `act` with the archive of the embedded setting open, and closes it whatever happens. A server may be running beside it. */
export async function withEmbedded<T>(act: (embedded: Embedded) => Promise<T>): Promise<T> {
  const settings = readSettings()
  const { templatesRoot } = settings
  const home = await openHome(settings.home, { mode: 'auto' })
  const catalog = createLocalCatalog({ store: home.store, home, templatesRoot })
  const loadModel = (application: string) => loadApplication(templatesRoot, application)
  try {
    const engine = await createDuckdbEngine({ home, catalog, loadModel })
    try {
      return await act({ settings, home, catalog, engine })
    } finally {
      await engine.close()
    }
  } finally {
    await home.close()
  }
}
