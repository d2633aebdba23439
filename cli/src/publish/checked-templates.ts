import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeEmptyCopy } from '@muniment/archive/catalog/empty-copy'
import type { CatalogSnapshot } from '@muniment/archive/catalog/port'
import { createDuckdbEngine } from '@muniment/archive/engine/duckdb-engine'
import { loadApplication } from '@muniment/archive/model/load'
import { checkTemplates } from '@muniment/query-templates/check'
import type { Finding } from '@muniment/query-templates/types'

/**
 * What `templates check` says, of an application whose records lie elsewhere: by its files, and where it was crawled also by that snapshot, each
 * query prepared against an archive of the same tables without rows.
 */
export async function checkedTemplates(
  templatesRoot: string,
  application: string,
  snapshot: CatalogSnapshot | undefined,
): Promise<Finding[]> {
  if (!snapshot) return checkTemplates(templatesRoot, application)
  const folder = await mkdtemp(join(tmpdir(), 'muniment-publish-'))
  try {
    const home = { path: join(folder, 'home'), work: join(folder, 'work') }
    const empty = await writeEmptyCopy(snapshot, home.path)
    const catalog = { read: async () => empty, crawl: async () => ({ snapshot: empty, drift: [] }) }
    const loadModel = (name: string) => loadApplication(templatesRoot, name)
    const engine = await createDuckdbEngine({ home, catalog, loadModel })
    try {
      return await checkTemplates(templatesRoot, application, { catalog: snapshot, engine })
    } finally {
      await engine.close()
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
