import { closest } from '@muniment/archive/did-you-mean'
import type { TemplateNode } from '../template-tree.ts'
import { COLUMN_KEYS, COMPONENTS, FILTERS, PANEL_KEYS } from './components.ts'
import { report, type ViewReading } from './reading.ts'
import { ELEMENT_OF, type Kind, LOOP_KEYS, PANEL_KINDS, type Scope } from './scope.ts'

const near = (word: string, known: Iterable<string>): string | undefined => {
  const found = closest(word, known)
  return found === undefined ? undefined : `Did you mean \`${found}\`?`
}

/** Checks an expression and says what it stands for. After a finding it is taken for text, so that one fault is told once. */
export function kindOf(reading: ViewReading, node: TemplateNode, scope: Scope): Kind {
  switch (node.typename) {
    case 'Literal':
      if (typeof node.value === 'object' && node.value !== null)
        report(reading, node, 'A regular expression is not part of a view.')
      return 'text'
    case 'Symbol':
      return symbolKind(reading, node, scope)
    case 'LookupVal':
      return lookupKind(reading, node, scope)
    case 'FunCall':
      return callKind(reading, node, scope)
    case 'Filter':
      return filterKind(reading, node, scope)
    case 'Group': {
      const [first, ...others] = node.children ?? []
      if (!first || others.length > 0) report(reading, node, 'Parentheses hold one expression.')
      return first ? kindOf(reading, first, scope) : 'text'
    }
    case 'And':
    case 'Or':
    case 'Not':
    case 'InlineIf':
    case 'Compare':
      for (const part of partsOf(node)) kindOf(reading, part, scope)
      return 'text'
    default:
      report(
        reading,
        node,
        'This expression is not part of a view: compare, and, or, not and the components are; what is computed belongs into the SQL.',
      )
      return 'text'
  }
}

function partsOf(node: TemplateNode): TemplateNode[] {
  const { children = [], left, right, target, cond, body, else_, expr, ops = [] } = node
  const operands = ops.map((operand) => operand.expr)
  return [...children, left, right, target, cond, body, else_, expr, ...operands].filter((part) => part != null)
}

function symbolKind(reading: ViewReading, node: TemplateNode, scope: Scope): Kind {
  const name = String(node.value)
  const kind = scope.get(name)
  if (kind === undefined) report(reading, node, `There is no \`${name}\` in a view.`, near(name, scope.keys()))
  return kind ?? 'text'
}

function lookupKind(reading: ViewReading, node: TemplateNode, scope: Scope): Kind {
  const kind = node.target ? kindOf(reading, node.target, scope) : 'text'
  if (node.val?.typename !== 'Literal') {
    report(
      reading,
      node,
      'What is looked up is named in the template, not computed.',
      'Use ui.value(panel, row, "name").',
    )
    return 'text'
  }
  const key = node.val.value
  const among = (known: readonly string[], found: Kind, what: string): Kind => {
    if (typeof key === 'string' && known.includes(key)) return found
    report(reading, node, `${what} has no \`${String(key)}\`.`, near(String(key), known))
    return 'text'
  }
  switch (kind) {
    case 'panel':
      return among(PANEL_KEYS, PANEL_KINDS[String(key)] ?? 'text', 'The panel')
    case 'row': {
      const columns = reading.query.columns.map(({ name }) => name)
      return among(columns, 'text', 'The query')
    }
    case 'column':
      return among(COLUMN_KEYS, 'text', 'A column')
    case 'inputs': {
      const names = reading.query.parameters.map(({ name }) => name)
      return among(names, 'text', 'The query')
    }
    case 'loop':
      return among(LOOP_KEYS, 'text', 'A loop')
    case 'rows':
    case 'columns':
    case 'list':
      return typeof key === 'number' ? (ELEMENT_OF[kind] ?? 'text') : among(['length'], 'text', 'A list')
    case 'components':
    case 'text':
      report(reading, node, `Nothing can be looked up here: \`${String(key)}\`.`)
      return 'text'
  }
}

