import { checkTableAccess } from './access-consistency.ts'
import { checkColumn } from './column-consistency.ts'
import { checkUnique, columnNames, didYouMean, need, type Report } from './report.ts'
import type { Application, Table } from './types.ts'

interface Reference {
  what: string
  from: Table
  columns: string[]
  to: string
  toColumns: string[]
  path: PropertyKey[]
  columnsPath: PropertyKey[]
  toPath: PropertyKey[]
}

/** Both sides exist, are as many, and have the same types. Gives the table that is reached. */
function checkReference(model: Application, reference: Reference, report: Report): Table | undefined {
  const { what, from, columns, toColumns } = reference
  const target = model.tables.find(({ name }) => name === reference.to)
  if (!target) {
    const names = model.tables.map(({ name }) => name)
    report(reference.path, `${what}: there is no table "${reference.to}"`, didYouMean(reference.to, names))
    return undefined
  }
  if (columns.length !== toColumns.length)
    report(reference.path, `${what}: ${columns.length} columns lead to ${toColumns.length}; they must be as many`)
  for (const [index, name] of columns.entries()) {
    const near = need(from, name, [...reference.columnsPath, index], report)
    const toName = toColumns[index]
    if (toName === undefined) continue
    const far = need(target, toName, [...reference.toPath, index], report)
    if (near && far && near.type !== far.type)
      report(
        [...reference.columnsPath, index],
        `${what}: ${from.name}.${near.name} is ${near.type}, but ${target.name}.${far.name} is ${far.type}`,
        'columns that refer to each other have one type',
      )
  }
  return target
}

function checkPersons(model: Application, table: Table, report: Report) {
  for (const [number, person] of table.persons.entries()) {
    let reached: Table | undefined = table
    for (const [index, step] of person.steps.entries()) {
      const path = ['persons', number, 'steps', index]
      reached = checkReference(
        model,
        {
          what: `path to the ${person.role}`,
          from: reached,
          columns: step.columns,
          to: step.table,
          toColumns: step.to,
          path: [...path, 'table'],
          columnsPath: [...path, 'columns'],
          toPath: [...path, 'to'],
        },
        report,
      )
      if (!reached) break
    }
    if (!reached) continue
    if (model.personTable === undefined)
      report(['persons', number], 'there is a path to persons, but application.json names no personTable')
    else if (reached.name !== model.personTable)
      report(
        ['persons', number],
        `the path to the ${person.role} ends at ${reached.name} and not at ${model.personTable}, the table of persons`,
      )
  }
}

function checkPeriods(table: Table, report: Report) {
  for (const kind of ['valid', 'recorded'] as const)
    for (const end of ['from', 'to'] as const) {
      const name = table[kind]?.[end]
      if (name === undefined) continue
      const column = need(table, name, [kind, end], report)
      if (column && column.type !== 'date' && column.type !== 'timestamp')
        report([kind, end], `${kind}.${end}: ${name} is ${column.type}, and a period needs a date or a timestamp`)
    }
}

function checkNames(table: Table, report: Report) {
  for (const list of ['primaryKey', 'sortBy', 'partitionBy', 'totals'] as const) {
    checkUnique(table[list], `${list}: the column`, (index) => [list, index], report)
    for (const [index, name] of table[list].entries()) {
      const column = need(table, name, [list, index], report)
      if (!column) continue
      if (list === 'partitionBy' && column.type !== 'varchar')
        report([list, index], `partitionBy: ${name} is ${column.type}; a partition column is varchar`)
      if (list === 'totals' && !/^(integer|bigint|double|decimal)/.test(column.type))
        report([list, index], `totals: ${name} is ${column.type}, which has no sum`)
    }
  }
  if (table.legalEntity !== undefined) need(table, table.legalEntity, ['legalEntity'], report)
  for (const [index, rule] of table.accept.entries())
    if (rule.column !== undefined) need(table, rule.column, ['accept', index, 'column'], report)
}

export function checkTable(model: Application, table: Table, report: Report) {
  const domains = model.domains.map(({ name }) => name)
  if (!domains.includes(table.domain))
    report(['domain'], `there is no domain "${table.domain}"`, didYouMean(table.domain, domains))
  checkUnique(columnNames(table), 'the column', (index) => ['columns', index, 'name'], report)
  checkNames(table, report)
  checkPeriods(table, report)
  for (const [index, column] of table.columns.entries())
    checkColumn(model, table, column, (path, message, hint) => report(['columns', index, ...path], message, hint))
  for (const [index, key] of table.foreignKeys.entries())
    checkReference(
      model,
      {
        what: 'foreign key',
        from: table,
        columns: key.columns,
        to: key.references.table,
        toColumns: key.references.columns,
        path: ['foreignKeys', index, 'references', 'table'],
        columnsPath: ['foreignKeys', index, 'columns'],
        toPath: ['foreignKeys', index, 'references', 'columns'],
      },
      report,
    )
  checkPersons(model, table, report)
  checkTableAccess(model, table, report)
}
