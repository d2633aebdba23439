import type { Application, Table } from '@muniment/archive/model/types'
import type { Delivery } from '../delivery/delivery.ts'
import { MANIFEST } from '../delivery/manifest.ts'
import type { Finding } from '../tables/findings.ts'
import type { TableResult } from './table-work.ts'

/** One spelling of a plain decimal: no leading plus or zeros, no zeros after the last digit that counts. */
export function plainDecimal(text: string): string {
  const match = /^([+-]?)0*(\d*)(?:\.(\d*?)0*)?$/.exec(text)
  if (!match) return text
  const [, sign = '', whole = '', fraction = ''] = match
  const digits = `${whole || '0'}${fraction ? `.${fraction}` : ''}`
  return sign === '-' && digits !== '0' ? `-${digits}` : digits
}

const claimOf = (delivery: Delivery, name: string) =>
  delivery.manifest.manifest?.files.find((claimed) => claimed.name === name)

/** Columns of the model whose sums the model or the manifest wants known. */
export function totalsOf(table: Table, delivery: Delivery): string[] {
  const file = delivery.files.get(table.name)
  const claimed = file ? Object.keys(claimOf(delivery, file.name)?.totals ?? {}) : []
  return table.columns
    .filter(({ name, source, type }) => {
      return (
        !/^(varchar|date|timestamp|boolean)$/.test(type) &&
        (table.totals.includes(name) || claimed.includes(source ?? ''))
      )
    })
    .map(({ name }) => name)
}

/** What the folder holds against the model and against what its manifest says it holds. */
export function checkFiles(
  application: Application,
  delivery: Delivery,
  delivered: (table: string) => boolean,
): Finding[] {
  const found: Finding[] = []
  const add = (kind: Finding['kind'], message: string, file?: string, table?: string) =>
    found.push({ kind, columns: [], count: 1, message, ...(file ? { file } : {}), ...(table ? { table } : {}) })
  const { manifest, problem } = delivery.manifest
  if (problem !== undefined) add('manifest', problem, MANIFEST)
  else if (!manifest)
    add('no-manifest', 'the delivery has no manifest.json that says who extracted it and what it holds')
  for (const { name, source } of application.tables) {
    const several = delivery.ambiguous.get(name)
    if (several) add('extra-file', `of ${several.join(', ')} only one can be the table ${name}`, several[1], name)
    else if (!delivery.files.has(name) && !delivered(name))
      add('missing-file', `there is no file for the table ${name}`, `${source.name}.csv`, name)
  }
  for (const name of delivery.extra) add('extra-file', 'the file belongs to no table of the model', name)
  if (!manifest) return found
  const present = new Map([...delivery.files].map(([table, file]) => [file.name, { table, file }]))
  for (const claimed of manifest.files) {
    const here = present.get(claimed.name)
    if (!here) {
      if (!delivery.extra.includes(claimed.name))
        add('missing-file', 'the manifest names a file that is not there', claimed.name)
      continue
    }
    const { name: table, source } = application.tables.find(({ name }) => name === here.table) ?? {}
    if (claimed.table !== table && claimed.table !== source?.name)
      add('manifest', 'the manifest says that the file is another table', claimed.name, here.table)
    if (manifest.files.find(({ name }) => name === claimed.name) !== claimed)
      add('manifest', 'the manifest describes the file twice', claimed.name, here.table)
    if (claimed.bytes !== here.file.bytes || claimed.sha256.toLowerCase() !== here.file.sha256)
      add('hash', 'the file is not the one that the manifest describes', claimed.name, here.table)
  }
  for (const [name, { table }] of present)
    if (!claimOf(delivery, name)) add('extra-file', 'the manifest does not name the file', name, table)
  return found
}

const isNumber = (type: string) => /^(integer|bigint|double|decimal)/.test(type)

/** Rows and sums of a table against the manifest's. */
export function checkTotals(table: Table, delivery: Delivery, result: Pick<TableResult, 'source'>): Finding[] {
  const file = delivery.files.get(table.name)
  const claimed = file && claimOf(delivery, file.name)
  const { source } = result
  if (!file || !claimed || !source) return []
  const found: Finding[] = []
  const add = (message: string, column?: string) =>
    found.push({
      kind: 'total',
      table: table.name,
      file: file.name,
      columns: column ? [column] : [],
      count: 1,
      message,
    })
  if (claimed.rows !== source.rows) add(`the manifest says ${claimed.rows} records, the file has ${source.rows}`)
  for (const column of table.columns) {
    const stated = column.source === undefined ? undefined : claimed.totals[column.source]
    if (stated === undefined) {
      if (table.totals.includes(column.name)) add('the manifest does not state the sum of this column', column.name)
      continue
    }
    const kept = source.columns[column.name]?.total
    if (kept === undefined && isNumber(column.type) && source.rows > 0) {
      add(
        'the sum of this column was not worked out when the file was loaded, so the one that the manifest states cannot be held against it',
        column.name,
      )
      continue
    }
    const sum = kept ?? '0'
    if (plainDecimal(stated) !== plainDecimal(sum))
      add(`the manifest's sum is ${stated}, the file's ${sum}`, column.name)
  }
  for (const name of Object.keys(claimed.totals))
    if (!table.columns.some(({ source: own, type }) => own === name && isNumber(type)))
      add(`the manifest states a sum of ${name}, which has none`)
  return found
}
