import type { Job } from '../pool/messages.ts'
import type { ResultColumn } from '../port.ts'
import { literal } from '../sql-text.ts'
import type { ApplicationDatabase } from './application-database.ts'
import { Refused } from './failures.ts'
import { keysSelect } from './keys-select.ts'
import { copyOptions, outputColumn } from './output-columns.ts'
import { type Report, resultColumns, scannedBytes } from './run.ts'
import { mustRun } from './translated.ts'
import { bindValues } from './values.ts'

const progressEvery = 250
/** In a schema of the instance that no statement can name. */
const taken = 'temp.main.taken_rows'
/** Of the work, the part until the rows are there, where they are kept before they are written. */
const keeping = 0.7

type UnloadJob = Job & { work: { kind: 'unload' } }

/** Writes the whole result into a file by DuckDB's own COPY; the statement itself was translated like any other. */
export async function unload(database: ApplicationDatabase, job: UnloadJob, report: Report): Promise<void> {
  const { file, format, rowLimit, keys } = job.work
  const statement = await mustRun(database, job)
  await database.stand(statement)
  const { connection } = database
  const inner = await connection.prepare(statement.sql)
  const found = resultColumns(statement, inner)
  inner.destroySync()
  const columns = job.work.columns.map((column) => {
    const made = columnOf(found, column.name)
    return { ...column, type: made.type, made }
  })
  const select = columns.map((column, index) => outputColumn(column, format, index)).join(', ')
  const rowsOf = `(${statement.sql}) AS result`
  const source = rowLimit === undefined ? rowsOf : `(FROM ${rowsOf} LIMIT ${rowLimit + 1}) AS result`
  const copy = (from: string) => `COPY (SELECT ${select} FROM ${from}) TO ${literal(file)} (${copyOptions(format)})`

  let [from, to] = [0, 1]
  const timer = setInterval(() => {
    const { percentage } = connection.progress
    const progress = from + (to - from) * Math.min(1, percentage / 100)
    if (percentage > 0) void report.send({ type: 'progress', id: job.id, progress })
  }, progressEvery)

  async function count(sql: string): Promise<number> {
    const prepared = await connection.prepare(sql)
    try {
      if (prepared.parameterCount > 0) bindValues(prepared, job.values)
      return Number((await (await prepared.run()).getRows())[0]?.[0] ?? 0)
    } finally {
      prepared.destroySync()
    }
  }

  /** What is written twice is computed once: rows without an order of their own, or replaced in between, would be others. */
  async function withKeys({ file, groups }: NonNullable<typeof keys>): Promise<{ rows: number; keys?: number }> {
    const sql = keysSelect(
      groups.map((group) => group.map((names) => names.map((name) => columnOf(found, name)))),
      taken,
    )
    to = keeping
    try {
      const rows = await count(`CREATE TEMP TABLE ${taken} AS SELECT * FROM ${source}`)
      from = keeping
      to = 1
      if (rowLimit !== undefined && rows > rowLimit) return { rows }
      await count(copy(`${taken} AS result`))
      return { rows, keys: await count(`COPY (${sql}) TO ${literal(file)} (FORMAT json)`) }
    } finally {
      await connection.run(`DROP TABLE IF EXISTS ${taken}`).catch(() => undefined)
    }
  }

  try {
    const { rows, keys: written } = keys ? await withKeys(keys) : { rows: await count(copy(source)) }
    const more = rowLimit !== undefined && rows > rowLimit
    const outcome = {
      columns: columns.map(({ made }) => made),
      rows: more ? 0 : rows,
      more,
      ...(keys && { keys: written ?? 0 }),
      bytesScanned: scannedBytes(report, statement),
    }
    await report.send({ type: 'done', id: job.id, outcome })
  } finally {
    clearInterval(timer)
  }
}

function columnOf(columns: ResultColumn[], name: string): ResultColumn {
  const found = columns.find((candidate) => candidate.name === name)
  if (!found) throw new Refused(`The query gives no column "${name}".`)
  return found
}
