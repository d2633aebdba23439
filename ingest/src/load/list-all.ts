import { mkdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { OperatorError } from '@muniment/archive/errors'
import type { Application, Table } from '@muniment/archive/model/types'
import type { Deviation, TableCounts } from '../outcome.ts'
import type { Violation } from '../tables/constraints.ts'
import { type Finding, judge } from '../tables/findings.ts'
import { lineSink, listDeviations } from '../tables/listing.ts'
import type { Session } from '../tables/session.ts'
import type { Shape } from '../tables/shape.ts'
import { readSource } from './source.ts'
import type { TableJob, TableResult } from './table-work.ts'

/** A table as far as the work on it has come. */
export interface Worked {
  job: TableJob
  table: Table
  result: TableResult
  shape?: Shape
  violations: { finding: Finding; violation: Violation }[]
}

export interface ListOptions {
  session: Session
  application: Application
  staging: string
  /** Records listed of each refused kind and column of a table. */
  listLimit: number
}

export interface Listing {
  /** All findings, judged. */
  findings: Finding[]
  tables: Record<string, TableCounts>
  deviations: { file: string; listed: number; omitted: number; first: Deviation[] }
  /** Local files by table. */
  quarantine: Map<string, string>
}

/** Deviations that an outcome carries along. */
const KEPT = 200

function asDeviation(finding: Finding, table: Table | undefined): Deviation {
  const { kind, file, line, source, columns, message, rule } = finding
  const column = source ?? table?.columns.find(({ name }) => name === columns[0])?.source ?? columns[0]
  return {
    kind,
    ...(table ? { table: table.name } : {}),
    ...(file === undefined ? {} : { file }),
    ...(line === undefined ? {} : { line }),
    ...(column === undefined ? {} : { column }),
    message,
    accepted: rule !== undefined,
  }
}

const ABOUT_RECORDS = new Set(['cast', 'null', 'precision', 'code', 'duplicate-key', 'orphan'])

/** Judges all findings by the model's rules and lists what deviates, one by one. */
export async function listAll(options: ListOptions, worked: Worked[], general: Finding[]): Promise<Listing> {
  const { application, staging, session, listLimit } = options
  const folder = join(staging, 'papers')
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  const file = join(folder, 'deviations.jsonl')
  const deviations = lineSink(file)
  const first = { refused: [] as Deviation[], accepted: [] as Deviation[] }
  let listed = 0
  const note = (deviation: Deviation) => {
    listed++
    const kept = deviation.accepted ? first.accepted : first.refused
    if (kept.length < KEPT) kept.push(deviation)
  }
  const findings: Finding[] = []
  const tables: Record<string, TableCounts> = {}
  const quarantine = new Map<string, string>()
  let expected = 0
  const plain = async (finding: Finding) => {
    const table = application.tables.find(({ name }) => name === finding.table)
    findings.push(finding)
    const deviation = asDeviation(finding, table)
    expected++
    note(deviation)
    await deviations.write(deviation)
  }
  for (const finding of general)
    await plain(
      judge(
        application.tables.find(({ name }) => name === finding.table),
        finding,
      ),
    )
  for (const one of worked) {
    const { table, result, job } = one
    const judged = result.findings.map((finding) => ({ finding: judge(table, finding) }))
    for (const { finding } of judged) if (!ABOUT_RECORDS.has(finding.kind)) await plain(finding)
    const about = [
      ...judged.filter(({ finding }) => ABOUT_RECORDS.has(finding.kind)),
      ...one.violations.map(({ finding, violation }) => ({ finding: judge(table, finding), violation })),
    ]
    findings.push(...about.map(({ finding }) => finding))
    expected += about.reduce((sum, { finding }) => sum + finding.count, 0)
    let refused = 0
    if (about.length > 0) {
      const shape = one.shape ?? (await readSource({ ...job, session })).shape?.()
      if (!shape) throw new OperatorError(`${job.file.name} was changed while it was being loaded; start again.`)
      const path = join(folder, `quarantine-${table.name}.jsonl`)
      const sink = lineSink(path)
      refused = await listDeviations({
        session,
        shape,
        file: job.file,
        findings: about,
        deviations,
        quarantine: sink,
        listed: note,
        limit: listLimit,
      })
      await sink.close()
      if ((await stat(path)).size > 0) quarantine.set(table.name, path)
    }
    const read = result.source?.rows ?? 0
    const whole = findings.some(
      ({ table: name, kind, rule }) => name === table.name && !rule && !ABOUT_RECORDS.has(kind),
    )
    tables[table.name] = { read, written: result.archive?.rows ?? 0, refused: whole ? read : refused }
  }
  await deviations.close()
  const all = [...first.refused, ...first.accepted].slice(0, KEPT)
  return { findings, tables, quarantine, deviations: { file, listed, omitted: expected - listed, first: all } }
}
