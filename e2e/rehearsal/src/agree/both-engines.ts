import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AthenaClient, CreateWorkGroupCommand } from '@aws-sdk/client-athena'
import { S3Client } from '@aws-sdk/client-s3'
import type { CatalogSnapshot } from '@muniment/archive/catalog/port'
import { createAthenaEngine } from '@muniment/archive/engine/athena/athena-engine'
import { readStatement } from '@muniment/archive/engine/dialect/check'
import { createDuckdbEngine } from '@muniment/archive/engine/duckdb-engine'
import type { QueryEngine, Statement } from '@muniment/archive/engine/port'
import { loadTemplates } from '@muniment/query-templates/load'
import type { Templates } from '@muniment/query-templates/port'
import { readQuery } from '@muniment/query-templates/read-query'
import type { QueryReadings } from '@muniment/query-templates/readings'
import { checkout } from '../install/cache-folder.ts'
import { ownerAt } from '../stand-ins.ts'

export interface Places {
  /** Addresses of the stand-ins, with the same records in `bucket`. */
  aws: string
  athena: string
  bucket: string
  /** Data folder with the records. */
  home: string
}

export interface OpenAthena {
  athena: QueryEngine
  /** With what each query reads, as published. */
  templates: Templates
  snapshot: CatalogSnapshot
  /** A statement of no template, with what it reads. */
  read(statement: Statement): Promise<Statement>
  close(): Promise<void>
}

export interface BothEngines extends OpenAthena {
  embedded: QueryEngine
  /** Folder for files, removed on close. */
  work: string
}

const application = 'pas'

/** Athena's engine over the stand-ins; `work` is a folder for what does not stay in memory. */
export async function openAthena({ aws, athena: endpoint, bucket, home }: Places, work: string): Promise<OpenAthena> {
  const snapshot = JSON.parse(readFileSync(join(home, 'catalog', `${application}.json`), 'utf8')) as CatalogSnapshot
  const templates = await publishedTemplates()
  const athena = new AthenaClient(ownerAt(endpoint))
  const s3 = new S3Client({ ...ownerAt(aws), forcePathStyle: true })
  const workGroup = `agree-${Date.now()}`
  const ResultConfiguration = { OutputLocation: `s3://${bucket}/${workGroup}/` }
  const Configuration = { EnforceWorkGroupConfiguration: true, ResultConfiguration }
  await athena.send(new CreateWorkGroupCommand({ Name: workGroup, Configuration }))
  const engine = createAthenaEngine({
    athena,
    s3,
    workGroup,
    database: (name) => name,
    records: `s3://${bucket}/`,
    catalog: { read: async () => snapshot },
    loadModel: async () => templates.application,
    work,
    limits: { catalogAge: 3_600_000 },
  })
  return {
    athena: engine,
    templates,
    snapshot,
    read: async (statement) => ({ ...statement, reading: await readStatement(statement, templates.application) }),
    async close() {
      await engine.close()
      athena.destroy()
      s3.destroy()
    },
  }
}

/** The same records behind the embedded engine and behind Athena's. */
export async function openBothEngines(places: Places): Promise<BothEngines> {
  const work = await mkdtemp(join(tmpdir(), 'agree-'))
  const opened = await openAthena(places, work)
  const { snapshot, templates } = opened
  const embedded = await createDuckdbEngine({
    home: { path: places.home, work: join(work, 'embedded') },
    catalog: { read: async () => snapshot, crawl: async () => ({ snapshot, drift: [] }) },
    loadModel: async () => templates.application,
  })
  return {
    ...opened,
    embedded,
    work,
    async close() {
      await opened.close()
      await embedded.close()
      await rm(work, { recursive: true, force: true })
    },
  }
}

async function publishedTemplates(): Promise<Templates> {
  const templates = await loadTemplates(join(checkout, 'query-templates'), application)
  const readings = new Map<string, QueryReadings>()
  for (const query of templates.queries.values())
    readings.set(
      query.name,
      await readQuery(templates, query, (statement) => readStatement(statement, templates.application)),
    )
  return { ...templates, readings }
}
