import { randomBytes } from 'node:crypto'
import { createApp } from '@muniment/api/app'
import type { Estimate, Export, Problem, Search } from '@muniment/api/contract'
import type { AppDeps } from '@muniment/api/deps'
import { type Governance, openGovernance } from '@muniment/api/governance'
import { type Purposes, readPurposes } from '@muniment/api/purposes'
import { actorOf } from '@muniment/api/shared/acting'
import { purposeEntry } from '@muniment/api/shared/purposes'
import { eachOnce, recordsAbout } from '@muniment/api/shared/records-about'
import { createResults, type PanelResult } from '@muniment/api/shared/results'
import { createSearchRecords } from '@muniment/api/shared/search-records'
import { seenRecords } from '@muniment/api/shared/seen-records'
import { sampleRules } from '@muniment/archive/access/sample-rules'
import { closest } from '@muniment/archive/did-you-mean'
import { InputError, OperatorError } from '@muniment/archive/errors'
import type { Identity } from '@muniment/archive/identity/port'
import { createLog } from '@muniment/archive/log'
import { createTemplateLibrary } from '@muniment/query-templates/library'
import type { Inputs } from '@muniment/query-templates/types'
import { actingIdentity } from '../acting-person.ts'
import { byCommandLine } from '../by-command-line.ts'
import { demonstrates } from '../demonstrates.ts'
import { type Embedded, withEmbedded } from '../embedded.ts'
import { readableRows } from '../panel-rows.ts'
import { printEstimate } from '../print-estimate.ts'
import { printTable } from '../print-table.ts'
import { printable, printableLines } from '../printable.ts'
import { readSettings } from '../settings.ts'
import { type Stated, statedPurpose } from '../stated-purpose.ts'
import { inputLines, refusedInputs } from '../use-case-inputs.ts'

interface Options extends Stated {
  input: string[]
  panel?: string
  format: 'table' | 'json' | 'csv'
  /** Print what it would read at most, and run nothing. */
  estimate?: boolean
}

const WAIT_SECONDS = 25
const clock = () => new Date()
const ORIGIN = 'http://localhost'

/** Goes through the API's own application, so that a search from a script is recorded and limited as one from the browser is. */
export async function search(application: string, useCase: string, options: Options) {
  await withEmbedded(async (embedded) => {
    const identity = await actingIdentity()
    const log = createLog('cli', { level: 'silent' })
    const opened = await openGovernance({ home: embedded.home, clock, process: 'command', log })
    const governance = { ...opened, audit: byCommandLine(opened.audit) }
    const isDemonstration = await demonstrates(embedded)
    if (isDemonstration) await governance.begin(sampleRules, { by: 'sample', reason: 'Rules of the sample people' })
    const purposes = await readPurposes(embedded.home.path)
    const { access, audit } = governance
    const ask = askThrough(embedded, { identity, log, access, audit, ...forApp(purposes) })
    const inputs = readInputs(options.input)
    if (options.estimate) {
      const told = await refusalInWords(embedded, { application, useCase }, () =>
        ask<Estimate>('POST', '/api/searches/estimate', { application, useCase, inputs }),
      )
      printEstimate(told, options.format)
      return governance.close()
    }
    const started = await startSearch(ask, embedded, {
      application,
      useCase,
      inputs,
      purpose: statedPurpose(options, purposes, isDemonstration),
    })
    const found = await ended(started, () => ask<Search>('GET', `/api/searches/${started.id}`))
    if (options.format === 'csv') await printCsv(ask, found, options.panel)
    else await printRows(embedded, found, options, seenBy(embedded, governance, identity))
    const failed = found.panels.filter(({ state }) => state !== 'done' && state !== 'left-out')
    for (const sentence of withheldFrom(found)) console.error(printable(`muniment: ${sentence}`))
    for (const { title, notice } of found.panels) if (notice) console.error(printable(`muniment: ${title}: ${notice}`))
    for (const { title, problem } of failed)
      console.error(printable(`muniment: ${title}: ${problem?.detail ?? 'did not end'}`))
    if (failed.length > 0) process.exitCode = 1
    await governance.close()
  })
}

const forApp = ({ reasons, requests }: Purposes) => ({ purposes: reasons, requestReference: requests })

const startSearch = (
  ask: Ask,
  embedded: Embedded,
  body: { application: string; useCase: string; inputs: Inputs; purpose: unknown },
) => refusalInWords(embedded, body, () => ask<Search>('POST', '/api/searches', body))

