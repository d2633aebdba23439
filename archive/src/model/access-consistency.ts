/** What rights rely on: who may not see a value cannot learn it through another column, another table or a key. */
import { didYouMean, type Report } from './report.ts'
import type { Application, Column, Table } from './types.ts'

const quoted = (names: readonly string[]) => names.join(', ')

function checkDerivedSensitivity(table: Table, column: Column, report: Report) {
  const inputs = (column.derived?.from ?? []).flatMap((name) => table.columns.find((each) => each.name === name) ?? [])
  for (const input of inputs) {
    const lacking = input.sensitivity.filter((sensitivity) => !column.sensitivity.includes(sensitivity))
    if (lacking.length > 0)
      report(
        ['sensitivity'],
        `${column.name} is derived from ${input.name}, but is not ${quoted(lacking)}: it would tell what the other hides`,
        `give it the sensitivities of ${input.name}`,
      )
  }
}

function checkPartly(table: Table, column: Column, report: Report) {
  const { name, partly, derived } = column
  if (!partly) return
  if (column.type !== 'varchar')
    report(['partly'], `${name} is ${column.type}; only a text has last characters to show`)
  if (column.sensitivity.length === 0)
    report(['partly'], `${name} is not sensitive, so it is never masked and "partly" says nothing`)
  if (column.codeList !== undefined) report(['partly'], `${name} is a code; the end of a code is no code`)
  if (!derived) return
  const shown = derived.from.map((from) => table.columns.find((each) => each.name === from)?.partly?.last ?? 0)
  // The end of a reversed text is its beginning, and the end of two texts joined is that of the last alone.
  const sameEnd = derived.from.length === 1 && !['reversed', 'phonetic'].includes(derived.function)
  if (!sameEnd || shown.some((last) => last < partly.last))
    report(['partly'], `${name} would show more of ${quoted(derived.from)} than ${quoted(derived.from)} does`)
}

function checkRowRule(model: Application, table: Table, column: Column, report: Report) {
  const { name, rowRule } = column
  if (!rowRule) return
  const at = (...path: PropertyKey[]): PropertyKey[] => ['rowRule', ...path]
  if (!Object.hasOwn(model.rowRules, rowRule.name))
    report(
      at('name'),
      `${name}: application.json declares no row rule "${rowRule.name}"`,
      didYouMean(rowRule.name, Object.keys(model.rowRules)) ?? 'say under "rowRules" what people are told of it',
    )
  if (table.reference)
    report(at(), `${name}: ${table.name} is a reference table, which everybody sees; no row of it can be hidden`)
  const list = column.codeList === undefined ? undefined : model.codeLists[column.codeList]
  const values =
    column.type === 'boolean'
      ? ['true', 'false']
      : column.type === 'varchar'
        ? list?.values.map(({ code }) => code)
        : []
  if (values?.length === 0)
    report(at(), `${name} is ${column.type}; a row rule is declared on a boolean, a code or a text`)
  else if (values)
    for (const [index, value] of rowRule.hides.entries())
      if (!values.includes(value))
        report(
          at('hides', index),
          `${name}: "${value}" is no value of it, so this would hide nothing`,
          didYouMean(value, values) ?? (column.type === 'boolean' ? 'write "true" or "false"' : undefined),
        )
  if (values && values.length > 0 && values.every((value) => rowRule.hides.includes(value)))
    report(at('hides'), `${name}: every value is hidden, and so every row`)
  const { through } = rowRule
  if (through && !rolesThrough(model, table).some((role) => through.includes(role)))
    report(
      at('through'),
      `${name}: no path to persons of these roles (${quoted(through)}) leads through ${table.name}, so the rule would hide nothing else`,
      'name roles that "persons" of other tables have, or leave "through" out',
    )
}

/** Roles of the paths of other tables that pass through this one. */
const rolesThrough = (model: Application, { name }: Table) =>
  model.tables
    .filter((other) => other.name !== name)
    .flatMap(({ persons }) => persons.filter(({ steps }) => steps.some((step) => step.table === name)))
    .map(({ role }) => role)

export function checkColumnAccess(model: Application, table: Table, column: Column, report: Report) {
  checkDerivedSensitivity(table, column, report)
  checkPartly(table, column, report)
  checkRowRule(model, table, column, report)
  if (table.reference && column.sensitivity.length > 0)
    report(
      ['sensitivity'],
      `${column.name} is ${quoted(column.sensitivity)}, but ${table.name} is a reference table, which everybody sees`,
      'remove "reference" from the table',
    )
}

/** What may not be masked, because it joins tables or stands in the names of objects, with why. */
function* openColumns(table: Table): Generator<[path: PropertyKey[], name: string, why: string]> {
  const joins = 'what was masked could not be joined'
  for (const [index, name] of table.primaryKey.entries())
    yield [['primaryKey', index], name, `is in the primary key; ${joins}`]
  for (const [number, key] of table.foreignKeys.entries())
    for (const [index, name] of key.columns.entries())
      yield [['foreignKeys', number, 'columns', index], name, `is in a foreign key; ${joins}`]
  for (const [index, name] of table.partitionBy.entries())
    yield [['partitionBy', index], name, 'partitions the table; its values would stand in the names of objects']
}

export function checkTableAccess(model: Application, table: Table, report: Report) {
  for (const [path, name, why] of openColumns(table)) {
    const column = table.columns.find((each) => each.name === name)
    if (column && column.sensitivity.length > 0)
      report(
        path,
        `${name} is ${quoted(column.sensitivity)}, but ${why}`,
        'keep an artificial key beside it, or take the sensitivity from the column',
      )
  }
  if (!table.reference) return
  if (table.persons.length > 0)
    report(['reference'], `${table.name} is about persons, so it cannot be a reference table`, 'remove "reference"')
  if (table.name === model.personTable)
    report(['reference'], `${table.name} is the table of persons, so it cannot be a reference table`)
}

/** A rule that nothing carries hides nothing, though people are told of it. */
export function checkRowRulesUsed(model: Application, report: Report) {
  const carried = new Set(model.tables.flatMap(({ columns }) => columns.map(({ rowRule }) => rowRule?.name)))
  for (const name of Object.keys(model.rowRules))
    if (!carried.has(name)) report(['rowRules', name], `no column carries the row rule "${name}", so it hides nothing`)
}
