import type { ColumnType } from '../../model/types.ts'
import { translate } from '../dialect/translate.ts'
import { withPlaces } from '../places.ts'
import type { Job, WhatIsRead } from '../pool/messages.ts'
import type { ResultColumn } from '../port.ts'
import { marksOf, maskedChoice, maskedChoiceMessage } from '../reading.ts'
import { type ApplicationDatabase, placed } from './application-database.ts'
import { Failed, Refused } from './failures.ts'
import { everything } from './restricted-views.ts'
import type { TableView } from './views.ts'

export interface Translated {
  sql: string
  tables: string[]
  /** What stands for them under restrictions. */
  views: TableView[]
  /** The result's types in Athena, where they are known. */
  types: (ColumnType | undefined)[]
  /** What is told of each column of the result beside its name and type. */
  marks: Pick<ResultColumn, 'masked' | 'from'>[]
  /** Masked columns that it chooses its rows by, `table.column`. */
  chosenByMasked: string[]
  reading: WhatIsRead
  /** Key of the restrictions it was translated for. */
  restricted: string | undefined
  places: boolean
  /** Compressed bytes of the columns named, in all objects of their tables. */
  bytesAtMost: number
}

const remembered = 500

/** The statement as DuckDB is to run it. Templates give the same few texts over and over, so it is remembered for a version of the catalog. */
export async function translated(database: ApplicationDatabase, job: Job, limit?: number): Promise<Translated> {
  if (job.places && job.restrictions) throw new Refused('Places of rows are told of a whole table only.')
  const restricted = job.restrictions && (await database.restricted.enter(job.restrictions, job.careful ?? false))
  const key = JSON.stringify([job.sql, job.values.map((value) => value.type), limit, restricted?.key, job.places])
  const known = database.remembered.get(key)
  if (known) return known
  const granted = restricted && new Set(job.restrictions?.tables)
  const seen = (name: string) => granted === undefined || granted.has(name)
  const tables = database.setup.tables.filter(({ name }) => seen(name))
  const views = new Map<string, TableView>()
  const viewOf = (name: string, columns: ReadonlySet<string>): string => {
    const table = tables.find((candidate) => candidate.name === name)
    if (!table || !restricted) return name
    const view = database.restricted.viewFor(restricted, table, columns)
    views.set(view.name, view)
    return view.name
  }
  const made = await translate(database.connection, job.sql, {
    tables: tables.map(({ name, columns, partitionBy }) => ({
      name,
      columns: withPlaces(columns, job.places),
      partitioned: partitionBy.length > 0,
    })),
    absent: database.setup.absent.filter(seen),
    schema: job.places ? placed : (restricted?.schema ?? everything),
    parameters: job.values.map((value) => value.type),
    exact: true,
    ...(limit === undefined ? {} : { limit }),
    ...(restricted && { view: viewOf }),
  })
  const [finding] = made.findings
  if (finding || made.sql === undefined) throw new Refused(finding?.message ?? 'This is not a SELECT.', finding)
  const bytesAtMost = tables
    .flatMap((table) => table.columns.filter((column) => made.used.get(table.name)?.has(column.name)))
    .reduce((sum, column) => sum + column.bytes, 0)
  const result = {
    sql: made.sql,
    tables: [...made.used.keys()],
    views: [...views.values()],
    types: made.types,
    marks: made.lineage.map((lineage) => marksOf(lineage, job.restrictions)),
    chosenByMasked: maskedChoice(made.chosenBy, job.restrictions),
    reading: {
      used: Object.fromEntries([...made.used].map(([table, columns]) => [table, [...columns]])),
      chosenBy: [...made.chosenBy],
    },
    restricted: restricted?.key,
    places: job.places === true,
    bytesAtMost,
  }
  if (database.remembered.size >= remembered) {
    database.remembered.clear()
    database.statements.clear()
  }
  database.remembered.set(key, result)
  return result
}

/** For what runs it: whatever it gave of rows chosen by values that are not there would be wrong. */
export async function mustRun(database: ApplicationDatabase, job: Job, limit?: number): Promise<Translated> {
  const statement = await translated(database, job, limit)
  const columns = statement.chosenByMasked
  if (columns.length === 0) return statement
  throw new Failed({ kind: 'masked', message: maskedChoiceMessage(columns), retryable: false, columns })
}
