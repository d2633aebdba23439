import { tablePrefix } from '../../layout.ts'
import type { Application } from '../../model/types.ts'
import type { CatalogSnapshot, CatalogTable, Drift } from '../port.ts'
import type { GluePartition, GlueTable } from './glue-tables.ts'
import { glueType } from './glue-types.ts'
import { partitionFolders, partitionName } from './partition-folders.ts'

const ROW_NUMBER = '_row'
const CRAWLED = 'the operator must see why its crawler left that so, and crawl again'

/** Tables of which Athena would not give every row, for the catalog to say so. */
export interface GlueComparison {
  drift: Drift[]
  incomplete: boolean
}

/** What Glue says of a table's columns against the footers: Athena reads by what Glue says. */
export function compareColumnsWithGlue(table: CatalogTable, glue: GlueTable): Drift[] {
  const drift: Drift[] = []
  const said = new Map(glue.columns.map(({ name, type }) => [name, type]))
  const stored = table.columns.filter(({ name }) => !table.partitionBy.includes(name))
  for (const { name, type } of stored) {
    const expected = glueType(type)
    const found = said.get(name.toLowerCase())
    said.delete(name.toLowerCase())
    const place = { table: table.name, column: name }
    const what = `${table.name}.${name} is ${type} in the objects`
    if (found === undefined)
      drift.push({ ...place, kind: 'missing-column', message: `${what}, but not in Glue's table: ${CRAWLED}.` })
    else if (expected !== undefined && found !== expected)
      drift.push({ ...place, kind: 'retyped-column', message: `${what}, but ${found} in Glue's table: ${CRAWLED}.` })
  }
  for (const [name, type] of said)
    if (name !== ROW_NUMBER)
      drift.push({
        table: table.name,
        column: name,
        kind: 'extra-column',
        message:
          `${table.name}.${name} (${type}) is in Glue's table, but in no object that a load names. Nothing reads it; an ` +
          'object that no load names may have brought it.',
      })
  const keys = glue.partitionKeys.map(({ name }) => name)
  if (keys.join() !== table.partitionBy.join())
    drift.push({
      table: table.name,
      kind: 'missing-partition',
      message: `${table.name} is partitioned by ${table.partitionBy.join(', ') || 'nothing'}, but by ${keys.join(', ') || 'nothing'} in Glue: ${CRAWLED}.`,
    })
  return drift
}

function several(count: number, example: string): string {
  return count === 1 ? example : `${count} folders, such as ${example},`
}

/** Partitions against the folders of the objects that loads name; one page at a time is held. */
export async function comparePartitions(
  table: CatalogTable,
  records: string,
  partitions: AsyncIterable<GluePartition>,
): Promise<Drift[]> {
  const expected = partitionFolders(table)
  const extra = { count: 0, example: '' }
  const astray = { count: 0, example: '' }
  for await (const { values, location } of partitions) {
    const name = partitionName(values)
    const found = expected.get(name)
    if (found && location === `${records}${found.folder}`) expected.delete(name)
    else if (found) {
      astray.count++
      astray.example ||= location
    } else {
      extra.count++
      extra.example ||= location || values.join('/')
    }
  }
  const drift: Drift[] = []
  const [first] = expected.values()
  if (first)
    drift.push({
      table: table.name,
      kind: 'missing-partition',
      message:
        `${several(expected.size, first.folder)} of ${table.name} ${expected.size === 1 ? 'is' : 'are'} no partition in Glue, so that ` +
        `Athena finds none of the records there${astray.count > 0 ? ` (Glue looks for them at ${astray.example})` : ''}: ${CRAWLED}.`,
    })
  if (extra.count > 0)
    drift.push({
      table: table.name,
      kind: 'extra-partition',
      message:
        `${several(extra.count, extra.example)} of ${table.name} ${extra.count === 1 ? 'is a partition' : 'are partitions'} in Glue without an object ` +
        'that a load names, but with others. Queries do not see what lies there; the operator must find out who placed it, unless a load is at work.',
    })
  return drift
}

interface Compared {
  application: string
  table: CatalogTable
  glue: GlueTable | undefined
  records: string
  partitions: () => AsyncIterable<GluePartition>
}

/** One table of the archive against what Glue says of it. */
export async function compareTableWithGlue(compared: Compared): Promise<GlueComparison> {
  const { application, table, glue, records, partitions } = compared
  if (table.objects.length === 0) return { drift: [], incomplete: false }
  if (!glue) {
    const message = `${table.name} was loaded, but Glue has no such table, so that Athena cannot read it: ${CRAWLED}.`
    return { drift: [{ table: table.name, kind: 'missing-table', message }], incomplete: true }
  }
  const location = `${records}${tablePrefix(application, table.domain, table.name)}`
  if (glue.location !== location) {
    const message = `Glue looks for ${table.name} at ${glue.location || 'no place'} and not at ${location}: ${CRAWLED}.`
    return { drift: [{ table: table.name, kind: 'missing-table', message }], incomplete: true }
  }
  const drift = compareColumnsWithGlue(table, glue)
  if (table.partitionBy.length > 0 && !drift.some(({ kind }) => kind === 'missing-partition'))
    drift.push(...(await comparePartitions(table, records, partitions())))
  return { drift, incomplete: drift.some(({ kind }) => kind === 'missing-partition') }
}

/** Tables of Glue's database that are neither in the model nor in any load. */
export function unknownTables(model: Application, tables: readonly CatalogTable[], glue: Iterable<GlueTable>): Drift[] {
  const known = new Set([...model.tables, ...tables].map(({ name }) => name))
  return [...glue].flatMap(({ name, location }): Drift[] => {
    if (known.has(name)) return []
    const message = `Glue has a table ${name} (${location}), which neither the model nor a load knows; no query sees it. The operator must find out who made it.`
    return [{ table: name, kind: 'extra-table', message }]
  })
}

/** What is new in the columns since the crawl before, with the version that Glue has of the table. */
export function changedColumns(
  before: CatalogSnapshot | undefined,
  tables: readonly CatalogTable[],
  glue: ReadonlyMap<string, GlueTable>,
): Drift[] {
  return tables.flatMap((table): Drift[] => {
    const old = before?.tables.find(({ name }) => name === table.name)
    if (!old) return []
    const typeIn = (columns: CatalogTable['columns'], wanted: string) =>
      columns.find(({ name }) => name === wanted)?.type
    const changes = [
      ...table.columns.flatMap(({ name, type }) => {
        const was = typeIn(old.columns, name)
        return was === undefined ? [`${name} came`] : was === type ? [] : [`${name} was ${was} and is ${type}`]
      }),
      ...old.columns.flatMap(({ name }) => (typeIn(table.columns, name) === undefined ? [`${name} went`] : [])),
    ]
    if (changes.length === 0) return []
    const version = glue.get(table.name)?.version
    const of = version ? ` (version ${version} of the table in Glue)` : ''
    const message = `The columns of ${table.name} changed since ${before?.crawled}${of}: ${changes.join('; ')}.`
    return [{ table: table.name, kind: 'changed-columns', message }]
  })
}
