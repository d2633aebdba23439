import { InputError } from '@muniment/archive/errors'
import type { Application } from '@muniment/archive/model/types'
import { formatOf } from '../format/presenter.ts'
import { checkInputs } from '../inputs.ts'
import { didYouMean, findingAt, type JsonFile } from '../json-file.ts'
import { alwaysGiven } from '../sql/places.ts'
import type { Expectation, Finding, OutputColumn, Parameter, Query } from '../types.ts'
import { readValue } from '../values.ts'

type Report = (path: PropertyKey[], message: string, hint?: string) => void

/** What query.json says, held against itself and against the model. Links are looked at where all use cases are known. */
export function checkQueryFile(query: Query, source: JsonFile, application: Application): Finding[] {
  const findings: Finding[] = []
  const report: Report = (path, message, hint) => findings.push(findingAt(source, path, message, hint))
  const domains = application.domains.map(({ name }) => name)
  if (!domains.includes(query.domain))
    report(['domain'], `There is no domain \`${query.domain}\`.`, didYouMean(query.domain, domains))
  twice(query.parameters, 'parameters', report)
  twice(query.columns, 'columns', report)
  twice(query.sorts, 'sorts', report)
  for (const [index, parameter] of query.parameters.entries())
    checkParameter(parameter, application, (path, ...rest) => report(['parameters', index, ...path], ...rest))
  for (const [index, column] of query.columns.entries())
    checkColumn(column, query, application, (path, ...rest) => report(['columns', index, ...path], ...rest))
  checkModified(query, report)
  checkSorts(query, report)
  checkGroups(query, report)
  checkExampleShapes(query, application, report)
  return findings
}

function twice(list: { name: string }[], what: string, report: Report): void {
  const seen = new Set<string>()
  for (const [index, { name }] of list.entries()) {
    if (seen.has(name)) report([what, index, 'name'], `\`${name}\` is declared twice.`)
    seen.add(name)
  }
}

function checkParameter(parameter: Parameter, application: Application, report: Report): void {
  const { type, name } = parameter
  const only = (key: keyof Parameter, types: Parameter['type'][]) => {
    if (parameter[key] !== undefined && !types.includes(type))
      report([key], `\`${key}\` says something only where the type is ${types.join(' or ')}.`)
  }
  only('precision', ['decimal'])
  only('codeList', ['code'])
  only('options', ['choice'])
  only('transform', ['string'])
  only('pattern', ['string'])
  only('unit', ['integer', 'decimal'])
  if (type === 'code') checkCodeList(parameter.codeList, ['codeList'], application, report, true)
  if (type === 'choice' && !parameter.options?.length) report([], `\`${name}\` is a choice: give it \`options\`.`)
  if (parameter.precision && parameter.precision[1] > parameter.precision[0])
    report(['precision'], 'The scale is larger than the precision.')
  if (parameter.default !== undefined && !(parameter.default === 'today' && type === 'date')) {
    const reading = readValue(parameter, parameter.default)
    if ('problem' in reading) report(['default'], `The default ${reading.problem}`)
    else if (type === 'choice' && !parameter.options?.some(({ value }) => value === parameter.default))
      report(['default'], 'The default is none of the options.')
  }
}

function checkCodeList(
  list: string | undefined,
  path: PropertyKey[],
  application: Application,
  report: Report,
  needed = false,
): void {
  const lists = Object.keys(application.codeLists)
  if (list === undefined) {
    if (needed) report(path, 'A code needs its `codeList`.')
  } else if (!lists.includes(list)) report(path, `The model has no code list \`${list}\`.`, didYouMean(list, lists))
}

const FITTING: Record<string, RegExp> = {
  'long-text': /^varchar$/,
  identifier: /^(varchar|integer|bigint)$/,
  code: /^(varchar|integer|bigint)$/,
  money: /^(decimal|integer|bigint)/,
  number: /^(decimal|integer|bigint|double)/,
  percent: /^(decimal|integer|bigint|double)/,
  date: /^(date|timestamp)$/,
  timestamp: /^timestamp$/,
  boolean: /^boolean$/,
  iban: /^varchar$/,
}

function checkColumn(column: OutputColumn, query: Query, application: Application, report: Report): void {
  const format = formatOf(column)
  const columns = query.columns.map(({ name }) => name)
  if (FITTING[format]?.test(column.type) === false)
    report(['format'], `The format ${format} does not fit the type ${column.type}.`)
  if (column.codeList !== undefined) checkCodeList(column.codeList, ['codeList'], application, report)
  if (column.format === 'code' && column.codeList === undefined) report([], 'A code needs its `codeList`.')
  if (column.codeList !== undefined && format !== 'code')
    report(['format'], `\`codeList\` says that it is a code, \`format\` that it is ${format}.`)
  if (column.unit !== undefined && format !== 'number')
    report(['unit'], `\`unit\` says something only of a number, and the format is ${format}.`)
  if (column.currency !== undefined && !columns.includes(column.currency))
    report(['currency'], `There is no column \`${column.currency}\`.`, didYouMean(column.currency, columns))
}

function checkModified(query: Query, report: Report): void {
  const names = query.parameters.map(({ name }) => name)
  for (const [index, { modifies = [] }] of query.parameters.entries())
    for (const [place, name] of modifies.entries())
      if (!names.includes(name))
        report(['parameters', index, 'modifies', place], `There is no parameter \`${name}\`.`, didYouMean(name, names))
}

function checkSorts(query: Query, report: Report): void {
  const columns = query.columns.map(({ name }) => name)
  for (const [index, sort] of query.sorts.entries())
    for (const [place, by] of sort.by.entries()) {
      const name = by.replace(/^-/, '')
      if (!columns.includes(name))
        report(['sorts', index, 'by', place], `There is no column \`${name}\`.`, didYouMean(name, columns))
    }
}

function checkGroups(query: Query, report: Report): void {
  const names = query.parameters.map(({ name }) => name)
  for (const [index, group] of query.requireOneOf.entries())
    for (const [place, name] of group.entries()) {
      const parameter = query.parameters.find((candidate) => candidate.name === name)
      const path = ['requireOneOf', index, place]
      if (!parameter) report(path, `There is no parameter \`${name}\`.`, didYouMean(name, names))
      else if (alwaysGiven(parameter)) report(path, `\`${name}\` is always given, so the group asks for nothing.`)
    }
}

function checkExampleShapes(query: Query, application: Application, report: Report): void {
  const columns = query.columns.map(({ name }) => name)
  for (const [index, example] of query.examples.entries()) {
    try {
      checkInputs(query, example.inputs, application)
    } catch (error) {
      if (!(error instanceof InputError)) throw error
      for (const [name, sentence] of Object.entries(error.fields))
        report(['examples', index, 'inputs', name], `The example cannot be run: ${sentence}`)
    }
    for (const name of namesExpected(example.expect))
      if (!columns.includes(name))
        report(
          ['examples', index, 'expect'],
          `The example expects a column \`${name}\` that is not there.`,
          didYouMean(name, columns),
        )
  }
}

/** Columns that an example says something of. */
export const namesExpected = ({ first = [], includes = {} }: Expectation): Set<string> =>
  new Set([...first, includes].flatMap((row) => Object.keys(row)))
