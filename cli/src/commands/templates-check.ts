import { NotFoundError } from '@muniment/archive/errors'
import { listApplications } from '@muniment/archive/model/load'
import { checkTemplates } from '@muniment/query-templates/check'
import { checkExamples, runWith } from '@muniment/query-templates/examples'
import { loadTemplates } from '@muniment/query-templates/load'
import type { Finding } from '@muniment/query-templates/types'
import { type Embedded, withEmbedded } from '../embedded.ts'
import { describe } from '../report.ts'
import { readSettings } from '../settings.ts'

interface Options {
  examples?: boolean
  json?: boolean
}

/** Exits with 1 when there are findings. An application without an archive is checked by its files alone, and that is said. */
export async function templatesCheck(name: string | undefined, options: Options) {
  const { templatesRoot } = readSettings()
  const known = await listApplications(templatesRoot)
  if (name && !known.includes(name))
    throw new NotFoundError(`There is no application "${name}" among the templates; there is ${known.join(', ')}.`)

  await withEmbedded(async (embedded) => {
    const checked: Checked[] = []
    for (const application of name ? [name] : known)
      checked.push(await checkOne(embedded, application, options.examples === true))
    const findings = checked.flatMap((one) => one.findings)
    if (options.json) console.log(JSON.stringify({ applications: checked, findings }))
    else for (const one of checked) tell(one)
    process.exitCode = findings.length === 0 ? 0 : 1
  })
}

interface Checked {
  application: string
  queries: number
  useCases: number
  /** Whether there was an archive to prepare the queries against. */
  prepared: boolean
  examplesRun: number
  findings: Finding[]
}

async function checkOne(
  { settings, catalog, engine }: Embedded,
  application: string,
  runExamples: boolean,
): Promise<Checked> {
  const { templatesRoot } = settings
  const snapshot = await catalog.read(application)
  const findings = await checkTemplates(templatesRoot, application, snapshot ? { catalog: snapshot, engine } : {})
  const outcome = { application, queries: 0, useCases: 0, prepared: snapshot !== undefined, examplesRun: 0, findings }
  if (findings.length > 0) return outcome

  const templates = await loadTemplates(templatesRoot, application)
  const counted = { ...outcome, queries: templates.queries.size, useCases: templates.useCases.size }
  if (!runExamples || !snapshot) return counted
  let examplesRun = 0
  const failed = await checkExamples(templates, runWith(engine), { onExample: () => examplesRun++ })
  return { ...counted, examplesRun, findings: failed }
}

function tell({ application, queries, useCases, prepared, examplesRun, findings }: Checked) {
  for (const finding of findings) console.log(describe(finding))
  if (findings.length > 0) return console.log(`${application}: ${findings.length} findings.`)
  const engine = prepared ? 'prepared in the engine' : 'nothing is loaded, so not prepared in the engine'
  const examples = examplesRun > 0 ? `, ${examplesRun} examples as expected` : ''
  console.log(`${application}: ${queries} queries and ${useCases} use cases are in order (${engine}${examples}).`)
}
