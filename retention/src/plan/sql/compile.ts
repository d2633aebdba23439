import { placeColumns } from '@muniment/archive/engine/places'
import { identifier } from '@muniment/archive/engine/sql-text'
import type { Application } from '@muniment/archive/model/types'
import type { Statement } from '@muniment/archive/statements/types'
import type { DomainSchedules } from '../../schedule/types.ts'
import { typeOf } from './conditions.ts'
import { type Going, goingQueries } from './going.ts'
import { inOrder, recordTables } from './order.ts'
import { mustTable } from './paths.ts'
import { type Said, saidQuery, weigh } from './said.ts'
import { codeDate, codePlace, standingQueries } from './standing.ts'
import { asText, Bound, column, equal, keys, type Query } from './text.ts'

export interface CompileOptions {
  model: Application
  schedules: DomainSchedules
  /** Last day that counts as past: YYYY-MM-DD. */
  asOf: string
  statements: readonly Statement[]
  /** Tables that the archive holds; of others there are no rows. */
  held: ReadonlySet<string>
}

export interface Compiled {
  /** In the order in which they are worked out: those whose rows name others come first. */
  classes: Going[]
  /** Tables with rows that may go, and how many columns the widest key and the widest key of a record have. */
  tables: string[]
  widths: { key: number; record: number }
  /** Records by standing: `st`, `why`, `kept` (why it stays although due, or NULL) and how many. */
  counts(name: string): Query
  /** Every record: its key as text, `st`, `code` and `kept`. */
  records(name: string): Query
  /** All rows that go, of every table (`_table`), in the shape of disposition lists, in no order; keys are as wide as the widest. */
  lists(): Query
  /** Records and rows that go, by the month from which they may: `month`, `class`, `records`, `rows`. */
  months(): Query
  /** Of one record: `st`, `code`, `why`, `kept` and, of each schedule in its place, whether it applies and its event and due date. */
  detail(name: string, key: string[]): Query
}

/**
 * A domain's schedules as SELECTs in Athena's dialect: of statements that ask for places. Throws Error where `checkSchedules` finds something.
 */
