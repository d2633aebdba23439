import { rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { portError, startServer } from '@muniment/api/server'
import { checkMayListen, secretsOf } from '@muniment/api/sign-in/open'
import { readRules } from '@muniment/archive/access/versions'
import { createLocalCatalog } from '@muniment/archive/catalog/local-catalog'
import { OperatorError } from '@muniment/archive/errors'
import { type Home, openHome } from '@muniment/archive/home'
import { createLog } from '@muniment/archive/log'
import { loadApplication } from '@muniment/archive/model/load'
import { ingest } from '@muniment/ingest/ingest'
import { progressBar } from '@muniment/ingest/progress-bar'
import { anchorPolicies } from '@muniment/ingest/sample/pas/anchors'
import { generatePas } from '@muniment/ingest/sample/pas/generate'
import { lackedColumns } from '../lacked-columns.ts'
import { withAudit } from '../logged.ts'
import { loggedLoad } from '../logged-load.ts'
import { resolveHoldsTold } from '../resolve-holds.ts'
import { checkWitness, readSettings, type Settings } from '../settings.ts'
import { readTimeStamps } from '../time-stamps.ts'

const SAMPLE_POLICIES = 50_000
const SAMPLE_SEED = 1

export async function start(options: { port?: string; sample?: string | true }) {
  const settings = readSettings(options)
  const policies = readPolicies(options.sample)
  // Before minutes of preparation, not after them.
  await requireFreePort(settings.port, settings.signIn.host)
  if (settings.witness !== undefined) checkWitness(settings.witness)
  const timeStamps = await readTimeStamps(settings)
  const home = await openHome(settings.home, { mode: 'owner' })
  let server: Awaited<ReturnType<typeof startServer>>
  try {
    await checkMayListen(settings.signIn, secretsOf(home))
    if (policies) await prepareSample(home, settings, policies)
    // A person at a terminal reads one line; whoever collects logs gets them from standard error.
    const log = createLog('api', process.stderr.isTTY ? { file: join(home.work, 'server.log') } : {})
    const { timeStamps: _, ...others } = settings
    server = await startServer({ ...others, home, log, ...(timeStamps && { timeStamps }) })
  } catch (error) {
    await home.close()
    throw error
  }
  let closing = false
  const stop = async () => {
    if (closing) process.exit(130)
    closing = true
    await server.close()
    await home.close()
    process.exit(0)
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop())

  console.log(`Muniment is ready: ${server.url}`)
  if (!(await readRules(home.store)))
    console.log('Nobody sees anything yet: put the first access rules in force with npx muniment access begin FILE')
  if (settings.witness !== undefined) console.log(`Each checkpoint of the audit log is handed to ${settings.witness}`)
  if (timeStamps) console.log(`Checkpoints of the audit log are time-stamped by ${timeStamps.address}`)
}

function readPolicies(option: string | true | undefined): number | undefined {
  if (option === undefined || option === true) return option && SAMPLE_POLICIES
  const policies = Number(option)
  if (Number.isInteger(policies) && policies >= anchorPolicies) return policies
  throw new OperatorError(`--sample ${option}: give a whole number of policies, ${anchorPolicies} or more.`)
}

/** Generates and loads the sample unless something was loaded before; a half-made one is taken up where it stopped. */
async function prepareSample(home: Home, { templatesRoot }: Settings, policies: number) {
  const catalog = createLocalCatalog({ store: home.store, home, templatesRoot })
  const before = await catalog.read('pas')
  if (before) {
    const lacked = lackedColumns(await loadApplication(templatesRoot, 'pas'), before)
    if (lacked.length > 0)
      console.log(
        `The sample was loaded before its model had ${lacked.join(', ')}: searches that read this will fail. ` +
          `For a new sample stop, remove the data folder ${home.path}, and start again.`,
      )
    return
  }
  const delivery = join(home.work, 'sample', `pas-${policies}-${SAMPLE_SEED}`)
  console.log(`Generating the sample system pas: ${policies.toLocaleString('en')} policies ...`)
  await rm(delivery, { recursive: true, force: true })
  await generatePas({ policies, seed: SAMPLE_SEED, out: delivery, workers: cpus().length })
  console.log('Loading it into the archive ...')
  const progress = progressBar()
  try {
    const outcome = await withAudit(home, (audit) =>
      loggedLoad(audit, 'pas', (sealed) =>
        ingest({
          home,
          application: 'pas',
          templatesRoot,
          from: delivery,
          onProgress: progress.update,
          sealed,
        }),
      ),
    )
    if (outcome.state === 'refused') throw new OperatorError(`The sample was refused; the report is ${outcome.report}.`)
  } finally {
    progress.stop()
  }
  await catalog.crawl('pas')
  const told = await withAudit(home, (audit) => resolveHoldsTold({ home, catalog, audit, templatesRoot }, 'pas'))
  if (told !== undefined) console.log(told)
  await rm(delivery, { recursive: true, force: true })
}

async function requireFreePort(port: number, host: string) {
  if (port === 0) return
  await new Promise<void>((resolve, reject) => {
    const probe = createServer()
    probe.once('error', (error) => reject(portError(port, error)))
    probe.listen(port, host, () => probe.close(() => resolve()))
  })
}
