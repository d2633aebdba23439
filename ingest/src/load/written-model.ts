import type { Application, Column, Table } from '@muniment/archive/model/types'

/**
 * What of a table's model decides what a load writes and checks; what only tells people and queries about it (labels, descriptions, row
 * rules, paths to persons) is left out. Kept with each load as `model.json`, so that a later one can say what has changed since.
 */
export function writtenTable({ codeLists }: Application, table: Table) {
  const { domain, source, primaryKey, foreignKeys, sortBy, partitionBy, totals } = table
  return {
    domain,
    source,
    primaryKey,
    foreignKeys,
    sortBy,
    partitionBy,
    totals: totals.toSorted(),
    accept: table.accept.map(({ kind, column, atMost }) => ({ kind, column, atMost })),
    columns: table.columns.map((column) => writtenColumn(column, codeLists)),
  }
}

function writtenColumn(column: Column, codeLists: Application['codeLists']) {
  const { name, type, source, nulls, sourceFormat, decimalComma, derived, sensitivity, required, codeList } = column
  const codes = codeList === undefined ? undefined : codeLists[codeList]?.values.map(({ code }) => code).toSorted()
  return {
    ...{ name, type, source, nulls, sourceFormat, decimalComma, derived, required, codes },
    sensitivity: sensitivity.toSorted(),
  }
}

/** The text of `model.json`: by table name. */
export function renderWrittenModel(application: Application): string {
  const tables = application.tables.map((table) => [table.name, writtenTable(application, table)])
  return `${JSON.stringify(Object.fromEntries(tables), null, 1)}\n`
}
