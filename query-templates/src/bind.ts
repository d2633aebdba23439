import type { BoundValue, Statement } from '@muniment/archive/engine/port'
import { InputError, TemplateError } from '@muniment/archive/errors'
import { derivations } from '@muniment/archive/folding'
import type { Bind, Templates } from './port.ts'
import { readingOf } from './readings.ts'
import { compileSql } from './sql/compile.ts'
import { read, start } from './sql/lexer.ts'
import { holds, type SqlNode } from './sql/tree.ts'
import type { Inputs, Parameter, Query } from './types.ts'
import { boundType, readValue } from './values.ts'

export interface BindOptions {
  /** Name of one of the query's declared `sorts`; the first where nothing is said. */
  sort?: string
}

/**
 * SQL with `?` and typed values for one query, from checked inputs under the query's own parameter names. Inputs that the query does not
 * declare are left alone. Throws InputError for a value that its type does not allow, TemplateError for SQL outside the language.
 */
export function bind(templates: Templates, query: Query, inputs: Inputs, options: BindOptions = {}): Statement {
  const nodes = compileSql(query)
  const texts = new Map<string, string[]>()
  for (const parameter of query.parameters) {
    const given = textsOf(parameter, inputs)
    if (given.length > 0) texts.set(parameter.name, given)
  }
  const rendering: Rendering = {
    query,
    parameters: new Map(query.parameters.map((parameter) => [parameter.name, parameter])),
    texts,
    given: new Set(texts.keys()),
    sort: sortOf(query, options.sort),
    values: [],
  }
  const sql = render(rendering, nodes).trim()
  confirm(query, sql, rendering.values.length)
  const readings = templates.readings?.get(query.name)
  const reading = readings && readingOf(readings, query, rendering.given, options.sort)
  return { application: templates.application.name, sql, values: rendering.values, ...(reading && { reading }) }
}

const checked: Bind = bind
void checked

interface Rendering {
  query: Query
  parameters: Map<string, Parameter>
  texts: Map<string, string[]>
  given: ReadonlySet<string>
  sort: string
  values: BoundValue[]
}

function render(rendering: Rendering, nodes: SqlNode[]): string {
  let sql = ''
  for (const node of nodes)
    switch (node.kind) {
      case 'text':
        sql += node.text
        break
      case 'sort':
        sql += rendering.sort
        break
      case 'value':
        sql += renderValue(rendering, node.name)
        break
      case 'if':
        sql += render(rendering, holds(node.condition, rendering.given) ? node.then : node.otherwise)
    }
  return sql
}

function renderValue(rendering: Rendering, name: string): string {
  const parameter = rendering.parameters.get(name)
  const texts = rendering.texts.get(name)
  if (!parameter || !texts) {
    const label = parameter?.label ?? name
    throw new InputError(`${label} is needed.`, { [name]: `${label} is needed.` })
  }
  const type = boundType(parameter)
  for (const text of texts) rendering.values.push({ type, value: boundText(parameter, text) })
  return texts.map(() => '?').join(', ')
}

function boundText(parameter: Parameter, text: string): string {
  const reading = readValue(parameter, text)
  if ('problem' in reading) {
    const sentence = `${parameter.label} ${reading.problem}`
    throw new InputError(sentence, { [parameter.name]: sentence })
  }
  return parameter.transform ? derivations[parameter.transform](reading.value) : reading.value
}

function textsOf(parameter: Parameter, inputs: Inputs): string[] {
  const given = Object.hasOwn(inputs, parameter.name) ? inputs[parameter.name] : undefined
  const texts = (Array.isArray(given) ? given : [given ?? '']).filter((text) => text !== '')
  if (texts.length > 1 && !parameter.list) {
    const sentence = `${parameter.label} takes one value.`
    throw new InputError(sentence, { [parameter.name]: sentence })
  }
  // `today` depends on the application's time zone and is put in when inputs are checked.
  if (texts.length === 0 && parameter.default !== undefined && parameter.default !== 'today') return [parameter.default]
  return texts
}

/** The declared order as SQL: quoted names of output columns, so that no name can be mistaken for a keyword. */
function sortOf(query: Query, name: string | undefined): string {
  const sort = name === undefined ? query.sorts[0] : query.sorts.find((candidate) => candidate.name === name)
  if (!sort) {
    if (name === undefined) return ''
    throw new InputError(`There is no order called ${name}.`)
  }
  const names = new Set(query.columns.map((column) => column.name))
  for (const by of sort.by)
    if (!names.has(by.replace(/^-/, '')))
      throw new TemplateError(`${query.files.json}: the order ${sort.name} names no column ${by}.`)
  return sort.by
    .map((by) => (by.startsWith('-') ? `"${by.slice(1)}" DESC NULLS LAST` : `"${by}" ASC NULLS LAST`))
    .join(', ')
}

/** The check has proved it for all texts; this one is looked at again because it is the one that runs. */
function confirm(query: Query, sql: string, values: number): void {
  let places = 0
  read(start(), sql, (_offset, _message, char) => {
    if (char === '?') places += 1
  })
  if (places !== values) throw new TemplateError(`${query.files.sql}: ${values} values for ${places} places.`)
}
