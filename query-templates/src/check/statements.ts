import type { CatalogSnapshot } from '@muniment/archive/catalog/port'
import { checkStatement } from '@muniment/archive/engine/dialect/check'
import type { QueryEngine } from '@muniment/archive/engine/port'
import { TemplateError } from '@muniment/archive/errors'
import { bind } from '../bind.ts'
import { columnDifferences } from '../compare-columns.ts'
import { findingAt, type JsonFile } from '../json-file.ts'
import type { Templates } from '../port.ts'
import type { SqlNode } from '../sql/tree.ts'
import type { Finding, Query } from '../types.ts'
import { renderSql } from './rendered.ts'
import { type Variant, variantsOf } from './variants.ts'

export interface StatementCheck {
  templates: Templates
  query: Query
  source: JsonFile
  nodes: SqlNode[]
  catalog?: CatalogSnapshot | undefined
  engine?: QueryEngine | undefined
}

/** Every way in which a query's SQL can come out, held against the dialect, the model, the catalog and the engine. */
export async function checkStatements(check: StatementCheck): Promise<Finding[]> {
  // One fault shows in many variants and is told once.
  const found = new Map<string, VariantFinding & { title: string; times: number }>()
  const variants = variantsOf(check.query, check.nodes, check.templates.application)
  for (const variant of variants)
    for (const one of await checkVariant(check, variant)) {
      const { file, line, column, message } = one.finding
      const key = `${file} ${line} ${column} ${message}`
      const known = found.get(key)
      if (known) known.times += 1
      else found.set(key, { ...one, title: variant.title, times: 1 })
    }
  return [...found.values()].map(({ finding, byEngine, title, times }) =>
    byEngine && title !== '' && times < variants.length
      ? { ...finding, message: `${finding.message} (${title})` }
      : finding,
  )
}

interface VariantFinding {
  finding: Finding
  /** Then the inputs with which it comes about help to find it. */
  byEngine: boolean
}

/** What dialect and engine say of a place in the rendered SQL. */
interface Said {
  line?: number | undefined
  column?: number | undefined
  message: string
  hint?: string | undefined
}

async function checkVariant(check: StatementCheck, variant: Variant): Promise<VariantFinding[]> {
  const { templates, query, source, engine, catalog } = check
  const options = variant.sort === undefined ? {} : { sort: variant.sort }
  const statement = bind(templates, query, { ...todayFilledIn(query), ...variant.inputs }, options)
  const said: Said[] = await checkStatement(statement.sql, {
    application: templates.application,
    stableOrder: true,
    parameters: statement.values.map(({ type }) => type),
    ...(catalog ? { catalogTables: catalog.tables } : {}),
  })
  if (said.length > 0 || !engine)
    return said.map((one) => ({ finding: inTemplate(check, variant, one), byEngine: false }))
  try {
    const columns = await engine.prepare(statement)
    return columnDifferences(query, columns).map(({ index, message }) => ({
      finding: findingAt(source, index === undefined ? ['columns'] : ['columns', index], message),
      byEngine: false,
    }))
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error
    const { line, column, hint } = error.detail
    // The error's own message says place and hint too, which a finding has beside it.
    const message = text(error.detail.message) ?? error.message
    const place = { line: number(line), column: number(column) }
    return [{ finding: inTemplate(check, variant, { ...place, message, hint: text(hint) }), byEngine: true }]
  }
}

const number = (value: unknown) => (typeof value === 'number' ? value : undefined)
const text = (value: unknown) => (typeof value === 'string' ? value : undefined)

function inTemplate({ query, nodes }: StatementCheck, variant: Variant, said: Said): Finding {
  // A list is `?` here and `?, ?` there, and the order has a text: places behind them in the same line are near, lines are exact.
  const { placeInTemplate } = renderSql(nodes, variant.given, '')
  const { line = 1, column, message, hint } = said
  return { file: query.files.sql, ...placeInTemplate({ line, column }), message, ...(hint ? { hint } : {}) }
}

/** A default of `today` is put in when inputs are checked, which samples are not. */
const todayFilledIn = (query: Query) =>
  Object.fromEntries(
    query.parameters
      .filter((one) => one.default === 'today')
      .map(({ name }) => [name, new Date().toISOString().slice(0, 10)]),
  )
