import type { Application, ForeignKey, Table } from '@muniment/archive/model/types'
import { parquetRelation } from './measure.ts'
import type { Session } from './session.ts'
import { identifier } from './sql.ts'

/** Where a table's rows are: of this load, and of loads before it. */
export interface TableFiles {
  own: string[]
  earlier: string[]
}

/** Rows of the load that break a rule, as a temporary table of the offending values; the source is asked for them afterwards. */
export interface Violation {
  kind: 'code' | 'duplicate-key' | 'orphan'
  columns: string[]
  /** Temporary table with the columns named. */
  values: string
  count: number
  message: string
}

const names = (columns: readonly string[]) => columns.map(identifier).join(', ')
const isNotNull = (columns: readonly string[]) => columns.map((name) => `${identifier(name)} IS NOT NULL`).join(' AND ')
const same = (columns: readonly string[], to: readonly string[]) =>
  columns.map((name, index) => `a.${identifier(name)} = b.${identifier(to[index] ?? name)}`).join(' AND ')

function counter() {
  let next = 0
  return (kind: string, table: string) => `${kind}_${table}_${next++}`
}

/** Finds what breaks keys, references and code lists; each violation names the rows by their values. */
export function createConstraints(session: Session, application: Application, filesOf: (table: string) => TableFiles) {
  const nameFor = counter()

  async function keep(table: Table, kind: Violation['kind'], columns: string[], select: string, message: string) {
    const values = nameFor(kind === 'duplicate-key' ? 'duplicate' : kind, table.name)
    await session.run(`CREATE TEMP TABLE ${identifier(values)} AS ${select}`)
    const { rows } = await session.row(`SELECT count(*) AS rows FROM ${identifier(values)}`)
    if (Number(rows) === 0) return []
    const own = parquetRelation(table, filesOf(table.name).own)
    const { count } = await session.row(
      `SELECT count(*) AS count FROM ${own} a SEMI JOIN ${identifier(values)} b ON ${same(columns, columns)}`,
    )
    return [{ kind, columns, values, count: Number(count), message }]
  }

  async function codes(table: Table): Promise<Violation[]> {
    const coded = table.columns.filter(({ codeList, derived }) => codeList !== undefined && !derived)
    if (coded.length === 0) return []
    const own = parquetRelation(table, filesOf(table.name).own)
    const found: Violation[] = []
    const gathered = coded.map(
      ({ name }, index) => `CAST(list(DISTINCT CAST(${identifier(name)} AS VARCHAR)) AS JSON) AS c${index}`,
    )
    const row = await session.row(`SELECT ${gathered.join(', ')} FROM ${own}`)
    for (const [index, { name, codeList }] of coded.entries()) {
      const known = new Set(application.codeLists[codeList ?? '']?.values.map(({ code }) => code))
      const present = JSON.parse(row[`c${index}`] ?? '[]') as (string | null)[]
      const unknown = present.filter((code) => code !== null && !known.has(code))
      if (unknown.length === 0) continue
      const values = unknown.map((code) => `'${String(code).replaceAll("'", "''")}'`).join(', ')
      const select = `SELECT DISTINCT ${identifier(name)} FROM ${own} WHERE CAST(${identifier(name)} AS VARCHAR) IN (${values})`
      found.push(...(await keep(table, 'code', [name], select, `the code is not in the list ${codeList}`)))
    }
    return found
  }

  /** `distinct`: keys within the load are known to be distinct, so only earlier loads are asked. */
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
          `SELECT ${names(key)} FROM ${rows} GROUP BY ALL HAVING count(*) > 1`,
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

  async function orphans(table: Table, key: ForeignKey): Promise<Violation[]> {
    const parent = application.tables.find(({ name }) => name === key.references.table)
    const { own, earlier } = filesOf(key.references.table)
    const paths = [...own, ...earlier]
    const to = key.references.columns
    const child = parquetRelation(table, filesOf(table.name).own)
    const present = isNotNull(key.columns)
    const lost =
      parent && paths.length > 0
        ? `(SELECT * FROM ${child} WHERE ${present}) a ANTI JOIN ${parquetRelation(parent, paths)} b ON ${same(key.columns, to)}`
        : `(SELECT * FROM ${child} WHERE ${present}) a`
    // Mostly there is none, and counting is cheaper than telling them apart.
    const { count } = await session.row(`SELECT count(*) AS count FROM ${lost}`)
    if (count === '0') return []
    const select = `SELECT DISTINCT ${key.columns.map((name) => `a.${identifier(name)}`).join(', ')} FROM ${lost}`
    return keep(table, 'orphan', key.columns, select, `there is no such row in ${key.references.table}`)
  }

  return {
    async check(table: Table, distinct: boolean): Promise<Violation[]> {
      if (filesOf(table.name).own.length === 0) return []
      const found = [...(await codes(table)), ...(await duplicates(table, distinct))]
      for (const key of table.foreignKeys) found.push(...(await orphans(table, key)))
      return found
    },
  }
}
