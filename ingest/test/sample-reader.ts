import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { loadApplication } from '@muniment/archive/model/load'
import type { Application, Table } from '@muniment/archive/model/types'
import iconv from 'iconv-lite'

/** Fields by the model's column names, as they stand in the file; an empty unquoted field is null. */
export type SourceRow = Record<string, string | null>
export type Tables = Map<string, SourceRow[]>

export const readModel = (): Promise<Application> =>
  loadApplication(fileURLToPath(new URL('../../query-templates', import.meta.url)), 'pas')

/** A reader of its own, so that the generator is not checked by the code that it is made for. */
export async function readTables(folder: string, application: Application): Promise<Tables> {
  const tables: Tables = new Map()
  for (const table of application.tables) tables.set(table.name, await readTable(folder, table))
  return tables
}

export async function readText(folder: string, table: Table): Promise<string> {
  const bytes = await readFile(join(folder, `${table.source.name}.csv`))
  if (table.source.encoding === 'utf-8') return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  return iconv.decode(bytes, table.source.encoding === 'latin-1' ? 'iso-8859-1' : table.source.encoding)
}

async function readTable(folder: string, table: Table): Promise<SourceRow[]> {
  const [header = [], ...records] = parse(await readText(folder, table), table.source.delimiter)
  const names = header.map((source) => {
    const column = table.columns.find((candidate) => candidate.source === source)
    if (!column) throw new Error(`${table.name} has no column ${source}`)
    return column.name
  })
  return records.map((record) => {
    if (record.length !== names.length) throw new Error(`${table.name}: a line has ${record.length} fields`)
    return Object.fromEntries(names.map((name, i) => [name, record[i] ?? null]))
  })
}

function parse(text: string, delimiter: string): (string | null)[][] {
  const records: (string | null)[][] = []
  let record: (string | null)[] = []
  let at = 0
  while (at < text.length) {
    if (text[at] === '"') {
      let value = ''
      for (at++; ; at++) {
        const end = text.indexOf('"', at)
        value += text.slice(at, end)
        at = end + 1
        if (text[at] !== '"') break
        value += '"'
      }
      record.push(value)
    } else {
      let end = at
      while (text[end] !== delimiter && text[end] !== '\n') end++
      record.push(end === at ? null : text.slice(at, end))
      at = end
    }
    if (text[at] === '\n') {
      records.push(record)
      record = []
    } else if (text[at] !== delimiter) throw new Error(`unexpected ${text[at]} after a field`)
    else if (text[at + 1] === '\n') {
      record.push(null)
      at++
      records.push(record)
      record = []
    }
    at++
  }
  return records
}

export function rowsOf(tables: Tables, table: string): SourceRow[] {
  const rows = tables.get(table)
  if (!rows) throw new Error(`no table ${table}`)
  return rows
}

/** An amount as it stands in a file, in hundredths. */
export const cents = (text: string | null | undefined): number =>
  Math.round(Number((text ?? '0').replace(',', '.')) * 100)

export function groupBy(rows: SourceRow[], column: string): Map<string, SourceRow[]> {
  const groups = new Map<string, SourceRow[]>()
  for (const row of rows) {
    const key = row[column] ?? ''
    const group = groups.get(key)
    if (group) group.push(row)
    else groups.set(key, [row])
  }
  return groups
}
