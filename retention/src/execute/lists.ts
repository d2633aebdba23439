import { join } from 'node:path'
import { OperatorError } from '@muniment/archive/errors'
import { dispositionKey } from '@muniment/archive/layout'
import type { ObjectStore } from '@muniment/archive/store/port'
import type { Plan, RowRanges } from '../run/types.ts'
import { fetchFile } from './files.ts'
import { filePath, type Session, text } from './session.ts'

/** A row of a list as far as a decision goes by it. */
export interface ListedRow {
  row: number
  key: string[]
  class: string
  record: string[]
}

/** The lists of a plan, copied beside the work and each the one that was approved. */
export interface Lists {
  file(table: string): string
  rowsOf(session: Session, object: { key: string; table: string; due: number }): Promise<ListedRow[]>
  /** Every row of every list. */
  each(session: Session, take: (table: string, row: ListedRow) => void): Promise<void>
}

const columnsOf = (names: string[], prefix: string) =>
  names
    .filter((name) => new RegExp(`^${prefix}_[1-9]\\d*$`).test(name))
    .sort((one, other) => Number(one.slice(prefix.length + 1)) - Number(other.slice(prefix.length + 1)))

/** Throws OperatorError where a list is missing or is not the one that the plan names. */
export async function openLists(store: ObjectStore, plan: Plan, folder: string): Promise<Lists> {
  const files = new Map<string, string>()
  for (const [table, { sha256 }] of Object.entries(plan.lists)) {
    const file = join(folder, `${table}.parquet`)
    const key = dispositionKey(plan.run, table)
    const actual = await fetchFile(store, key, file).catch((error: unknown) => {
      throw new OperatorError(`The list of ${table} cannot be read (${key}). Nothing is destroyed without it.`, {
        cause: error,
      })
    })
    if (actual !== sha256)
      throw new OperatorError(`The list of ${table} is not the one that was planned and approved (${key}).`)
    files.set(table, file)
  }
  const file = (table: string) => {
    const found = files.get(table)
    if (found === undefined) throw new OperatorError(`Run ${plan.run} has no list of ${table}.`)
    return found
  }

  async function read(session: Session, table: string, where: string, take: (row: ListedRow) => void) {
    const from = filePath(file(table))
    const names = (await session.rows(`DESCRIBE SELECT * FROM read_parquet(${from}, hive_partitioning = false)`)).map(
      ({ column_name }) => column_name ?? '',
    )
    const [key, record] = [columnsOf(names, 'key'), columnsOf(names, 'record')]
    if (key.length === 0 || record.length === 0) throw new OperatorError(`The list of ${table} names no keys.`)
    const select = ['_row', 'class', ...key, ...record].join(', ')
    await session.each(
      `SELECT ${select} FROM read_parquet(${from}, hive_partitioning = false) ${where} ORDER BY _object, _row`,
      ([row, name, ...values]) => {
        const known = values.filter((value) => value !== null)
        if (row === null || row === undefined || name === null || name === undefined || known.length !== values.length)
          throw new OperatorError(`The list of ${table} has a row without number, class or key.`)
        take({ row: Number(row), class: name, key: known.slice(0, key.length), record: known.slice(key.length) })
      },
    )
  }

  return {
    file,
    async rowsOf(session, { key, table, due }) {
      const rows: ListedRow[] = []
      await read(session, table, `WHERE _object = ${text(key)}`, (row) => rows.push(row))
      if (rows.length !== due || rows.some(({ row }, index) => row <= (rows[index - 1]?.row ?? -1)))
        throw new OperatorError(
          `The list of ${table} has ${rows.length} rows of ${key} where the plan says ${due}, or one twice.`,
        )
      return rows
    },
    async each(session, take) {
      for (const table of files.keys()) await read(session, table, '', (row) => take(table, row))
    },
  }
}

/** Row numbers in ascending order as runs of consecutive ones. */
export function rangesOf(rows: Iterable<number>): RowRanges {
  const ranges: RowRanges = []
  for (const row of rows) {
    const last = ranges.at(-1)
    if (last && last[0] + last[1] === row) last[1]++
    else ranges.push([row, 1])
  }
  return ranges
}

export const countOf = (ranges: RowRanges): number => ranges.reduce((sum, [, count]) => sum + count, 0)
