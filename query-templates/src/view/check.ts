import { closest } from '@muniment/archive/did-you-mean'
import { lineStarts, parseTemplate, placeOf, type TemplateNode, TemplateSyntaxError } from '../template-tree.ts'
import type { Finding, Query } from '../types.ts'
import { COMPONENTS_FILE } from './components.ts'
import { kindOf } from './expressions.ts'
import { checkHtml } from './html.ts'
import { report, type ViewLink, type ViewReading } from './reading.ts'
import { ELEMENT_OF, type Kind, type Scope } from './scope.ts'

const NAME = /^[a-z][a-zA-Z0-9_]*$/
const TAKEN = ['panel', 'loop']

/** Holds a view against the language; `links` are those that it writes with ui.link, for comparing with the use cases. */
export function examineView(query: Query): { findings: Finding[]; links: ViewLink[] } {
  const reading: ViewReading = { query, starts: lineStarts(query.view), findings: [], links: [] }
  try {
    walk(reading, parseTemplate(query.view), new Map([['panel', 'panel']]))
  } catch (error) {
    if (!(error instanceof TemplateSyntaxError)) throw error
    reading.findings.push({
      file: query.files.view,
      line: error.line,
      column: error.column,
      message: error.message,
    })
  }
  return { findings: reading.findings, links: reading.links }
}

const REFUSED: Record<string, string> = {
  Include: `{% include %} is not part of a view: only ${COMPONENTS_FILE} can be imported.`,
  Extends: '{% extends %} is not part of a view.',
  FromImport: `Import all components under one name: {% import "${COMPONENTS_FILE}" as ui %}.`,
  Set: '{% set %} is not part of a view: what is computed belongs into the SQL.',
  Macro: '{% macro %} is not part of a view: components are shared by all of them.',
  Block: '{% block %} is not part of a view.',
}

/** Checks one block, which must close the elements that it opens. */
function walk(reading: ViewReading, block: TemplateNode | null | undefined, outer: Scope): void {
  if (!block) return
  const scope = new Map(outer)
  const open: string[] = []
  for (const node of block.typename === 'If' ? [block] : (block.children ?? []))
    switch (node.typename) {
      case 'Output':
        for (const child of node.children ?? [])
          if (child.typename === 'TemplateData') walkText(reading, child, open)
          else kindOf(reading, child, scope)
        break
      case 'If':
        if (node.cond) kindOf(reading, node.cond, scope)
        walk(reading, node.body, scope)
        walk(reading, node.else_, scope)
        break
      case 'For':
        walkFor(reading, node, scope)
        break
      case 'Import':
        walkImport(reading, node, scope)
        break
      default:
        report(
          reading,
          node,
          REFUSED[node.typename] ??
            'A view holds markup, {{ values }}, {% if %}, {% for %} and the import of the components.',
        )
    }
  if (open.length > 0)
    report(reading, block, `<${open.at(-1)}> is opened in this part of the view but not closed in it.`)
}

function walkText(reading: ViewReading, node: TemplateNode, open: string[]): void {
  const text = String(node.value)
  const { view } = reading.query
  let start = (reading.starts[node.lineno] ?? 0) + node.colno
  // Whitespace control trims the text but not its place.
  while (start < view.length && !view.startsWith(text, start)) start += 1
  for (const { offset, message } of checkHtml(text, open))
    reading.findings.push({
      file: reading.query.files.view,
      ...placeOf(reading.starts, start + offset),
      message,
    })
}

function walkFor(reading: ViewReading, node: TemplateNode, scope: Scope): void {
  const kind = node.arr ? kindOf(reading, node.arr, scope) : undefined
  const element = kind && ELEMENT_OF[kind]
  if (kind && !element)
    report(reading, node, '{% for %} goes through panel.rows, panel.columns or another list of the panel.')
  const name = String(node.name?.value)
  const fit = node.name?.typename === 'Symbol' && NAME.test(name) && !TAKEN.includes(name)
  if (!fit) report(reading, node, 'A loop has one variable with a plain name: {% for row in panel.rows %}.')
  walk(reading, node.body, new Map([...scope, [name, element ?? 'text'], ['loop', 'loop']]))
  walk(reading, node.else_, scope)
}

function walkImport(reading: ViewReading, node: TemplateNode, scope: Map<string, Kind>): void {
  const { template, target } = node
  const file = template?.typename === 'Literal' ? String(template.value) : undefined
  if (file !== COMPONENTS_FILE)
    report(
      reading,
      node,
      `Only "${COMPONENTS_FILE}" can be imported.`,
      file && closest(file, [COMPONENTS_FILE]) ? `Did you mean \`${COMPONENTS_FILE}\`?` : undefined,
    )
  if (node.withContext) report(reading, node, 'Components are imported without context.')
  const name = String(target?.value)
  if (target?.typename !== 'Symbol' || !NAME.test(name) || TAKEN.includes(name))
    report(reading, node, `Components are imported under a plain name: {% import "${COMPONENTS_FILE}" as ui %}.`)
  else scope.set(name, 'components')
}
