import type { BoundValue } from '@muniment/archive/engine/port'
import { identifier } from '@muniment/archive/engine/sql-text'
import { NotFoundError, OperatorError } from '@muniment/archive/errors'
import type { Table } from '@muniment/archive/model/types'
import type { RetentionDeps } from '../deps.ts'
import type { Schedule, Standing } from '../schedule/types.ts'
import { readSchedules } from '../schedule/versions.ts'
import { type Asker, rowsOf } from './ask.ts'
import { localDay, mustBeDay } from './days.ts'
import { freeze } from './frozen.ts'
import type { Compiled } from './sql/compile.ts'
import { typeOf } from './sql/conditions.ts'
import { hasTable } from './sql/going.ts'
import { keepingLinks, recordTables } from './sql/order.ts'
import { mustTable } from './sql/paths.ts'
import { standings } from './sql/standing.ts'
import { asText, column, equal, every } from './sql/text.ts'
import { compiled } from './work-out.ts'

export interface ExplainedSchedule {
  schedule: Schedule
  /** `false`: in force, and not of this record. `unknown` keeps. */
  applies: boolean | 'unknown'
  /** The day on which the period begins to count from; null where it is unknown or does not matter. */
  event: string | null
  dueFrom: string | null
  decides: boolean
}

/** Why a record is still here, or that it may go; holds are not looked at. */
export interface ExplainedRecord {
  application: string
  domain: string
  class: { name: string; title: string }
  /** The record that the row belongs to. */
  record: { table: string; key: string[] }
  asOf: string
  standing: Standing
  /** From when on it may go, by the schedule that decides. */
  dueFrom: string | null
  /** A sentence for what keeps it; absent where it may go. */
  because?: string
  schedules: ExplainedSchedule[]
  /** Conditions that keep it, or may. */
  conditions: { title: string; holds: true | 'unknown' }[]
  /** Declared keys by which rows name it from outside, and how many. */
  namedBy: { table: string; columns: string[]; rows: number }[]
}

const MOST_DUE = 9

/** Of the record that a row belongs to, in the domain whose schedules say of it. Throws NotFoundError where there is no such row or none say. */
export async function explainRecord(
  deps: Pick<RetentionDeps, 'store' | 'engine' | 'catalog' | 'loadModel' | 'clock'>,
  { application, table, key, asOf }: { application: string; table: string; key: string[]; asOf?: string | undefined },
): Promise<ExplainedRecord> {
  const model = await deps.loadModel(application)
  if (!model.tables.some(({ name, primaryKey }) => name === table && primaryKey.length === key.length))
    throw new NotFoundError()
  for (const { name: domain } of model.domains) {
    const schedules = await readSchedules(deps.store, application, domain)
    if (!schedules?.schedules.classes.some((one) => hasTable(model, one, table))) continue
    const frozen = await freeze(deps, application, domain)
    const day = mustBeDay(asOf ?? localDay(deps.clock(), model.timeZone))
    const made = compiled({ ...frozen, schedules: frozen.schedules.schedules, asOf: day })
    const asker = { engine: deps.engine, model, version: frozen.catalog.version }
    const found = await explained(asker, made, { table, key })
    if (found) return { application, domain, asOf: day, ...found }
  }
  throw new NotFoundError()
}

async function explained(
  asker: Asker,
  made: Compiled,
  row: { table: string; key: string[] },
): Promise<Omit<ExplainedRecord, 'application' | 'domain' | 'asOf'> | undefined> {
  for (const one of made.classes) {
    if (!hasTable(asker.model, one.class, row.table)) continue
    for (const record of await recordsOf(asker, one.class, row)) {
      const rows = await rowsOf(asker, made.detail(one.class.name, record), MOST_DUE)
      const [first] = rows
      if (!first) continue
      const [st, code, why, kept, ...rest] = first
      const count = one.schedules.length
      const number = Number(code)
      const place = number < 0 ? -1 : 999 - (number % 1000)
      const rank = standings[Number(st)]
      if (rank === undefined) throw new OperatorError('A record has a standing that there is not.')
      const because = rank === 'due' ? Number(kept ?? 0) : Number(why)
      const schedules = one.schedules.map((schedule, index): ExplainedSchedule => {
        const [level, event, due] = rest.slice(index * 3, index * 3 + 3)
        return {
          schedule,
          applies: level === '2' ? 'unknown' : level === '1',
          event: event ?? null,
          dueFrom: dayOf(Number(due ?? -1)),
          decides: index === place,
        }
      })
      const conditions = one.class.keepWhile.flatMap(({ title }, index) => {
        const level = rest[count * 3 + index]
        return level === '1' || level === '2'
          ? [{ title, holds: level === '1' ? (true as const) : ('unknown' as const) }]
          : []
      })
      const sentence = because > 0 ? one.reasons[because - 1] : undefined
      return {
        class: { name: one.class.name, title: one.class.title },
        record: { table: one.class.table, key: record },
        standing: rank === 'due' && because > 0 ? 'kept' : rank,
        dueFrom: dayOf(number),
        ...(sentence === undefined ? {} : { because: sentence }),
        schedules,
        conditions,
        namedBy: await namedBy(asker, one.class, record),
      }
    }
  }
  return undefined
}

