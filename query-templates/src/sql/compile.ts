import { TemplateError } from '@muniment/archive/errors'
import type { Finding, Query } from '../types.ts'
import { parseSql, type SqlProblem } from './parse.ts'
import { checkGuards, checkPlaces, namesUsed, usesSort } from './places.ts'
import { SORT, type SqlNode } from './tree.ts'

const compiled = new WeakMap<Query, SqlNode[]>()

/** The checked tree of a query's SQL; TemplateError with the first finding where it is not within the language. */
export function compileSql(query: Query): SqlNode[] {
  const known = compiled.get(query)
  if (known) return known
  const { nodes, findings } = examineSql(query)
  const [first] = findings
  if (first)
    throw new TemplateError(
      `${first.file}:${first.line}: ${first.message}${findings.length > 1 ? ` (and ${findings.length - 1} more)` : ''}`,
      { detail: { findings } },
    )
  compiled.set(query, nodes)
  return nodes
}

/** Everything that can be said about a query's SQL without an engine. */
export function examineSql(query: Query): { nodes: SqlNode[]; findings: Finding[] } {
  const names = query.parameters.map((parameter) => parameter.name)
  if (query.sql.trim() === '') {
    const message = 'This file is empty: it holds the SELECT of the query.'
    return { nodes: [], findings: [{ file: query.files.sql, line: 1, column: 1, message }] }
  }
  const { nodes, problems } = parseSql(query.sql, names)
  const all: SqlProblem[] = [...problems]
  // Places and guards of a tree with holes in it would only echo the first fault.
  if (problems.length === 0) {
    all.push(...checkPlaces(nodes, query.parameters), ...checkGuards(nodes, query.parameters))
  }
  if (all.length === 0) {
    const used = namesUsed(nodes)
    for (const parameter of query.parameters)
      if (!used.has(parameter.name))
        all.push({
          line: 1,
          column: 1,
          message: `The parameter \`${parameter.name}\` is declared but the SQL does not use it.`,
        })
    if (usesSort(nodes) && query.sorts.length === 0)
      all.push({ line: 1, column: 1, message: '{{ sort }} is used but query.json declares no `sorts`.' })
    if (!usesSort(nodes) && query.sorts.length > 0)
      all.push({
        line: 1,
        column: 1,
        message: 'query.json declares `sorts`, but the SQL has no ORDER BY {{ sort }}.',
        hint: 'Write ORDER BY {{ sort }}, some_key.',
      })
  }
  if (names.includes(SORT))
    all.push({ line: 1, column: 1, message: '`sort` is the name of the declared order: call the parameter otherwise.' })
  return {
    nodes,
    findings: all
      .sort((a, b) => a.line - b.line || a.column - b.column)
      .map((problem) => ({ file: query.files.sql, ...problem })),
  }
}
