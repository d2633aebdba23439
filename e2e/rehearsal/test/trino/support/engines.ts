import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CreateWorkGroupCommand } from '@aws-sdk/client-athena'
import type { CatalogSnapshot } from '@muniment/archive/catalog/port'
import { createAthenaEngine } from '@muniment/archive/engine/athena/athena-engine'
import type { AthenaLimits } from '@muniment/archive/engine/athena/limits'
import { readStatement } from '@muniment/archive/engine/dialect/check'
import { createDuckdbEngine } from '@muniment/archive/engine/duckdb-engine'
import type {
  Execution,
  QueryEngine,
  Restrictions,
  Row,
  StartOptions,
  Statement,
  UnloadTarget,
} from '@muniment/archive/engine/port'
import type { Application } from '@muniment/archive/model/types'
import { bind } from '@muniment/query-templates/bind'
import { checkInputs } from '@muniment/query-templates/inputs'
import { loadTemplates } from '@muniment/query-templates/load'
import { checkout } from '../../../src/install/cache-folder.ts'
import { makeSample } from '../../../src/sample/make-sample.ts'
import { athena, bucket, s3 } from '../athena.ts'

let tokens = 0
export const options = (more: Partial<StartOptions> = {}): StartOptions => ({
  token: `${Date.now()}-${++tokens}-`.padEnd(40, 'x'),
  lane: 'search',
  person: 'anna',
  timeLimit: 60_000,
  rowLimit: 10_000,
  ...more,
})

export interface Outcome {
  execution: Execution
  rows: Row[]
}

export async function outcome(engine: QueryEngine, id: string): Promise<Outcome> {
  let execution = await engine.wait(id, 60_000)
  while (execution.state === 'QUEUED' || execution.state === 'RUNNING') execution = await engine.wait(id, 60_000)
  const rows: Row[] = []
  if (execution.state === 'SUCCEEDED') for await (const batch of engine.rows(id)) rows.push(...batch)
  return { execution, rows }
}

export const run = async (engine: QueryEngine, statement: Statement, more: Partial<StartOptions> = {}) =>
  outcome(engine, await engine.start(statement, options(more)))

export async function unload(
  engine: QueryEngine,
  statement: Statement,
  target: UnloadTarget,
  more: Partial<StartOptions> = {},
): Promise<Execution> {
  const id = await engine.unload(statement, target, options({ lane: 'export', ...more }))
  return (await outcome(engine, id)).execution
}

/** The same sample behind both engines. */
export async function openEngines(workGroup = 'engine', cutoff?: number) {
  const home = await makeSample(1000)
  const snapshot = JSON.parse(readFileSync(join(home, 'catalog', 'pas.json'), 'utf8')) as CatalogSnapshot
  const templates = await loadTemplates(join(checkout, 'query-templates'), 'pas')
  const { application } = templates
  const work = await mkdtemp(join(tmpdir(), 'engines-'))
  const OutputLocation = `s3://${bucket}/${workGroup}/`
  const Configuration = {
    EnforceWorkGroupConfiguration: true,
    ResultConfiguration: { OutputLocation },
    ...(cutoff !== undefined && { BytesScannedCutoffPerQuery: cutoff }),
  }
  await athena.send(new CreateWorkGroupCommand({ Name: workGroup, Configuration }))
  const seen = { snapshot }
  const loadModel = async (): Promise<Application> => application
  const inAthena = (limits: Partial<AthenaLimits> = {}, group = workGroup) =>
    createAthenaEngine({
      athena,
      s3,
      workGroup: group,
      database: (name) => name,
      records: `s3://${bucket}/`,
      catalog: { read: async () => seen.snapshot },
      loadModel,
      work,
      limits: { catalogAge: 0, ...limits },
    })
  const duckdb = await createDuckdbEngine({
    home: { path: home, work: join(work, 'duckdb') },
    catalog: {
      read: async () => snapshot,
      crawl: async () => ({ snapshot, drift: [] }),
    },
    loadModel,
    limits: { searchWorkers: 1 },
  })
  const engine = inAthena()
  const statementOf = async (
    sql: string,
    values: Statement['values'] = [],
    restrictions?: Restrictions,
  ): Promise<Statement> => {
    const statement = { application: 'pas', sql, values }
    const reading = await readStatement(statement, application)
    return { ...statement, reading, ...(restrictions && { restrictions }) }
  }
  return {
    engine,
    duckdb,
    inAthena,
    seen,
    application,
    templates,
    work,
    statementOf,
    /** Of a query's example. */
    async exampleOf(name: string, at = 0): Promise<Statement> {
      const query = templates.queries.get(name)
      const example = query?.examples[at]
      if (!query || !example) throw new Error(`${name} has no example ${at}.`)
      const { sql, values } = bind(templates, query, checkInputs(query, example.inputs, application))
      return statementOf(sql, values)
    },
    async close() {
      await engine.close()
      await duckdb.close()
      await rm(work, { recursive: true, force: true })
    },
  }
}

export type Engines = Awaited<ReturnType<typeof openEngines>>

/** Everything may be named; of the rest as much as is said. */
export const restricted = (application: Application, more: Partial<Omit<Restrictions, 'id'>> = {}): Restrictions => ({
  id: '0'.repeat(64),
  tables: application.tables.map(({ name }) => name),
  masks: [],
  rowRules: [],
  ...more,
})