export function compile({ model, schedules, asOf, statements, held }: CompileOptions): Compiled {
  const said = weigh(statements, model, asOf)
  const bound = new Bound()
  const common = { model, from: reader(said), bound, asOf, plausible: schedules.plausible, said }
  const classes = domainClasses(schedules, common)
  const withs = (some: readonly Going[]) =>
    withQueries([
      ...absentQueries(model, held),
      ...saidQueries(said, model, bound),
      ...some.flatMap(({ queries }) => queries),
    ])
  const known = (name: string) => {
    const found = classes.find((one) => one.class.name === name)
    if (!found) throw new Error(`There is no class ${name}.`)
    return found
  }
  /** A class is worked out after those that are before it, and needs no other. */
  const upTo = (one: Going) => classes.slice(0, classes.indexOf(one) + 1)
  const tables = [...new Set(classes.flatMap((one) => recordTables(model, one.class).map(({ table }) => table)))]
  const widest = (some: readonly { primaryKey: string[] }[]) =>
    Math.max(...some.map(({ primaryKey }) => primaryKey.length))
  const widths = {
    key: widest(tables.map((table) => mustTable(model, table))),
    record: widest(classes.map(({ root }) => root)),
  }

  return {
    classes,
    tables,
    widths,

    counts(name) {
      const one = known(name)
      const names = keys(one.root.primaryKey.length)
      return bound.query(`${withs(upTo(one))} SELECT s.st AS st, s.why AS why, b.why AS kept, count(*) AS records
        FROM ${one.standing} AS s LEFT JOIN ${one.blocked} AS b ON ${equal('b', names, 's', names)}
        GROUP BY s.st, s.why, b.why ORDER BY st, why, kept`)
    },

    records(name) {
      const one = known(name)
      const names = keys(one.root.primaryKey.length)
      const key = one.root.primaryKey.map(
        (column, index) => `${asText(`s.k${index + 1}`, typeOf(one.root, column))} AS k${index + 1}`,
      )
      return bound.query(`${withs(upTo(one))} SELECT ${key.join(', ')}, s.st AS st, s.code AS code, b.why AS kept
        FROM ${one.standing} AS s LEFT JOIN ${one.blocked} AS b ON ${equal('b', names, 's', names)} ORDER BY ${names.join(', ')}`)
    },

    lists() {
      const padded = (expressions: string[], width: number, name: string) =>
        Array.from(
          { length: width },
          (_, index) => `${expressions[index] ?? 'CAST(NULL AS varchar)'} AS ${name}_${index + 1}`,
        )
      const selects = classes.flatMap((one) =>
        recordTables(model, one.class).map(({ table: name }) => {
          const table = mustTable(model, name)
          const key = table.primaryKey.map((part) => asText(column('x', part), typeOf(table, part)))
          const record = one.root.primaryKey.map((part, index) => asText(`x.r${index + 1}`, typeOf(one.root, part)))
          const columns = [
            `${bound.value('varchar', name)} AS _table`,
            'x._object AS _object',
            'x._row AS _row',
            ...padded(key, widths.key, 'key'),
            `${bound.value('varchar', one.class.name)} AS class`,
            ...padded(record, widths.record, 'record'),
            `${scheduleOf(one, 'x.code', bound)} AS schedule`,
            `${codeDate('x.code')} AS due_from`,
          ]
          return `SELECT ${columns.join(', ')} FROM (${one.rows(name)}) AS x`
        }),
      )
      return bound.query(`${withs(classes)} ${selects.join(' UNION ALL ')}`)
    },

    months() {
      const selects = classes.flatMap((one) =>
        recordTables(model, one.class).map(({ table }) => {
          const isRecord = table === one.root.name
          const from = `(SELECT date_trunc('month', ${codeDate('x.code')}) AS month FROM (${one.rows(table)}) AS x) AS y`
          return `SELECT y.month AS month, ${bound.value('varchar', one.class.name)} AS class, ${isRecord ? 'count(*)' : '0'} AS records, count(*) AS n
            FROM ${from} GROUP BY y.month`
        }),
      )
      const records = classes.map(
        (
          one,
        ) => `SELECT date_trunc('month', ${codeDate('g.code')}) AS month, ${bound.value('varchar', one.class.name)} AS class, count(*) AS records, 0 AS n
          FROM ${one.going} AS g GROUP BY date_trunc('month', ${codeDate('g.code')})`,
      )
      const rows = selects.map((select) => select.replace('count(*) AS records', '0 AS records'))
      return bound.query(`${withs(classes)} SELECT u.month AS month, u.class AS class, sum(u.records) AS records, sum(u.n) AS n
        FROM (${[...records, ...rows].join(' UNION ALL ')}) AS u GROUP BY u.month, u.class ORDER BY u.month, u.class`)
    },

    detail(name, key) {
      const one = known(name)
      const names = keys(one.root.primaryKey.length)
      const prefix = one.standing
      const is = one.root.primaryKey.map(
        (column, index) =>
          `${asText(`s.k${index + 1}`, typeOf(one.root, column))} = ${bound.value('varchar', key[index] ?? null)}`,
      )
      const each = one.schedules.map(
        (_, index) => `c.l${index} AS l${index}, c.d${index} AS d${index}, c.c${index} AS c${index}`,
      )
      const conditions = one.class.keepWhile.map((_, index) => `c.w${index} AS w${index}`)
      const columns = ['s.st AS st', 's.code AS code', 's.why AS why', 'b.why AS kept', ...each, ...conditions]
      return bound.query(`${withs(upTo(one))} SELECT ${columns.join(', ')} FROM ${prefix} AS s
        JOIN ${prefix}_codes AS c ON ${equal('c', names, 's', names)}
        LEFT JOIN ${one.blocked} AS b ON ${equal('b', names, 's', names)} WHERE ${is.join(' AND ')} ORDER BY s.st`)
    },
  }
}

/** The id of the schedule that a code names. */
function scheduleOf(one: Going, code: string, bound: Bound): string {
  const cases = one.schedules.map(({ id }, index) => `WHEN ${index} THEN ${bound.value('varchar', id)}`)
  return `CASE ${codePlace(code)} ${cases.join(' ')} END`
}

const saidName = (table: string) => `said_${table}`

const reader = (said: Said) => (table: string) => (said.cells.has(table) ? saidName(table) : table)

const saidQueries = (said: Said, model: Application, bound: Bound) =>
  [...said.cells].map(([table, list]) => ({
    name: saidName(table),
    sql: saidQuery(mustTable(model, table), list, bound),
  }))

/** In the place of tables of which nothing was ever delivered. */
const absentQueries = (model: Application, held: ReadonlySet<string>) =>
  model.tables
    .filter(({ name }) => !held.has(name))
    .map(({ name, columns }) => ({
      name,
      sql: `SELECT ${[...columns, ...placeColumns].map((one) => `CAST(NULL AS ${one.type}) AS ${identifier(one.name)}`).join(', ')} WHERE FALSE`,
    }))

const withQueries = (queries: readonly { name: string; sql: string }[]) =>
  queries.length === 0 ? '' : `WITH ${queries.map(({ name, sql }) => `${identifier(name)} AS (${sql})`).join(',\n')}\n`

function domainClasses(
  schedules: DomainSchedules,
  common: Parameters<typeof standingQueries>[1] extends infer Wanted
    ? Omit<Wanted, 'prefix' | 'acts'> & { said: Said }
    : never,
): Going[] {
  const done: Going[] = []
  inOrder(common.model, schedules.classes).forEach((recordClass, index) => {
    const acts = common.said.acts.get(recordClass.table)
    const standing = standingQueries(recordClass, { ...common, prefix: `class${index + 1}`, acts })
    done.push(goingQueries(common.model, standing, done, { said: common.said, bound: common.bound }))
  })
  return done
}
