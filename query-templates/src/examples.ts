import { atMost } from '@muniment/archive/catalog/at-most'
import type { Execution, QueryEngine, ResultColumn, Row, Statement } from '@muniment/archive/engine/port'
import { InputError, TemplateError } from '@muniment/archive/errors'
import { type BindOptions, bind } from './bind.ts'
import { orderKeys } from './check/order.ts'
import { compareColumns } from './compare-columns.ts'
import { checkInputs } from './inputs.ts'
import { findingAt } from './json-file.ts'
import { panelInputs } from './panel-inputs.ts'
import type { Templates } from './port.ts'
import type { Example, Expectation, Finding, Inputs, Query, UseCase, UseCaseExample } from './types.ts'

export interface ExampleResult {
  columns: ResultColumn[]
  rows: Row[]
}

/** Runs a statement to its end; throws when the engine does not succeed. */
export type RunStatement = (statement: Statement) => Promise<ExampleResult>

export interface CheckExamplesOptions {
  /** Only these queries, and no use cases. */
  queries?: string[]
  /** Text of each query.json, for lines in findings. */
  sources?: Map<string, { file: string; text: string }>
  /** Examples that run at one time; 1 unless said. */
  atOnce?: number
  onExample?: (of: Query | UseCase, example: Example | UseCaseExample, findings: Finding[]) => void
}

/** Runs every example of queries and use cases with the engine behind `run` and compares what comes with what is expected. */
export async function checkExamples(
  templates: Templates,
  run: RunStatement,
  { queries, sources, atOnce = 1, onExample }: CheckExamplesOptions = {},
): Promise<Finding[]> {
  const work: (() => Promise<Finding[]>)[] = []
  for (const query of templates.queries.values()) {
    if (queries && !queries.includes(query.name)) continue
    for (const [index, example] of query.examples.entries()) {
      work.push(async () => {
        const source = sources?.get(query.name)
        const messages = await runExample(templates, query, example, run)
        const findings = messages.map((message) => {
          const text = `The example \`${example.title}\`: ${message}`
          return source ? findingAt(source, ['examples', index], text) : { file: query.files.json, message: text }
        })
        onExample?.(query, example, findings)
        return findings
      })
    }
  }
  for (const useCase of queries ? [] : templates.useCases.values())
    for (const example of useCase.examples)
      work.push(async () => {
        const messages = await runUseCase(templates, useCase, example, run)
        const text = (message: string) => `The example \`${example.title}\`: ${message}`
        const findings = messages.map((message) => ({ file: useCase.file, message: text(message) }))
        onExample?.(useCase, example, findings)
        return findings
      })
  const found: Finding[][] = []
  await atMost(atOnce, work.entries(), async ([place, example]) => {
    found[place] = await example()
  })
  return found.flat()
}

/** A way to run statements for `checkExamples`: up to 10,000 rows, as a panel keeps. `onEnd` is told how each ended. */
export function runWith(
  engine: QueryEngine,
  timeLimit = 60_000,
  onEnd: (of: Execution) => void = () => {},
): RunStatement {
  return async (statement) => {
    const token = `example-${crypto.randomUUID()}`
    const options = { token, lane: 'search', person: 'examples', timeLimit, rowLimit: 10_000 } as const
    const id = await engine.start(statement, options)
    let execution = await engine.status(id)
    while (execution.state === 'QUEUED' || execution.state === 'RUNNING') execution = await engine.wait(id, 1000)
    onEnd(execution)
    if (execution.state !== 'SUCCEEDED' || !execution.result)
      throw new TemplateError(execution.error?.message ?? `The engine says ${execution.state}.`)
    const rows: Row[] = []
    for await (const batch of engine.rows(id)) rows.push(...batch)
    return { columns: execution.result.columns, rows }
  }
}

const runExample = (templates: Templates, query: Query, example: Example, run: RunStatement): Promise<string[]> =>
  told(() => runQuery(templates, query, checkInputs(query, example.inputs, templates.application), example.expect, run))

/** Each panel of which something is expected, bound as a search binds it. */
function runUseCase(
  templates: Templates,
  useCase: UseCase,
  { inputs, expect }: UseCaseExample,
  run: RunStatement,
): Promise<string[]> {
  return told(async () => {
    const { application } = templates
    const checked = checkInputs(useCase, inputs, application)
    const messages: string[] = []
    for (const panel of useCase.panels) {
      const expected = expect[panel.name]
      const query = templates.queries.get(panel.query)
      if (!expected || !query) continue
      const bound = panelInputs(query, panel, checked, application)
      const options = panel.sort === undefined ? {} : { sort: panel.sort }
      const said = await told(() => runQuery(templates, query, bound, expected, run, options))
      messages.push(...said.map((message) => `the panel ${panel.name}: ${message}`))
    }
    return messages
  })
}

async function runQuery(
  templates: Templates,
  query: Query,
  inputs: Inputs,
  expected: Expectation,
  run: RunStatement,
  options: BindOptions = {},
): Promise<string[]> {
  const statement = bind(templates, query, inputs, options)
  const result = await run(statement)
  return [
    ...compareColumns(query, result.columns).map(({ message }) => message),
    ...compareRows(expected, result),
    ...compareOrder(statement.sql, result),
  ]
}

async function told(work: () => Promise<string[]>): Promise<string[]> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof InputError || error instanceof TemplateError) return [error.message]
    return [`It could not be run: ${error instanceof Error ? error.message : String(error)}`]
  }
}

type NamedRow = Record<string, string | null>

function compareRows(expect: Expectation, { columns, rows }: ExampleResult): string[] {
  const messages: string[] = []
  const named = rows.map((row) => Object.fromEntries(columns.map(({ name }, at) => [name, row[at] ?? null])))
  if (expect.rows !== undefined && rows.length !== expect.rows)
    messages.push(`${expect.rows} rows are expected, ${rows.length} came.`)
  if (expect.atLeast !== undefined && rows.length < expect.atLeast)
    messages.push(`At least ${expect.atLeast} rows are expected, ${rows.length} came.`)
  for (const [index, first] of (expect.first ?? []).entries()) {
    const difference = differenceOf(first, named[index])
    if (difference) messages.push(`Row ${index + 1}: ${difference}`)
  }
  const { includes } = expect
  if (includes && !named.some((row) => differenceOf(includes, row) === undefined))
    messages.push(`No row has ${spelt(includes)}.`)
  return messages
}

function differenceOf(expected: NamedRow, actual: NamedRow | undefined): string | undefined {
  if (!actual) return `${spelt(expected)} is expected, but there is no such row.`
  for (const [name, value] of Object.entries(expected))
    if (actual[name] !== value)
      return `${name} is expected to be ${JSON.stringify(value)}, but is ${JSON.stringify(actual[name])}.`
  return undefined
}

const spelt = (row: NamedRow) =>
  Object.entries(row)
    .map(([name, value]) => `${name} ${JSON.stringify(value)}`)
    .join(', ')

/** Where the order is by columns of the result, no two rows may be alike in all of them: pages would not come out the same twice. */
function compareOrder(sql: string, { columns, rows }: ExampleResult): string[] {
  const keys = orderKeys(sql)
  const places = keys?.map((key) => columns.findIndex(({ name }) => name === key))
  if (!places || places.includes(-1)) return []
  const seen = new Set<string>()
  for (const row of rows) {
    const key = JSON.stringify(places.map((place) => row[place]))
    if (seen.has(key)) return [`Rows tie in ORDER BY ${keys?.join(', ')}: add a key that tells them apart.`]
    seen.add(key)
  }
  return []
}
