import { createLocalCatalog } from '@muniment/archive/catalog/local-catalog'
import { openHome } from '@muniment/archive/home'
import { ingest } from '@muniment/ingest/ingest'
import { progressBar } from '@muniment/ingest/progress-bar'
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
    const outcome = await ingest({
      home,
      application: options.application,
      templatesRoot,
      from,
      acceptWithoutManifest: options.acceptWithoutManifest === true,
      onProgress: progress.update,
    })
    progress.stop()
    if (outcome.state !== 'refused') {
      await createLocalCatalog({ store: home.store, home, templatesRoot }).crawl(options.application)
    }
    if (options.json) console.log(JSON.stringify(outcome))
    else tell(outcome)
    process.exitCode = outcome.state === 'refused' ? 1 : 0
  } finally {
    progress.stop()
    await home.close()
  }
}

type Outcome = Awaited<ReturnType<typeof ingest>>

function tell(outcome: Outcome) {
  const tables = Object.values(outcome.tables)
  const written = tables.reduce((sum, table) => sum + table.written, 0).toLocaleString('en')
  if (outcome.state === 'unchanged') console.log(`Nothing to do: this delivery is load ${outcome.load} already.`)
  if (outcome.state === 'committed')
    console.log(`Load ${outcome.load}: ${written} rows in ${tables.length} tables, reconciled.`)
  if (outcome.state === 'refused') {
    console.log(`Refused, and nothing of it is visible. ${outcome.deviations.length} deviations, the first of them:`)
    for (const { file, line, column, kind, message } of outcome.deviations.slice(0, 20)) {
      console.log(`  ${[file, line, column].filter((part) => part !== undefined).join(':')}: ${kind}: ${message}`)
    }
    console.log('Whoever made the delivery mends them, or the model accepts them by a rule with its justification.')
  }
  console.log(`Report: ${outcome.report}`)
}
