import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readStatement } from '@muniment/archive/engine/dialect/check'
import type { QueryEngine } from '@muniment/archive/engine/port'
import { TemplateError } from '@muniment/archive/errors'
import { checkExamples, runWith } from '@muniment/query-templates/examples'
import { loadTemplates } from '@muniment/query-templates/load'
import type { Finding } from '@muniment/query-templates/types'
import type { CloudArchive } from '../cloud.ts'

/** What Athena bills of a query at least. */
const LEAST = 10_000_000
const AT_ONCE = 8
const TIME_LIMIT = 120_000

export interface ExamplesRun {
  examples: number
  /** As billed, 10 MB at least for each statement. */
  bytes: number
  findings: Finding[]
}

/**
 * Runs every example of an application's queries and use cases where people will search, with all rows. Once `bytesAtMost` are read none is
 * begun any more, and what was not run is a finding; those at work then are still read.
 */
export async function runExamples(
  engine: QueryEngine,
  templatesRoot: string,
  application: string,
  bytesAtMost: number,
): Promise<ExamplesRun> {
  const templates = await loadTemplates(templatesRoot, application)
  const ran: ExamplesRun = { examples: 0, bytes: 0, findings: [] }
  const run = runWith(engine, TIME_LIMIT, ({ statistics }) => {
    ran.bytes += Math.max(LEAST, statistics.bytesScanned)
  })
  ran.findings = await checkExamples(
    templates,
    async (statement) => {
      if (ran.bytes >= bytesAtMost)
        throw new TemplateError(`It was not run: the examples before it have read ${bytesAtMost} bytes, the bound.`)
      // What is not published yet has no reading beside it.
      return run({ ...statement, reading: await readStatement(statement, templates.application) })
    },
    { atOnce: AT_ONCE, onExample: () => ran.examples++ },
  )
  return ran
}

/** The engine that answers in this deployment, with the rights of whoever calls. */
export async function withAthena<T>(
  { settings, s3, catalog, loadModel, records }: CloudArchive,
  act: (engine: QueryEngine) => Promise<T>,
): Promise<T> {
  const [{ AthenaClient }, { createAthenaEngine }] = await Promise.all([
    import('@aws-sdk/client-athena'),
    import('@muniment/archive/engine/athena/athena-engine'),
  ])
  const work = await mkdtemp(join(tmpdir(), 'muniment-examples-'))
  const athena = new AthenaClient()
  const { workGroup, database } = settings
  const engine = createAthenaEngine({ athena, s3, workGroup, database, records, catalog, loadModel, work })
  try {
    return await act(engine)
  } finally {
    await engine.close()
    athena.destroy()
    await rm(work, { recursive: true, force: true })
  }
}
