import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createLocalCatalog } from '@muniment/archive/catalog/local-catalog'
import type { Catalog } from '@muniment/archive/catalog/port'
import { createDuckdbEngine } from '@muniment/archive/engine/duckdb-engine'
import type { QueryEngine } from '@muniment/archive/engine/port'
import { type Home, openHome } from '@muniment/archive/home'
import { loadApplication } from '@muniment/archive/model/load'
import { ingest } from '@muniment/ingest/ingest'
import { generatePas, type SampleManifest } from '@muniment/ingest/sample/pas/generate'
import { loadTemplates } from '@muniment/query-templates/load'
import type { Templates } from '@muniment/query-templates/port'
import { builtOnce } from './built-once.ts'

export const TEMPLATES_ROOT = fileURLToPath(new URL('../../query-templates', import.meta.url))

export interface SampleArchive {
  home: Home
  catalog: Catalog
  engine: QueryEngine
  templates: Templates
  /** What the generator knows of what it wrote. */
  manifest: SampleManifest
  /** Stops the engine and removes the data folder. */
  close(): Promise<void>
}

/** A data folder of its own with the sample system generated, ingested and crawled (once a run), and the engine over it. */
export async function sampleArchive({ policies = 1000, seed = 1 } = {}): Promise<SampleArchive> {
  const folder = await mkdtemp(join(tmpdir(), 'muniment-sample-'))
  const closing: (() => Promise<void>)[] = [() => rm(folder, { recursive: true, force: true })]
  const close = async () => {
    for (const end of closing.splice(0).reverse()) await end()
  }
  try {
    await builtOnce(`sample-${policies}-${seed}`, folder, (built) => build(built, { policies, seed }))
    const manifest = JSON.parse(await readFile(join(folder, 'sample.json'), 'utf8')) as SampleManifest
    const home = await openHome(join(folder, 'home'))
    closing.push(() => home.close())
    const catalog = createLocalCatalog({ store: home.store, home, templatesRoot: TEMPLATES_ROOT })
    const engine = await createDuckdbEngine({
      home,
      catalog,
      loadModel: (application) => loadApplication(TEMPLATES_ROOT, application),
    })
    closing.push(() => engine.close())
    const templates = await loadTemplates(TEMPLATES_ROOT, 'pas')
    return { home, catalog, engine, templates, manifest, close }
  } catch (error) {
    await close()
    throw error
  }
}

async function build(folder: string, { policies, seed }: { policies: number; seed: number }): Promise<void> {
  const delivery = join(folder, 'delivery')
  const manifest = await generatePas({ policies, seed, out: delivery, templatesRoot: TEMPLATES_ROOT })
  await writeFile(join(folder, 'sample.json'), JSON.stringify(manifest))
  const home = await openHome(join(folder, 'home'))
  try {
    const outcome = await ingest({ home, application: 'pas', templatesRoot: TEMPLATES_ROOT, from: delivery })
    if (outcome.state !== 'committed') {
      const messages = outcome.deviations.filter(({ accepted }) => !accepted).map(({ message }) => message)
      throw new Error(`The sample was not loaded (${outcome.state}): ${messages.slice(0, 10).join(' ')}`)
    }
    await createLocalCatalog({ store: home.store, home, templatesRoot: TEMPLATES_ROOT }).crawl('pas')
  } finally {
    await home.close()
  }
  await rm(delivery, { recursive: true })
}
