import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AthenaClient } from '@aws-sdk/client-athena'
import { S3Client } from '@aws-sdk/client-s3'
import type { CatalogSnapshot } from '@muniment/archive/catalog/port'
import { createAthenaEngine } from '@muniment/archive/engine/athena/athena-engine'
import type { AthenaLimits } from '@muniment/archive/engine/athena/limits'
import type { StartOptions, Statement } from '@muniment/archive/engine/port'
import { type Application, Table } from '@muniment/archive/model/types'
import type { DataCatalog } from '../../src/athena/data-catalog.ts'
import type { Fault } from '../../src/athena/faults.ts'
import { serveAthena } from '../../src/athena/server.ts'
import { createAthena } from '../../src/athena/service.ts'
import type { Settings } from '../../src/athena/settings.ts'
import { type Answer, column, createFakeEngine } from './fake-engine.ts'
import { createMemoryStore } from './memory-store.ts'

const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }
const region = 'eu-central-1'
const described = { label: 'x', description: 'x' }

/** One table of two columns, whose rows a rule may hide. */
const loans = Table.parse({
  name: 'loans',
  domain: 'loans',
  title: 'Loans',
  description: 'Loans',
  source: { name: 'LOANS' },
  primaryKey: ['loan'],
  sortBy: ['loan'],
  columns: [
    { name: 'loan', type: 'varchar', ...described },
    { name: 'reader', type: 'varchar', ...described, rowRule: { name: 'secret', hides: ['x'] } },
  ],
})
export const library = {
  name: 'library',
  title: 'Library',
  description: 'Library',
  timeZone: 'Europe/Vienna',
  domains: [{ name: 'loans', ...described, title: 'Loans' }],
  legalEntities: [],
  codeLists: {},
  rowRules: { secret: { title: 'Secret', description: 'Secret' } },
  tables: [loans],
} satisfies Application

const snapshotOf = (version: string): CatalogSnapshot => ({
  application: 'library',
  version,
  crawled: '2026-01-01T00:00:00Z',
  tables: [
    {
      name: 'loans',
      domain: 'loans',
      columns: ['loan', 'reader'].map((name) => ({ name, type: 'varchar', bytes: 10 })),
      partitionBy: [],
      objects: [
        { key: 'archive/library/loans/loans/part-1-0.parquet', etag: 'e', size: 10, rows: 2, partition: {}, load: '1' },
      ],
      rows: 2,
      bytes: 10,
    },
  ],
})

export const loansRead: Statement = {
  application: 'library',
  sql: 'SELECT loan FROM loans ORDER BY loan',
  values: [],
  reading: {
    columns: [{ name: 'loan', type: 'varchar', of: ['loans.loan'], from: 'loans.loan' }],
    chosenBy: [],
    used: { loans: ['loan'] },
  },
}

let tokens = 0
export const startOptions = (more: Partial<StartOptions> = {}): StartOptions => ({
  token: `token-${++tokens}-`.padEnd(40, 'x'),
  lane: 'search',
  person: 'anna',
  timeLimit: 20_000,
  rowLimit: 100,
  ...more,
})

export const twoLoans = (): Answer => ({ columns: [column('loan')], pages: [[['a'], ['b']]], bytes: 1000 })

/** The engine against the service over its wire, with prepared answers, and results in memory behind an S3 of their own. */
export async function openLibrary(answerOf: (sql: string) => Answer = twoLoans, settings: Partial<Settings> = {}) {
  const { engine: fake, asked } = createFakeEngine(answerOf)
  const { store, objects } = createMemoryStore()
  const service = createAthena({ engine: fake, store, catalog: {} as DataCatalog, settings })
  const server = await serveAthena(service)
  const broken = { times: 0 }
  const s3Server = createServer((request, response) => {
    const path = decodeURIComponent((request.url ?? '').split('?')[0] ?? '')
    const body = objects.get(`s3:/${path}`)
    if (!body) return response.writeHead(404).end('<Error><Code>NoSuchKey</Code></Error>')
    response.writeHead(200, { 'content-length': body.length })
    if (broken.times-- > 0) {
      response.write(body.subarray(0, 3))
      return setTimeout(() => request.socket.destroy(), 20)
    }
    return response.end(body)
  })
  await new Promise<void>((resolve) => s3Server.listen(0, '127.0.0.1', resolve))
  const address = s3Server.address()
  const endpoint = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`
  const athena = new AthenaClient({ endpoint: server.endpoint, region, credentials, maxAttempts: 1 })
  const s3 = new S3Client({ endpoint, region, credentials, forcePathStyle: true, maxAttempts: 1 })
  await service.call('CreateWorkGroup', {
    Name: 'library',
    Configuration: {
      EnforceWorkGroupConfiguration: true,
      ResultConfiguration: { OutputLocation: 's3://bucket/out/' },
      BytesScannedCutoffPerQuery: 10_000_000,
    },
  })
  const work = await mkdtemp(join(tmpdir(), 'athena-engine-'))
  const catalog = { version: '1' }
  const another = (limits: Partial<AthenaLimits> = {}) =>
    createAthenaEngine({
      athena,
      s3,
      workGroup: 'library',
      database: () => 'library_db',
      records: 's3://records/',
      catalog: { read: async () => snapshotOf(catalog.version) },
      loadModel: async () => library,
      work,
      limits: { pause: 10, pollFirst: 10, pollMost: 40, catalogAge: 0, ...limits },
    })
  const engine = another()
  return {
    engine,
    another,
    /** Texts that ran. */
    asked,
    service,
    objects,
    catalog,
    broken,
    work,
    fault: (fault: Fault) => service.faults.add(fault),
    async close() {
      await engine.close()
      athena.destroy()
      s3.destroy()
      await server.stop()
      s3Server.closeAllConnections()
      s3Server.close()
      await rm(work, { recursive: true, force: true })
    },
  }
}

export type Library = Awaited<ReturnType<typeof openLibrary>>
