import type { Application, ForeignKey, Table } from '@muniment/archive/model/types'
import { parquetRelation } from './measure.ts'
import type { Session } from './session.ts'
import { identifier, list } from './sql.ts'

/** Where a table's rows are: of this load, and of loads before it. */
export interface TableFiles {
  own: string[]
  earlier: string[]
  /** It was delivered and could not be read: nothing can be said of what refers to it. */
  unreadable: boolean
}

/** Rows of the load that break a rule, as a table of the offending values; the source is asked for them afterwards. */
export interface Violation {
  kind: 'code' | 'duplicate-key' | 'orphan'
  columns: string[]
  /** Table with the columns named; every connection of the load sees it. */
  values: string
  count: number
  message: string
}

const names = (columns: readonly string[]) => columns.map(identifier).join(', ')
const isNotNull = (columns: readonly string[]) =>
  columns.map((name) => `${identifier(name)} IS NOT NULL`).join(' AND ') || 'true'
/** Whether a rule of the model accepts that there is no value, or none that could be read. */
const mayMiss = ({ accept }: Table, name: string) =>
  accept.some(({ kind, column }) => (kind === 'null' || kind === 'cast') && (column ?? name) === name)
const same = (columns: readonly string[], to: readonly string[]) =>
  columns.map((name, index) => `a.${identifier(name)} = b.${identifier(to[index] ?? name)}`).join(' AND ')
/** As many of a key's or reference's values may be missing in what was found as in the rows. */
const alike = (columns: readonly string[]) =>
  columns.map((name) => `a.${identifier(name)} IS NOT DISTINCT FROM b.${identifier(name)}`).join(' AND ')

let made = 0
const nameFor = (kind: string, table: string) => `${kind}_${table}_${made++}`

/** Finds what breaks keys, references and code lists; each violation names the rows by their values. */
export function createConstraints(session: Session, application: Application, filesOf: (table: string) => TableFiles) {
  async function keep(table: Table, kind: Violation['kind'], columns: string[], select: string, message: string) {
    const values = nameFor(kind === 'duplicate-key' ? 'duplicate' : kind, table.name)
    await session.run(`CREATE TABLE ${identifier(values)} AS ${select}`)
    const { rows } = await session.row(`SELECT count(*) AS rows FROM ${identifier(values)}`)
    if (Number(rows) === 0) return []
    const own = parquetRelation(table, filesOf(table.name).own)
    const { count } = await session.row(
      `SELECT count(*) AS count FROM ${own} a SEMI JOIN ${identifier(values)} b ON ${alike(columns)}`,
    )
    return [{ kind, columns, values, count: Number(count), message }]
  }

  /**
   * The rows of `table` whose reference leads nowhere, as a FROM clause; undefined where that cannot be known. `select`: what of the
   * rows is wanted.
   */
  function lost(table: Table, key: ForeignKey, select = '*'): string | undefined {
    const parent = application.tables.find(({ name }) => name === key.references.table)
    const { own, earlier, unreadable } = filesOf(key.references.table)
    if (unreadable) return undefined
    const child = `(SELECT ${select} FROM ${parquetRelation(table, filesOf(table.name).own)} WHERE ${isNotNull(key.columns)}) a`
    const paths = [...own, ...earlier]
    if (!parent || paths.length === 0) return child
    return `${child} ANTI JOIN ${parquetRelation(parent, paths)} b ON ${same(key.columns, key.references.columns)}`
  }

  /** One statement finds whether there is anything to find: mostly there is nothing. */
  async function survey(table: Table) {
    const coded = table.columns.filter(({ codeList, derived }) => codeList !== undefined && !derived)
    const own = parquetRelation(table, filesOf(table.name).own)
    const codes = coded.map(({ name }, index) => `list(DISTINCT CAST(${identifier(name)} AS VARCHAR)) AS c${index}`)
    const counts = table.foreignKeys.map((key, index) => {
      // Only whether there are any is asked: rows that stand together and refer to the same are looked up once.
      const inRuns = key.columns[0] === table.sortBy[0]
      const from = lost(table, key, inRuns ? `DISTINCT ${names(key.columns)}` : '*')
      return from === undefined ? `0 AS o${index}` : `(SELECT count(*) FROM ${from}) AS o${index}`
    })
    if (codes.length + counts.length === 0) return { coded: [], orphaned: [] }
    const texts = coded.map((_, index) => `CAST(to_json(c${index}) AS VARCHAR) AS c${index}`)
    const row = await session.row(
      codes.length > 0
        ? `SELECT ${[...texts, ...counts].join(', ')} FROM (SELECT ${codes.join(', ')} FROM ${own})`
        : `SELECT ${counts.join(', ')}`,
    )
    const unknown = coded.map(({ name, codeList }, index) => {
      const known = new Set(application.codeLists[codeList ?? '']?.values.map(({ code }) => code))
      const present = JSON.parse(row[`c${index}`] ?? '[]') as (string | null)[]
      return { name, codeList, codes: present.filter((code) => code !== null && !known.has(code)) }
    })
    return {
      coded: unknown.filter(({ codes: found }) => found.length > 0),
      orphaned: table.foreignKeys.filter((_, index) => row[`o${index}`] !== '0'),
    }
  }

  /**
   * A key without a value is a finding of its own, and no duplicate of another one; where a rule accepts that it is missing, nothing but
   * this tells that such rows cannot be told apart. `distinct`: keys within the load are known to be distinct, so only earlier loads are asked.
   */
  async function duplicates(table: Table, distinct: boolean): Promise<Violation[]> {
    const { own, earlier } = filesOf(table.name)
    const key = table.primaryKey
    const found: Violation[] = []
    const rows = parquetRelation(table, own)
    if (!distinct)
      found.push(
        ...(await keep(
          table,
          'duplicate-key',
          key,
          `SELECT ${names(key)} FROM ${rows} WHERE ${isNotNull(key.filter((name) => !mayMiss(table, name)))} GROUP BY ALL HAVING count(*) > 1`,
          'the key occurs more than once in the delivery',
        )),
      )
    if (earlier.length > 0)
      found.push(
        ...(await keep(
          table,
          'duplicate-key',
          key,
          `SELECT DISTINCT ${key.map((name) => `a.${identifier(name)}`).join(', ')} FROM ${rows} a
           SEMI JOIN ${parquetRelation(table, earlier)} b ON ${same(key, key)}`,
          'an earlier load holds the key already',
        )),
      )
    return found
  }

  return {
    async check(table: Table, distinct: boolean): Promise<Violation[]> {
      if (filesOf(table.name).own.length === 0) return []
      const { coded, orphaned } = await survey(table)
      const found: Violation[] = []
      const own = parquetRelation(table, filesOf(table.name).own)
      for (const { name, codeList, codes } of coded) {
        const select = `SELECT DISTINCT ${identifier(name)} FROM ${own}
          WHERE CAST(${identifier(name)} AS VARCHAR) IN (${list(codes.map(String))})`
        found.push(...(await keep(table, 'code', [name], select, `the code is not in the list ${codeList}`)))
      }
      found.push(...(await duplicates(table, distinct)))
      for (const key of orphaned) {
        const columns = key.columns.map((name) => `a.${identifier(name)}`).join(', ')
        const select = `SELECT DISTINCT ${columns} FROM ${lost(table, key)}`
        const message = `there is no such row in ${key.references.table}`
        found.push(...(await keep(table, 'orphan', key.columns, select, message)))
      }
      return found
    },
  }
}
