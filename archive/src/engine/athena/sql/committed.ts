import type { CatalogTable } from '../../../catalog/port.ts'
import { literal } from '../../sql-text.ts'

/**
 * A condition that leaves of a table's rows those in objects that the catalog names. Named one by one, Athena does not even open others;
 * `byLoad` says it in fewer characters, by the beginnings of their file names, which a load's objects share.
 */
export function committed(table: CatalogTable, records: string, byLoad: boolean): string {
  if (!byLoad) return `"$path" IN (${table.objects.map(({ key }) => literal(`${records}${key}`)).join(', ')})`
  const names = new Set(table.objects.map(({ key }) => shapeOf(key.slice(key.lastIndexOf('/') + 1))))
  return `regexp_like("$path", ${literal(`/(${[...names].join('|')})$`)})`
}

const shapeOf = (name: string) => {
  const numbered = /^(.+-)\d+\.parquet$/.exec(name)?.[1]
  return numbered === undefined ? escaped(name) : `${escaped(numbered)}[0-9]+\\.parquet`
}

const escaped = (text: string) => text.replace(/[^\w-]/g, (char) => `\\${char}`)
