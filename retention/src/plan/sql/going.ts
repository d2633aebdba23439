import type { Application } from '@muniment/archive/model/types'
import { type Link, sameColumns } from '../../schedule/links.ts'
import type { RecordClass } from '../../schedule/types.ts'
import { namedWords } from '../../words/named-words.ts'
import { keepingLinks, recordTables } from './order.ts'
import { mustTable } from './paths.ts'
import type { Said } from './said.ts'
import { type ClassQueries, standings } from './standing.ts'
import { type Bound, column, equal, every, keys } from './text.ts'

export interface Going extends ClassQueries {
  /** WITH query of the records that go: `k1`..., `code`. */
  going: string
  /** WITH query of those that are due and stay since something else keeps them: `k1`..., `why`. */
  blocked: string
  /** Rows of a table that go: `r1`... the record's key, `code`, and of the row `_object`, `_row` and its columns as alias `x`. */
  rows(table: string): string
}

interface Earlier {
  going: Going
  tables: string[]
}

/**
 * Of a class whose standing is known, the records that go: those that are due, all of whose rows go with them alone, and that no row names
 * which stays. What goes of earlier classes does not keep it.
 */
export function goingQueries(
  model: Application,
  standing: ClassQueries,
  earlier: readonly Going[],
  { said, bound }: { said: Said; bound: Bound },
): Going {
  const { class: recordClass, root, standing: prefix, reasons } = standing
  const names = keys(root.primaryKey.length)
  const tables = recordTables(model, recordClass)
  const queries = [...standing.queries]
  const candidates = `${prefix}_due`
  queries.push({
    name: candidates,
    sql: `SELECT ${names.map((name) => `t.${name}`).join(', ')}, t.code FROM ${prefix} AS t WHERE t.st = ${standings.indexOf('due')}`,
  })

  /** FROM and WHERE by which rows of a table, alias `x`, are those of records in `records`, alias `g`. */
  function belonging(table: string, records: string): { from: string; once: boolean } {
    const joins: string[] = []
    let [at, alias, depth] = [table, 'x', 0]
    for (;;) {
      const link = tables.find((one) => one.table === at)?.link
      if (!link) {
        joins.push(`JOIN ${records} AS g ON ${equal('g', names, alias, root.primaryKey)}`)
        break
      }
      if (link.parent === root.name && sameColumns(link.to, root.primaryKey)) {
        joins.push(`JOIN ${records} AS g ON ${equal('g', names, alias, link.columns)}`)
        break
      }
      const parent = `p${++depth}`
      joins.push(`JOIN ${link.parent} AS ${parent} ON ${equal(parent, link.to, alias, link.columns)}`)
      ;[at, alias] = [link.parent, parent]
    }
    return { from: `${table} AS x ${joins.join(' ')}`, once: depth === 0 }
  }

  /** Rows of a table with the record that they belong to, each once. */
  function placed(table: string, records: string, columns: readonly string[]): string {
    const { from, once } = belonging(table, records)
    const record = names.map((name, index) => `g.${name} AS r${index + 1}`)
    const own = [...new Set(columns)].map((name) => `${column('x', name)} AS ${column('', name).slice(1)}`)
    return `SELECT ${once ? '' : 'DISTINCT '}${[...record, 'g.code AS code', 'x._object AS _object', 'x._row AS _row', ...own].join(', ')} FROM ${from}`
  }

  const why = (sentence: string) => {
    if (!reasons.includes(sentence)) reasons.push(sentence)
    return reasons.indexOf(sentence) + 1
  }
  const records = names.map((_, index) => `r${index + 1}`)
  const record = (alias: string) => records.map((name, index) => `${alias}.${name} AS ${names[index]}`).join(', ')
  const blockers: string[] = []

  for (const { table } of tables) {
    const { primaryKey } = mustTable(model, table)
    if (table === root.name) continue
    const mine = primaryKey.map((name) => column('c', name)).join(', ')
    const grouped = records.map((name) => `c.${name}`).join(', ')
    // Rows of one key must all be of this record; else it is not known whose they are.
    blockers.push(`SELECT ${record('d')}, ${why(`Rows of "${mustTable(model, table).title}" that have one key do not all go with it.`)} AS why
      FROM (SELECT ${grouped}, ${mine}, count(*) AS n FROM (${placed(table, candidates, primaryKey)}) AS c GROUP BY ${grouped}, ${mine}) AS d
      JOIN ${table} AS x ON ${equal('x', primaryKey, 'd', primaryKey)}
      GROUP BY ${records.map((name) => `d.${name}`).join(', ')}, ${primaryKey.map((name) => column('d', name)).join(', ')}, d.n HAVING count(*) <> d.n`)
    const restricted = said.acts.get(table)?.filter((act) => act.restricted) ?? []
    if (restricted.length > 0) {
      const listed = restricted.map(({ key }) => `(${key.map((part) => bound.value('varchar', part)).join(', ')})`)
      const parts = keys(primaryKey.length)
      blockers.push(`SELECT ${record('c')}, ${why('The use of one of its rows is restricted, and it is kept.')} AS why
        FROM (${placed(table, candidates, primaryKey)}) AS c JOIN (VALUES ${listed.join(', ')}) AS s(${parts.join(', ')})
        ON ${every(primaryKey.map((name, index) => `CAST(${column('c', name)} AS varchar) = s.${parts[index]}`))}`)
    }
  }

  const others: Earlier[] = earlier.map((going) => ({
    going,
    tables: recordTables(model, going.class).map(({ table }) => table),
  }))
  for (const link of keepingLinks(model, recordClass)) blockers.push(namedBy(link))

  function namedBy(link: Link): string {
    const { child, columns, parent, to } = link
    const joins: string[] = []
    const lives: string[] = []
    if (tables.some(({ table }) => table === child)) {
      joins.push(
        `LEFT JOIN (${placed(child, candidates, [])}) AS own ON own._object = z._object AND own._row = z._row AND ${equal('own', records, 'c', records)}`,
      )
      lives.push('own._row IS NULL')
    }
    others
      .filter((one) => one.tables.includes(child))
      .forEach(({ going }, index) => {
        joins.push(
          `LEFT JOIN (${going.rows(child)}) AS e${index} ON e${index}._object = z._object AND e${index}._row = z._row`,
        )
        lives.push(`e${index}._row IS NULL`)
      })
    return `SELECT ${record('c')}, ${why(namedWords(model, link))} AS why
      FROM (${placed(parent, candidates, to)}) AS c JOIN ${child} AS z ON ${equal('z', columns, 'c', to)} ${joins.join(' ')}
      WHERE ${every(lives)}`
  }

  const key = names.map((name) => `b.${name}`).join(', ')
  const blocked = `${prefix}_blocked`
  const none = `SELECT ${names.map((name) => `t.${name}`).join(', ')}, 0 AS why FROM ${candidates} AS t WHERE FALSE`
  queries.push({
    name: blocked,
    sql: `SELECT ${key}, min(b.why) AS why FROM (${blockers.length === 0 ? none : blockers.join(' UNION ALL ')}) AS b GROUP BY ${key}`,
  })
  const going = `${prefix}_going`
  queries.push({
    name: going,
    sql: `SELECT ${names.map((name) => `t.${name}`).join(', ')}, t.code FROM ${candidates} AS t
      LEFT JOIN ${blocked} AS b ON ${equal('b', names, 't', names)} WHERE b.why IS NULL`,
  })
  return {
    ...standing,
    queries,
    going,
    blocked,
    rows: (table) => placed(table, going, mustTable(model, table).primaryKey),
  }
}

export const hasTable = (model: Application, recordClass: RecordClass, table: string): boolean =>
  recordTables(model, recordClass).some((one) => one.table === table)
