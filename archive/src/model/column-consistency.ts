import { checkColumnAccess } from './access-consistency.ts'
import { didYouMean, need, type Report } from './report.ts'
import type { Application, Column, Table } from './types.ts'

function checkDerived(table: Table, column: Column, report: Report) {
  if (!column.derived) return
  if (column.source !== undefined)
    report(['source'], `${column.name} is derived, so it has no source of its own`, 'remove "source" or "derived"')
  if (column.type !== 'varchar') report(['type'], `${column.name} is ${column.type}; a derived column is varchar`)
  for (const [index, name] of column.derived.from.entries()) {
    const from = need(table, name, ['derived', 'from', index], report)
    if (from?.derived)
      report(['derived', 'from', index], `${column.name} is derived from ${name}, which is itself derived`)
  }
}

function checkSourceFormat(column: Column, report: Report) {
  const { name, type } = column
  if (column.sourceFormat !== undefined && !['date', 'timestamp', 'boolean'].includes(type))
    report(['sourceFormat'], `${name} is ${type}; sourceFormat is for dates, timestamps and booleans`)
  if (column.sourceFormat !== undefined && type === 'boolean' && !/^[^|]+\|[^|]+$/.test(column.sourceFormat))
    report(['sourceFormat'], `${name}: the sourceFormat of a boolean is "true text|false text", such as "J|N"`)
  if (column.decimalComma && !/^(decimal|double)/.test(type))
    report(['decimalComma'], `${name} is ${type}; decimalComma is for decimals and doubles`)
}

export function checkColumn(model: Application, table: Table, column: Column, report: Report) {
  const decimal = /^decimal\((\d+),(\d+)\)$/.exec(column.type)
  if (decimal && (Number(decimal[1]) < 1 || Number(decimal[2]) > Number(decimal[1])))
    report(['type'], `${column.name}: ${column.type} has more decimal places than digits`)
  if (column.source === undefined && !column.derived)
    report([], `${column.name} has neither a source nor a derivation`, 'say which column of the delivery it comes from')
  if (column.currency !== undefined) need(table, column.currency, ['currency'], report)
  if (column.codeList !== undefined && !Object.hasOwn(model.codeLists, column.codeList))
    report(
      ['codeList'],
      `${column.name}: there is no code list "${column.codeList}"`,
      didYouMean(column.codeList, Object.keys(model.codeLists)),
    )
  checkDerived(table, column, report)
  checkSourceFormat(column, report)
  checkColumnAccess(model, table, column, report)
}
