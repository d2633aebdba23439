import type { CatalogSnapshot } from '@muniment/archive/catalog/port'
import type { QueryEngine } from '@muniment/archive/engine/port'
import { TemplateError } from '@muniment/archive/errors'
import { bind } from '../bind.ts'
import { columnDifferences } from '../compare-columns.ts'
import { didYouMean, findingAt, type JsonFile } from '../json-file.ts'
import type { Templates } from '../port.ts'
import type { SqlNode } from '../sql/tree.ts'
import type { Finding, Query } from '../types.ts'
import { renderSql } from './rendered.ts'
import { tablesIn } from './tables.ts'
import { type Variant, variantsOf } from './variants.ts'

export interface StatementCheck {
  templates: Templates
  query: Query
  source: JsonFile
  nodes: SqlNode[]
  catalog?: CatalogSnapshot | undefined
  engine?: QueryEngine | undefined
}

/** Every way in which a query's SQL can come out, held against the model, the catalog and the engine. */
export async function checkStatements(check: StatementCheck): Promise<Finding[]> {
  // One fault shows in many variants and is told once, by the first of them.
  const found = new Map<string, Finding>()
  for (const variant of variantsOf(check.query, check.nodes, check.templates.application))
    for (const finding of [...checkTables(check, variant), ...(await checkInEngine(check, variant))]) {
      const key = `${finding.file} ${finding.line} ${finding.message}`
      if (!found.has(key)) found.set(key, finding)
    }
  return [...found.values()]
}

// The order is on one line whatever it says, so places are right without it.
const rendered = ({ nodes }: StatementCheck, { given }: Variant) => renderSql(nodes, given, '')

function checkTables(check: StatementCheck, variant: Variant): Finding[] {
  const { templates, query, catalog } = check
  const known = templates.application.tables.map(({ name }) => name)
  const loaded = catalog?.tables.map(({ name }) => name)
  const { sql, lineAt } = rendered(check, variant)
  const findings: Finding[] = []
  for (const { name, offset } of tablesIn(sql)) {
    const place = { file: query.files.sql, line: lineAt(offset) }
    if (!known.includes(name)) {
      const hint = didYouMean(name, known)
      findings.push({ ...place, message: `The model has no table \`${name}\`.`, ...(hint ? { hint } : {}) })
    } else if (loaded && !loaded.includes(name))
      findings.push({
        ...place,
        message: `Nothing was loaded into the table \`${name}\` yet.`,
        hint: 'Ingest it and crawl, then check again.',
      })
  }
  return findings
}

async function checkInEngine(check: StatementCheck, variant: Variant): Promise<Finding[]> {
  const { templates, query, source, engine } = check
  if (!engine) return []
  const options = variant.sort === undefined ? {} : { sort: variant.sort }
  const statement = bind(templates, query, { ...todayFilledIn(query), ...variant.inputs }, options)
  try {
    const columns = await engine.prepare(statement)
    return columnDifferences(query, columns).map(({ index, message }) =>
      findingAt(source, index === undefined ? ['columns'] : ['columns', index], message),
    )
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error
    const { line, hint } = error.detail
    const { lineOf } = rendered(check, variant)
    return [
      {
        file: query.files.sql,
        line: typeof line === 'number' ? lineOf(line) : 1,
        message: variant.title === '' ? error.message : `${error.message} (${variant.title})`,
        ...(typeof hint === 'string' ? { hint } : {}),
      },
    ]
  }
}

/** A default of `today` is put in when inputs are checked, which samples are not. */
const todayFilledIn = (query: Query) =>
  Object.fromEntries(
    query.parameters
      .filter((one) => one.default === 'today')
      .map(({ name }) => [name, new Date().toISOString().slice(0, 10)]),
  )
