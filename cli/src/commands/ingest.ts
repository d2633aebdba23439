import { createLocalCatalog } from '@muniment/archive/catalog/local-catalog'
import { type Home, openHome } from '@muniment/archive/home'
import { ingest } from '@muniment/ingest/ingest'
import { progressBar } from '@muniment/ingest/progress-bar'
import { withAudit } from '../logged.ts'
import { loggedLoad } from '../logged-load.ts'
import { printable } from '../printable.ts'
import { resolveHoldsTold } from '../resolve-holds.ts'
import { readSettings, requireFolder } from '../settings.ts'

interface Options {
  application: string
  from: string
  acceptWithoutManifest?: boolean
  json?: boolean
}

export async function ingestCommand(options: Options) {
  const { home: path, templatesRoot } = readSettings()
  const from = requireFolder(options.from, 'name the folder that holds the delivery in --from')
  const home = await openHome(path, { mode: 'auto' })
  const progress = progressBar({ silent: options.json === true })
  try {
    const outcome = await withAudit(home, (audit) =>
      loggedLoad(audit, options.application, (sealed) =>
        ingest({
          home,
          application: options.application,
          templatesRoot,
          from,
          acceptWithoutManifest: options.acceptWithoutManifest === true,
          onProgress: progress.update,
          sealed,
        }),
      ),
    )
    progress.stop()
    if (outcome.state !== 'refused') {
      const catalog = createLocalCatalog({ store: home.store, home, templatesRoot })
      await catalog.crawl(options.application)
      const told = await withAudit(home, (audit) =>
        resolveHoldsTold({ home, catalog, audit, templatesRoot }, options.application),
      )
      // Beside what is read by programs.
      if (told !== undefined) console.error(told)
    }
    if (options.json) console.log(JSON.stringify(outcome))
    else tell(outcome, await readFindings(home, outcome.report))
    process.exitCode = outcome.state === 'refused' ? 1 : 0
  } finally {
    progress.stop()
    await home.close()
  }
}

type Outcome = Awaited<ReturnType<typeof ingest>>

/** One kind of deviation of one table, as the report counts it. */
interface Finding {
  kind: string
  table?: string
  columns?: string[]
  count: number
  message: string
  accepted: boolean
}

async function readFindings({ store }: Home, report: string): Promise<Finding[]> {
  const stored = await store.get(report)
  return stored ? (JSON.parse(stored.body.toString('utf8')) as { findings: Finding[] }).findings : []
}

const number = (value: number) => value.toLocaleString('en')

function tell(outcome: Outcome, findings: Finding[]) {
  const tables = Object.values(outcome.tables)
  const written = number(tables.reduce((sum, table) => sum + table.written, 0))
  const accepted = findings.filter((finding) => finding.accepted)
  const refused = findings.filter((finding) => !finding.accepted)
  if (outcome.state === 'unchanged') console.log(`Nothing to do: this delivery is load ${outcome.load} already.`)
  for (const line of [...earlierModelLines(outcome), ...laterManifestLines(outcome)]) console.log(line)
  if (outcome.state === 'committed')
    console.log(`Load ${outcome.load}: ${written} rows in ${tables.length} tables, reconciled.`)
  if (outcome.state === 'refused') {
    if (!outcome.laterManifest) console.log('Refused, and nothing of it is visible. What is in the way:')
    for (const finding of refused) console.log(`  ${summary(finding)}`)
    console.log('For example:')
    for (const { file, line, column, kind, message } of examples(outcome)) {
      const place = [file, line, column].filter((part) => part !== undefined).join(':')
      console.log(printable(`  ${place ? `${place}: ` : ''}${kind}: ${message}`))
    }
    console.log('Whoever made the delivery mends them, or the model accepts them by a rule with its justification.')
  }
  if (accepted.length > 0) {
    console.log('Accepted by rules of the model:')
    for (const finding of accepted) console.log(`  ${summary(finding)}`)
  }
  console.log(`Report: ${outcome.report}`)
}

/** That a manifest came later than its files, and what became of it. */
export function laterManifestLines({ state, laterManifest }: Pick<Outcome, 'state' | 'laterManifest'>): string[] {
  if (!laterManifest) return []
  const loads = `load${laterManifest.loads.length > 1 ? 's' : ''} ${laterManifest.loads.join(', ')}`
  return [
    state === 'refused'
      ? `The manifest came after ${loads}, and does not agree with what was loaded. The records stay as they are. What does not agree:`
      : `Its manifest came later, agrees with what was read then, and is filed with ${loads}: ${laterManifest.key}`,
  ]
}

/** That files were not loaded again although the model has changed, what has, and what can be done. */
export function earlierModelLines({ earlierModel = [] }: Pick<Outcome, 'earlierModel'>): string[] {
  if (earlierModel.length === 0) return []
  const lines = earlierModel.flatMap(({ load, loadedAt, tables }) => [
    `But the model has changed since load ${load} of ${loadedAt.slice(0, 10)} brought these files:`,
    ...(tables?.map(({ table, changes }) => `  ${table}: ${changes.join('; ')}`) ?? [
      '  That load kept no model to compare with: the change may matter for the records, or only be one of words.',
    ]),
  ])
  return [
    ...lines,
    'The records stay as they were loaded. To have them by the model of today, load the delivery into a new data folder',
    '(MUNIMENT_HOME); docs/ingest.md says how, under "When the model has changed".',
  ].map(printable)
}

const summary = ({ kind, table, columns = [], count, message }: Finding) =>
  printable(
    `${number(count)} x ${kind}${table ? ` in ${[table, columns.join(', ')].filter(Boolean).join('.')}` : ''}: ${message}`,
  )

/** Of each kind, table and column the first three, so that a frequent one hides no rare one. */
function examples({ deviations }: Outcome) {
  const seen = new Map<string, number>()
  return deviations.filter(({ accepted, kind, table, column }) => {
    const group = `${kind} ${table} ${column}`
    const count = (seen.get(group) ?? 0) + 1
    seen.set(group, count)
    return !accepted && count <= 3
  })
}