/** What cannot be used is said by the names that are typed here, and what there is to type. */
async function refusalInWords<T>(
  { settings }: Embedded,
  asked: { application: string; useCase: string },
  act: () => Promise<T>,
): Promise<T> {
  try {
    return await act()
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    const templates = await createTemplateLibrary(settings.templatesRoot)
      .get(asked.application)
      .catch(() => undefined)
    const useCase = templates?.useCases.get(asked.useCase)
    const names = Object.keys(error.fields)
    const ofInputs = names.length > 0 && !names.some((name) => name.startsWith('purpose'))
    if (!templates || !useCase || !ofInputs) throw error
    const inputs = inputLines(templates, useCase).join('\n')
    throw new InputError(
      `${refusedInputs(useCase, error.fields)}\nThe inputs of ${asked.useCase}:\n${inputs}`,
      error.fields,
    )
  }
}

/** The help of one use case: its inputs. Needs no archive. */
export async function searchHelp(application: string, name: string): Promise<void> {
  const templates = await createTemplateLibrary(readSettings().templatesRoot).get(application)
  const useCase = templates.useCases.get(name)
  if (!useCase) {
    const near = closest(name, templates.useCases.keys())
    const meant =
      near === undefined ? `There are: ${[...templates.useCases.keys()].join(', ')}.` : `Did you mean ${near}?`
    throw new InputError(`There is no use case ${name} in ${application}. ${meant}`)
  }
  const panels = useCase.panels.map((panel) => `  ${panel.name}  ${panel.title}`)
  const lines = [
    `${useCase.title}: ${useCase.description}`,
    'Inputs (--input name=value):',
    ...inputLines(templates, useCase),
  ]
  console.log(printableLines([...lines, 'Panels (--panel name):', ...panels].join('\n')))
}

type Ask = <T>(method: 'GET' | 'POST', path: string, body?: unknown) => Promise<T>

function askThrough(
  { settings, home, catalog, engine }: Embedded,
  parts: Pick<AppDeps, 'identity' | 'access' | 'audit' | 'log' | 'purposes' | 'requestReference'>,
): Ask & { raw(path: string): Promise<Response> } {
  const app = createApp({
    store: home.store,
    engine,
    catalog,
    templates: createTemplateLibrary(settings.templatesRoot),
    ...parts,
    clock,
    work: home.work,
    secret: randomBytes(32),
  })
  const raw = async (path: string) => app.request(`${ORIGIN}${path}`)
  const ask: Ask = async <T>(method: string, path: string, body?: unknown) => {
    const headers = { 'content-type': 'application/json', prefer: `wait=${WAIT_SECONDS}` }
    const answer = await app.request(`${ORIGIN}${path}`, {
      method,
      headers,
      ...(body ? { body: JSON.stringify(body) } : {}),
    })
    if (answer.ok) return (await answer.json()) as T
    const problem = (await answer.json()) as Problem
    throw new InputError(problem.detail, problem.fields)
  }
  return Object.assign(ask, { raw })
}

/** What the person's role does not see, so that "nothing found" is not taken for "nothing there". */
function withheldFrom({ inForce, panels }: Search): string[] {
  const leftOut = panels.flatMap(({ title, lacks }) =>
    lacks ? [`${title} is left out: your role lacks ${lacks.map((domain) => domain.title).join(', ')}.`] : [],
  )
  const masks = inForce.masks.map(
    ({ title, columns }) => `masked in ${title}: ${columns.map(({ label }) => label).join(', ')}.`,
  )
  return [...leftOut, ...masks, ...inForce.rowRules.map(({ title }) => `rows left out: ${title}.`)]
}

/** `name=value`, the same name again for a list. */
function readInputs(pairs: string[]): Inputs {
  const inputs: Inputs = {}
  for (const pair of pairs) {
    const equals = pair.indexOf('=')
    if (equals < 1) throw new InputError(`--input takes name=value; "${pair}" has no name or no "=".`)
    const [name, value] = [pair.slice(0, equals), pair.slice(equals + 1)]
    const before = inputs[name]
    inputs[name] = before === undefined ? value : [...(Array.isArray(before) ? before : [before]), value]
  }
  return inputs
}

const runs = ({ state }: { state: string }) => state === 'queued' || state === 'running'

async function ended<T extends { state: string }>(first: T, look: () => Promise<T>): Promise<T> {
  let now = first
  while (runs(now)) {
    await new Promise((resolve) => setTimeout(resolve, 100))
    now = await look()
  }
  return now
}

