import { createReadStream } from 'node:fs'
import { mkdir, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { OperatorError } from '@muniment/archive/errors'
import type { Application, Table } from '@muniment/archive/model/types'
import type { Deviation, TableCounts } from '../outcome.ts'
import type { Violation } from '../tables/constraints.ts'
import { type Finding, judgeAll } from '../tables/findings.ts'
import { type LineSink, lineSink, listDeviations } from '../tables/listing.ts'
import type { Session } from '../tables/session.ts'
import type { Shape } from '../tables/shape.ts'
import { share, type Team } from './share.ts'
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
  team: Team
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

export function asDeviation(finding: Finding, table: Table | undefined): Deviation {
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

/** The lists of one table, or of the delivery as a whole, in local files of their own. */
interface Part {
  findings: Finding[]
  /** Records deviating, of which so many are listed. */
  expected: number
  listed: number
  refused: number
  path: string
  quarantine?: string
}

interface PartOptions extends ListOptions {
  note: (deviation: Deviation) => void
  folder: string
}

async function listPlain(findings: Finding[], table: Table | undefined, sink: LineSink, note: PartOptions['note']) {
  for (const finding of findings) {
    const deviation = asDeviation(finding, table)
    note(deviation)
    await sink.write(deviation)
  }
}

async function listTable(options: PartOptions, session: Session, one: Worked): Promise<Part> {
  const { table, result, job } = one
  const path = join(options.folder, `deviations-${table.name}.jsonl`)
  const deviations = lineSink(path)
  const found = [...result.findings, ...one.violations.map(({ finding }) => finding)]
  const judged = judgeAll(table, found).map((finding, index) => {
    const violation = one.violations[index - result.findings.length]?.violation
    return { finding, ...(violation ? { violation } : {}) }
  })
  const plain = judged.flatMap(({ finding }) => (ABOUT_RECORDS.has(finding.kind) ? [] : [finding]))
  const about = judged.filter(({ finding }) => ABOUT_RECORDS.has(finding.kind))
  let listed = 0
  const note = (deviation: Deviation) => {
    listed++
    options.note(deviation)
  }
  await listPlain(plain, table, deviations, note)
  let refused = 0
  let quarantine: string | undefined
  if (about.length > 0) {
    const shape = one.shape ?? (await readSource({ ...job, session })).shape?.()
    if (!shape) throw new OperatorError(`${job.file.name} was changed while it was being loaded; start again.`)
    quarantine = join(options.folder, `quarantine-${table.name}.jsonl`)
    const sink = lineSink(quarantine)
    const { file } = job
    const limit = options.listLimit
    refused = await listDeviations({
      session,
      shape,
      file,
      findings: about,
      deviations,
      quarantine: sink,
      listed: note,
      limit,
    })
    await sink.close()
  }
  await deviations.close()
  return {
    findings: [...plain, ...about.map(({ finding }) => finding)],
    expected: plain.length + about.reduce((sum, { finding }) => sum + finding.count, 0),
    listed,
    refused: plain.some(({ rule }) => !rule) ? (result.source?.rows ?? 0) : refused,
    path,
    ...(quarantine !== undefined && (await stat(quarantine)).size > 0 ? { quarantine } : {}),
  }
}

/** Judges all findings by the model's rules and lists what deviates, one by one. */
export async function listAll(options: ListOptions, worked: Worked[], general: Finding[]): Promise<Listing> {
  const { application, staging, team } = options
  const folder = join(staging, 'papers')
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  const first = new Map<string, Deviation[]>()
  const keeping = (name: string) => (deviation: Deviation) => {
    const kept = first.get(name) ?? []
    // Refused ones may come late, so each kind has its own room.
    if (kept.filter(({ accepted }) => accepted === deviation.accepted).length < KEPT) kept.push(deviation)
    first.set(name, kept)
  }
  const parts = new Map<string, Part>()
  await share(team, worked, async (session, one) => {
    const { name } = one.table
    parts.set(name, await listTable({ ...options, folder, note: keeping(name) }, session, one))
  })

  const file = join(folder, 'deviations.jsonl')
  const sink = lineSink(file)
  // What is about the delivery as a whole no rule of a table accepts.
  const judged = general.map((finding) => ({
    table: application.tables.find(({ name }) => name === finding.table),
    finding,
  }))
  for (const { table, finding } of judged) await listPlain([finding], table, sink, keeping(''))
  await sink.close()
  const listing: Listing = {
    findings: judged.map(({ finding }) => finding),
    tables: {},
    deviations: { file, listed: general.length, omitted: 0, first: [] },
    quarantine: new Map(),
  }
  for (const { table, result } of worked) {
    const part = parts.get(table.name)
    if (!part) continue
    await writeFile(file, createReadStream(part.path), { flag: 'a' })
    listing.findings.push(...part.findings)
    listing.deviations.listed += part.listed
    listing.deviations.omitted += part.expected - part.listed
    if (part.quarantine !== undefined) listing.quarantine.set(table.name, part.quarantine)
    const read = result.source?.rows ?? 0
    listing.tables[table.name] = { read, written: result.archive?.rows ?? 0, refused: part.refused }
  }
  const all = ['', ...worked.map(({ table }) => table.name)].flatMap((name) => first.get(name) ?? [])
  listing.deviations.first = [
    ...all.filter(({ accepted }) => !accepted),
    ...all.filter(({ accepted }) => accepted),
  ].slice(0, KEPT)
  return listing
}
