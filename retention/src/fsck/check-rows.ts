import { createHash, randomUUID } from 'node:crypto'
import type { QueryEngine } from '@muniment/archive/engine/port'
import { identifier } from '@muniment/archive/engine/sql-text'
import { destroyedLeaves } from '@muniment/archive/seals/leaves'
import type { Seal } from '@muniment/archive/seals/seal'
import type { ObjectStore } from '@muniment/archive/store/port'
import type { RowRanges } from '../run/types.ts'
import type { LiveObject } from './check-objects.ts'
import type { Destruction } from './check-runs.ts'
import { equalRanges, joined, rowsIn, toRanges } from './ranges.ts'
import type { Findings } from './report.ts'

export interface RowsChecked {
  store: ObjectStore
  engine: QueryEngine
  application: string
  /** By load: where its objects' rows begin. */
  seals: ReadonlyMap<string, Seal>
  destroyed: readonly Destruction[]
}

/** Each row that was loaded is live, or destroyed by exactly one run: told by counts, and by the numbers of rows where a run destroyed any. */
export async function checkRows(checked: RowsChecked, live: readonly LiveObject[], findings: Findings): Promise<void> {
  const byObject = new Map<string, Destruction[]>()
  for (const each of checked.destroyed) byObject.set(each.object, [...(byObject.get(each.object) ?? []), each])
  for (const each of live) {
    const { object } = each
    findings.report.counts.rows += object.rows
    await findings.guarded('rows', object.key, () =>
      checkObjectRows(checked, each, byObject.get(object.key) ?? [], findings),
    )
    byObject.delete(object.key)
  }
  for (const [key, [first]] of byObject)
    findings.problem('rows', key, `Run ${first?.run} decided about this object, and no load names it.`)
}

const liveRows = ({ now }: LiveObject): number | undefined =>
  now.state === 'as-loaded' || now.state === 'rewritten' ? now.rows : now.state === 'gone' ? 0 : undefined

async function checkObjectRows(
  { store, seals }: RowsChecked,
  each: LiveObject,
  destroyed: readonly Destruction[],
  findings: Findings,
): Promise<void> {
  const { object, load, now, rewrites } = each
  // Of decisions those that are carried out: the object is as a rewrite of that run says.
  const happened = rewrites.filter(({ applied }) => applied !== undefined)
  const last = now.state === 'rewritten' || now.state === 'gone' ? now.rewrite : undefined
  if (last && !happened.includes(last)) happened.push(last)
  const runs = new Set(happened.map(({ run }) => run))
  const carried = destroyed.filter(({ run, rows }) => runs.has(run) && rows.length > 0)
  for (const run of runs)
    if (!destroyed.some((one) => one.run === run))
      findings.problem('rows', object.key, `Run ${run} rewrote it, and no decision of that run stands.`)
  for (const { run, done, rows } of destroyed)
    if (done && rows.length > 0 && !runs.has(run))
      findings.problem('rows', object.key, `Run ${run} says that it destroyed rows of it, and no rewrite says so.`)
  for (const { run, nonce, done, rows } of destroyed)
    for (const { run: by, after, applied } of rewrites) {
      if (by !== run || rows.length === 0) continue
      if (after && !after.nonce.startsWith(nonce) && applied)
        findings.problem('rows', object.key, `Run ${run} rewrote it by another decision than the one that stands.`)
      if (done && applied && applied.etag !== done.etag)
        findings.problem('rows', object.key, `Run ${run} says otherwise of what became of it than its rewrite does.`)
    }
  for (const { run, done } of destroyed)
    if (done && !rewrites.some(({ run: by, applied }) => by === run && applied) && runs.has(run))
      findings.problem('rows', object.key, `Run ${run} has done it, and the mark that its rewrite happened is missing.`)
  const { ranges, twice } = joined(carried.flatMap(({ rows }) => rows))
  findings.report.counts.destroyed += rowsIn(ranges)
  if (twice) findings.problem('rows', object.key, 'Two runs say of the same row that they destroyed it.')
  const count = liveRows(each)
  if (count !== undefined && count + rowsIn(ranges) !== object.rows)
    findings.problem(
      'rows',
      object.key,
      `Load ${load} wrote ${object.rows} rows; ${count} are there and ${rowsIn(ranges)} were destroyed.`,
    )
  const described = seals.get(load)?.objects.find(({ description }) => description.object === object.key)?.description
  if (!described) return
  if (described.rows !== object.rows)
    findings.problem(
      'rows',
      object.key,
      `The seal of load ${load} has ${described.rows} rows of it, the load ${object.rows}.`,
    )
  const end = described.firstRow + described.rows
  if (ranges.some(([from, many]) => from < described.firstRow || from + many > end))
    findings.problem('rows', object.key, 'A run destroyed rows that the load did not write into it.')
  const leaves = happened.filter(({ leaves: kept }) => kept !== undefined)
  if (leaves.length > 0) {
    const kept = toRanges((await destroyedLeaves(store, leaves)).keys())
    const mine = carried.filter(({ run }) => leaves.some((rewrite) => rewrite.run === run))
    if (
      !equalRanges(
        kept,
        mine.flatMap(({ rows }) => rows),
      )
    )
      findings.problem(
        'rows',
        object.key,
        'The hashes that stay of destroyed rows are of other rows than were decided.',
      )
  }
}