function filterKind(reading: ViewReading, node: TemplateNode, scope: Scope): Kind {
  const name = String(node.name?.value)
  const known: readonly string[] = FILTERS
  const args = node.args?.children ?? []
  const kind = args[0] ? kindOf(reading, args[0], scope) : 'text'
  if (!known.includes(name) || args.length !== 1)
    report(
      reading,
      node,
      name === 'safe'
        ? 'Nothing is taken for safe: everything is escaped.'
        : `The filter \`${name}\` is not part of a view.`,
      `There are ${known.join(', ')}.`,
    )
  return name === 'length' ? 'text' : (ELEMENT_OF[kind] ?? 'text')
}

function callKind(reading: ViewReading, node: TemplateNode, scope: Scope): Kind {
  const { name: callee } = node
  const name =
    callee?.typename === 'LookupVal' && callee.val?.typename === 'Literal' ? String(callee.val.value) : undefined
  const alias = callee?.target?.typename === 'Symbol' ? String(callee.target.value) : undefined
  if (name === undefined || alias === undefined || scope.get(alias) !== 'components') {
    report(reading, node, 'Only components can be called: {{ ui.date(row.begun) }}.')
    return 'text'
  }
  const component = COMPONENTS.get(name)
  if (!component) {
    report(reading, node, `There is no component \`${name}\`.`, near(name, COMPONENTS.keys()))
    return 'text'
  }
  const given = argumentsOf(reading, node, component.parameters)
  for (const [parameter, value] of given)
    if (parameter === 'inputs' && value.typename === 'Dict') checkInputs(reading, value, scope)
    else expectKind(reading, value, parameter, kindOf(reading, value, scope))
  for (const parameter of component.parameters.slice(0, component.needed))
    if (!given.has(parameter)) report(reading, node, `ui.${name} needs its \`${parameter}\`.`)
  checkTexts(reading, node, name, given)
  return 'text'
}

/** Panel and row go where panel and row are meant. */
function expectKind(reading: ViewReading, node: TemplateNode, parameter: string, kind: Kind): void {
  const wanted = parameter === 'panel' || parameter === 'row' ? parameter : 'text'
  if (parameter === 'inputs' || kind !== wanted)
    report(
      reading,
      node,
      parameter === 'inputs'
        ? 'Inputs are written out: { parameter: row.column }.'
        : `\`${parameter}\` must be a ${wanted}.`,
    )
}

function argumentsOf(reading: ViewReading, node: TemplateNode, parameters: string[]): Map<string, TemplateNode> {
  const given = new Map<string, TemplateNode>()
  for (const [index, value] of (node.args?.children ?? []).entries()) {
    if (value.typename === 'KeywordArgs') {
      for (const pair of value.children ?? []) {
        const key = String(pair.key?.value)
        if (!parameters.includes(key) || given.has(key) || !pair.value)
          report(reading, pair, `There is no argument \`${key}\` to be given here.`, near(key, parameters))
        else given.set(key, pair.value as TemplateNode)
      }
      continue
    }
    const parameter = parameters[index]
    if (parameter === undefined) report(reading, value, `At most ${parameters.length} arguments can be given.`)
    else given.set(parameter, value)
  }
  return given
}

function checkInputs(reading: ViewReading, dict: TemplateNode, scope: Scope): void {
  for (const pair of dict.children ?? []) {
    const { key, value } = pair as { key?: TemplateNode; value?: TemplateNode }
    if (!/^[a-z][a-z0-9_]*$/.test(String(key?.value))) report(reading, pair, 'An input is named by its parameter.')
    if (value && kindOf(reading, value, scope) !== 'text') report(reading, pair, 'An input is a text.')
  }
}

/** What components are told by name is compared with what there is. */
function checkTexts(reading: ViewReading, node: TemplateNode, name: string, given: Map<string, TemplateNode>): void {
  if (name === 'value') {
    const column = literalText(given.get('column'))
    const columns = reading.query.columns.map((known) => known.name)
    if (column !== undefined && !columns.includes(column))
      report(reading, node, `The query has no column \`${column}\`.`, near(column, columns))
  }
  if (name === 'link') {
    const useCase = literalText(given.get('useCase'))
    if (useCase === undefined) report(reading, node, 'The use case that a link leads to is named in the template.')
    else
      reading.links.push({
        useCase,
        inputs: (given.get('inputs')?.children ?? []).map((pair) => String(pair.key?.value)),
        line: node.lineno + 1,
        column: node.colno + 1,
      })
  }
}

const literalText = (node: TemplateNode | undefined): string | undefined =>
  node?.typename === 'Literal' && typeof node.value === 'string' ? node.value : undefined
