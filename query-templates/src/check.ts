import { basename } from 'node:path'
import { TemplateError } from '@muniment/archive/errors'
import { linkProblems, targetProblems } from './check/links.ts'
import { checkQueryFile } from './check/query-file.ts'
import { checkStatements } from './check/statements.ts'
import { checkUseCaseFile } from './check/use-case-file.ts'
import { findingAt, type JsonFile } from './json-file.ts'
import { readTemplates } from './load.ts'
import type { CheckOptions, CheckTemplates, Templates } from './port.ts'
import { examineSql } from './sql/compile.ts'
import type { Finding, Query } from './types.ts'
import { examineView } from './view/check.ts'
import type { ViewLink } from './view/reading.ts'

/**
 * All findings about an application's model, queries, views and use cases. Without `catalog` and `engine` it says what files alone can
 * tell; the engine's own findings come for queries that are within the language.
 */
export const checkTemplates: CheckTemplates = async (root, application, options = {}) => {
  try {
    const { templates, files, findings } = await readTemplates(root, application)
    const all = [...findings]
    for (const [name, query] of templates.queries) {
      const source = files.querySources.get(name)
      if (source) all.push(...(await checkQuery(templates, query, source, options)))
    }
    for (const useCase of files.useCases) all.push(...checkUseCaseFile(templates, useCase))
    return sorted(all)
  } catch (error) {
    const found = modelFindings(root, error)
    if (!found) throw error
    return found
  }
}

async function checkQuery(
  templates: Templates,
  query: Query,
  source: JsonFile,
  { catalog, engine }: CheckOptions,
): Promise<Finding[]> {
  const { nodes, findings } = examineSql(query)
  const view = examineView(query)
  const file = checkQueryFile(query, source, templates.application)
  const statements =
    findings.length === 0 && file.length === 0
      ? await checkStatements({ templates, query, source, nodes, catalog, engine })
      : []
  return [...file, ...checkLinks(templates, query, source, view.links), ...findings, ...statements, ...view.findings]
}

function checkLinks(templates: Templates, query: Query, source: JsonFile, links: ViewLink[]): Finding[] {
  const columns = query.columns.map(({ name }) => name)
  const findings: Finding[] = []
  for (const [index, { link }] of query.columns.entries())
    if (link)
      for (const { path, message, hint } of linkProblems(templates, link, columns))
        findings.push(findingAt(source, ['columns', index, 'link', ...path], message, hint))
  for (const { useCase, inputs, line, column } of links)
    for (const { message, hint } of targetProblems(templates, useCase, inputs))
      findings.push({ file: query.files.view, line, column, message, ...(hint ? { hint } : {}) })
  return findings
}

/** A broken model is told by its own findings, and nothing can be said about templates without it. */
function modelFindings(root: string, error: unknown): Finding[] | undefined {
  if (!(error instanceof TemplateError) || !Array.isArray(error.detail.findings)) return undefined
  const findings: Finding[] = error.detail.findings
  return findings.map((finding) => ({ ...finding, file: `${basename(root)}/${finding.file}` }))
}

function sorted(findings: Finding[]): Finding[] {
  return findings.sort(
    (a, b) => a.file.localeCompare(b.file) || (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0),
  )
}