/** Reads the numbers of the rows that there are: those of the load that nobody destroyed, each once. */
export async function checkRowNumbers(
  { engine, application, seals, destroyed }: RowsChecked,
  live: readonly LiveObject[],
  findings: Findings,
): Promise<void> {
  for (const { object, load, now } of live) {
    if (now.state !== 'rewritten' && now.state !== 'as-loaded') continue
    const described = seals.get(load)?.objects.find(({ description }) => description.object === object.key)?.description
    if (!described) continue
    await findings.guarded('rows', object.key, async () => {
      const rows = await rowNumbers(engine, application, object.table, object.key)
      const { ranges, twice } = joined(rows)
      const gone =
        now.state === 'as-loaded' ? [] : destroyed.filter((one) => one.object === object.key).flatMap((one) => one.rows)
      if (twice) findings.problem('rows', object.key, 'A row is in it twice.')
      const both = joined([...ranges, ...joined(gone).ranges])
      if (both.twice) findings.problem('rows', object.key, 'A row that was destroyed is in it.')
      if (!equalRanges(both.ranges, [[described.firstRow, described.rows]]))
        findings.problem('rows', object.key, 'Its rows and those that were destroyed are not those that were loaded.')
    })
  }
}

async function rowNumbers(engine: QueryEngine, application: string, table: string, object: string): Promise<RowRanges> {
  const id = await engine.start(
    {
      application,
      sql: `SELECT t."_row" FROM ${identifier(table)} t WHERE t."_object" = ?`,
      values: [{ type: 'varchar', value: object }],
      places: true,
    },
    {
      token: createHash('sha256').update(randomUUID()).digest('hex'),
      lane: 'export',
      person: 'fsck',
      timeLimit: 30 * 60_000,
      rowLimit: 1_000_000_000,
    },
  )
  let execution = await engine.wait(id, 60_000)
  while (execution.state === 'QUEUED' || execution.state === 'RUNNING') execution = await engine.wait(id, 60_000)
  if (execution.state !== 'SUCCEEDED')
    throw new Error(`Its rows cannot be read: ${execution.error?.message ?? execution.state}`)
  const numbers: number[] = []
  for await (const batch of engine.rows(id)) for (const [row] of batch) numbers.push(Number(row))
  const each: RowRanges = []
  for (const number of numbers.sort((one, other) => one - other)) {
    const last = each.at(-1)
    if (last && last[0] + last[1] === number) last[1]++
    else each.push([number, 1])
  }
  return each
}