type Seen = (found: Search, panel: string, result: PanelResult) => Promise<void>

/** What is printed is in the log before it is, as a page in the browser is. */
function seenBy({ settings, home }: Embedded, { access, audit }: Governance, identity: Identity): Seen {
  return async ({ id, application, useCase, purpose }, panel, { columns, rows }) => {
    const person = await identity.authenticate(new Request(ORIGIN))
    if (!person) throw new OperatorError('Nobody is named any more: the token has expired.')
    const templates = await createTemplateLibrary(settings.templatesRoot).get(application)
    const search = (await createSearchRecords(home.store).read(id))?.record
    const recorded = search?.panels.find(({ name }) => name === panel)
    const actor = actorOf({ person, rights: await access.rightsOf(person) })
    const about = search && recorded ? recordsAbout(templates, search, recorded, rows.length) : []
    const records = eachOnce([...seenRecords(columns, rows, templates.application), ...about])
    await audit.note(
      {
        action: 'page',
        actor,
        purpose: purposeEntry(purpose),
        subject: { search: id, application, useCase, panel, by: 'command' },
      },
      { outcome: 'done', rows: rows.length, records },
    )
  }
}

async function printRows({ home, settings }: Embedded, found: Search, { panel: wanted, format }: Options, seen: Seen) {
  const results = createResults(home.store, 0)
  const chosen = panelsOf(found, wanted)
  const panels = await Promise.all(
    chosen.map(async ({ name, title, more = false, notice, inputs = {}, inputsRead = [] }) => {
      const result = await results.read(found.id, name)
      if (result) await seen(found, name, result)
      const names = result?.columns.map((column) => column.name) ?? []
      const rows = (result?.rows ?? []).map((row) =>
        Object.fromEntries(names.map((key, index) => [key, row[index] ?? null])),
      )
      return { name, title, inputs, inputsRead, rows, more, ...(notice !== undefined && { notice }) }
    }),
  )
  if (format === 'json') return console.log(JSON.stringify({ search: found.id, state: found.state, panels }))
  const templates = await createTemplateLibrary(settings.templatesRoot).get(found.application)
  const done = panels.filter(({ name }) => found.panels.some((one) => one.name === name && one.state === 'done'))
  for (const [index, { name, title, rows, more, inputsRead }] of done.entries()) {
    if (index > 0) console.log('')
    const count = rows.length === 1 ? '1 row' : `${rows.length.toLocaleString('en')} rows`
    console.log(printable(`${title}: ${rows.length === 0 ? 'nothing found' : count}${more ? ' and more' : ''}`))
    if (inputsRead.length > 0) console.log(printable(inputsRead.map(readInput).join('; ')))
    printTable(readableRows(templates, found.useCase, name, rows))
  }
}

const readInput = ({ label, value, fixed }: { label: string; value: string; fixed: boolean }): string =>
  `${label}: ${value}${fixed ? ' (fixed by the use case)' : ''}`

/** The whole result, through an export, so that cells are as safe as in any other CSV that leaves the archive. */
async function printCsv(ask: ReturnType<typeof askThrough>, found: Search, wanted: string | undefined) {
  const [panel, ...others] = panelsOf(found, wanted)
  if (others.length > 0)
    console.error(
      printable(
        `muniment: CSV holds one panel, and this is ${panel?.name}; --panel chooses another: ${others.map(({ name }) => name).join(', ')}.`,
      ),
    )
  const begun = await ask<Export>('POST', `/api/searches/${found.id}/exports`, { panel: panel?.name, format: 'csv' })
  const done = await ended(begun, () => ask<Export>('GET', `/api/exports/${begun.id}`))
  if (done.state !== 'done') throw new InputError(done.problem?.detail ?? 'The export did not end.')
  const address = (await ask.raw(`/api/exports/${done.id}/file`)).headers.get('location') ?? ''
  const file = await ask.raw(new URL(address, ORIGIN).pathname + new URL(address, ORIGIN).search)
  if (!file.ok || !file.body) throw new InputError('The exported file is not there any more; run the search again.')
  for await (const chunk of file.body) process.stdout.write(chunk)
}

function panelsOf(found: Search, wanted: string | undefined): Search['panels'] {
  const panels = wanted ? found.panels.filter(({ name }) => name === wanted) : found.panels
  if (panels.length > 0) return panels
  throw new InputError(`There is no panel "${wanted}"; there is ${found.panels.map(({ name }) => name).join(', ')}.`)
}