/** The day in a code. */
function dayOf(code: number): string | null {
  if (code < 0) return null
  const day = new Date(Date.UTC(2000, 0, 1))
  day.setUTCFullYear(1, 0, 1 + Math.floor(code / 1000))
  const [year = '', rest = ''] = [String(day.getUTCFullYear()).padStart(4, '0'), day.toISOString().slice(-19, -14)]
  return `${year}-${rest.replace(/^-/, '')}`
}

type RecordClass = Compiled['classes'][number]['class']

const isKey = (alias: string, table: Table, key: readonly string[], values: BoundValue[]) =>
  every(
    table.primaryKey.map((name, index) => {
      values.push({ type: 'varchar', value: key[index] ?? null })
      return `${asText(column(alias, name), typeOf(table, name))} = ?`
    }),
  )

/** Joins from a table of the record, alias `x`, up to the record's own row, alias `t`. */
function upwards(asker: Asker, recordClass: RecordClass, from: string): string {
  const tables = recordTables(asker.model, recordClass)
  const joins: string[] = []
  let [at, alias, depth] = [from, 'x', 0]
  for (;;) {
    const link = tables.find(({ table }) => table === at)?.link
    if (!link) return joins.join(' ')
    const next = link.parent === recordClass.table ? 't' : `p${++depth}`
    joins.push(
      `JOIN ${identifier(link.parent)} AS ${next} ON ${every(link.to.map((name, index) => `${column(next, name)} = ${column(alias, link.columns[index] ?? '')}`))}`,
    )
    ;[at, alias] = [link.parent, next]
  }
}

async function recordsOf(
  asker: Asker,
  recordClass: RecordClass,
  row: { table: string; key: string[] },
): Promise<string[][]> {
  const root = mustTable(asker.model, recordClass.table)
  if (row.table === root.name) return [row.key]
  const values: BoundValue[] = []
  const keys = root.primaryKey.map((name, index) => `${asText(column('t', name), typeOf(root, name))} AS k${index + 1}`)
  const where = isKey('x', mustTable(asker.model, row.table), row.key, values)
  const sql = `SELECT DISTINCT ${keys.join(', ')} FROM ${identifier(row.table)} AS x ${upwards(asker, recordClass, row.table)} WHERE ${where} ORDER BY ${keys.map((_, index) => index + 1).join(', ')}`
  return (await rowsOf(asker, { sql, values }, MOST_DUE)).map((found) => found.map((part) => part ?? ''))
}

async function namedBy(asker: Asker, recordClass: RecordClass, record: string[]): Promise<ExplainedRecord['namedBy']> {
  const root = mustTable(asker.model, recordClass.table)
  const found: ExplainedRecord['namedBy'] = []
  for (const { child, columns, parent, to } of keepingLinks(asker.model, recordClass)) {
    const values: BoundValue[] = []
    const from =
      parent === root.name
        ? `${identifier(root.name)} AS t JOIN ${identifier(child)} AS z ON ${equal('z', columns, 't', to)}`
        : `${identifier(parent)} AS x ${upwards(asker, recordClass, parent)} JOIN ${identifier(child)} AS z ON ${equal('z', columns, 'x', to)}`
    const sql = `SELECT count(*) AS n FROM ${from} WHERE ${isKey('t', root, record, values)}`
    const [row] = await rowsOf(asker, { sql, values }, 1)
    const rows = Number(row?.[0] ?? 0)
    if (rows > 0) found.push({ table: child, columns, rows })
  }
  return found
}
