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
  // One fault shows in many variants and is told once, by the first of them.
  const found = new Map<string, Finding>()
  for (const variant of variantsOf(check.query, check.nodes, check.templates.application))
    for (const finding of await checkVariant(check, variant)) {
      const key = `${finding.file} ${finding.line} ${finding.column} ${finding.message}`
      if (!found.has(key)) found.set(key, finding)
    }
  return [...found.values()]
}

/** What dialect and engine say of a place in the rendered SQL. */
interface Said {
  line?: number | undefined
  column?: number | undefined
  message: string
  hint?: string | undefined
}

async function checkVariant(check: StatementCheck, variant: Variant): Promise<Finding[]> {
  const { templates, query, source, engine, catalog } = check
  const options = variant.sort === undefined ? {} : { sort: variant.sort }
  const statement = bind(templates, query, { ...todayFilledIn(query), ...variant.inputs }, options)
  const said: Said[] = await checkStatement(statement.sql, {
    application: templates.application,
    parameters: statement.values.map(({ type }) => type),
    ...(catalog ? { catalogTables: catalog.tables } : {}),
  })
  if (said.length > 0 || !engine) return said.map((one) => inTemplate(check, variant, one))
  try {
    const columns = await engine.prepare(statement)
    return columnDifferences(query, columns).map(({ index, message }) =>
      findingAt(source, index === undefined ? ['columns'] : ['columns', index], message),
    )
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error
    const { line, column, hint } = error.detail
    // The error's own message says place and hint too, which a finding has beside it.
    const bare = text(error.detail.message) ?? error.message
    const message = variant.title === '' ? bare : `${bare} (${variant.title})`
    return [inTemplate(check, variant, { line: number(line), column: number(column), message, hint: text(hint) })]
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
