import { randomBytes } from 'node:crypto'
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { NotFoundError, OperatorError } from '@muniment/archive/errors'
import { ConflictError } from '@muniment/archive/store/errors'
import { z } from 'zod'
import { sweepLocal } from '../execute/execute-run.ts'
import { createOrRead, fetchFile } from '../execute/files.ts'
import { countOf, openLists } from '../execute/lists.ts'
import type { ExecuteDeps } from '../execute/ports.ts'
import { purgeVersions } from '../execute/purge.ts'
import { filePath, openSessions, type Session } from '../execute/session.ts'
import { decisionsOf, destroyedRows } from '../run/destroyed-rows.ts'
import { executedKey, verificationKey } from '../run/run-keys.ts'
import { doneObjects, plannedRun, readRecord } from '../run/run-state.ts'
import type { ObjectDone, Plan, RowRanges } from '../run/types.ts'
import { keysFound } from './ask-engine.ts'
import { clearResults } from './clear-results.ts'

export const Executed = z.strictObject({ run: z.string(), at: z.iso.datetime() })

export const Verification = z.strictObject({
  run: z.string(),
  at: z.iso.datetime(),
  /** Sentences: what is amiss. Only a verification without any is kept. */
  findings: z.array(z.string()),
  /** What stays, and why. */
  remains: z.array(z.strictObject({ what: z.string(), why: z.string() })),
  asked: z.strictObject({ objects: z.int(), keys: z.int(), results: z.int() }),
})
export type Verification = z.infer<typeof Verification>

async function* belowAny(deps: ExecuteDeps, prefix: string) {
  for await (const name of deps.store.names(prefix)) yield name
}

/** What this run did not touch, by its nature. */
export async function remaining(deps: ExecuteDeps, plan: Plan, held: number): Promise<Verification['remains']> {
  const remains: Verification['remains'] = []
  if (held > 0)
    remains.push({ what: `${held} rows that were on the list`, why: 'they were held when they were to be destroyed' })
  const any = async (prefix: string) => {
    for await (const _ of belowAny(deps, prefix)) return true
    return false
  }
  if (await any('requests/'))
    remains.push({
      what: 'evidence packages that were issued',
      why: 'what was given to an authority or a person stays with the request, by a schedule of its own',
    })
  if (await any(`quarantine/${plan.application}/`))
    remains.push({
      what: 'values that did not cast when they were loaded',
      why: 'quarantine has a schedule of its own',
    })
  if (await any('searches/'))
    remains.push({
      what: 'what was searched, with the words that were typed',
      why: 'searches have a schedule of their own',
    })
  remains.push({
    what: 'copies of the bucket, or of the data folder, that the operator keeps',
    why: 'they end with the backup window',
  })
  if (deps.engine.name === 'athena')
    remains.push({ what: 'the text of queries in the history of Athena', why: 'AWS keeps it for 45 days' })
  return remains
}

async function checkObject(
  deps: ExecuteDeps,
  session: Session,
  file: string,
  { key, rows }: { key: string; rows: number },
  done: ObjectDone | undefined,
  gone: RowRanges,
): Promise<string[]> {
  if (!done) return [`${key} is not marked as done.`]
  const info = await deps.store.head(key)
  if (done.etag === null) return info ? [`${key} was removed and is there again.`] : versionsLeft(deps, key, null)
  if (info?.etag !== done.etag) return [`${key} is not as the run left it.`]
  const found: string[] = []
  try {
    await fetchFile(deps.store, key, file, done.etag)
  } catch (error) {
    if (error instanceof ConflictError || error instanceof NotFoundError)
      return [`${key} was changed while it was being looked at.`]
    throw error
  }
  const values = gone.map(([first, count]) => `(${first}, ${first + count - 1})`)
  const there = await session.row(
    `SELECT count(*) AS n FROM read_parquet(${filePath(file)}, hive_partitioning = false)`,
  )
  if (Number(there.n) !== rows - countOf(gone))
    found.push(`${key} has ${there.n} rows where ${rows - countOf(gone)} were to stay.`)
  for (let at = 0; at < values.length; at += 5_000) {
    const { n } = await session.row(
      `SELECT count(*) AS n FROM read_parquet(${filePath(file)}, hive_partitioning = false) AS b JOIN (VALUES ${values.slice(at, at + 5_000).join(', ')}) AS r(f, l) ON b._row BETWEEN r.f AND r.l`,
    )
    if (n !== '0') found.push(`${key} still has ${n} rows that were to be destroyed.`)
  }
  return countOf(gone) === 0 ? found : [...found, ...(await versionsLeft(deps, key, done.etag))]
}

/** Older versions are not only looked for: what came back is removed, and said. */
async function versionsLeft(deps: ExecuteDeps, key: string, etag: string | null): Promise<string[]> {
  const removed = await purgeVersions(deps.store, key, etag)
  return removed > 0 ? [`${key} had ${removed} older versions again, which were removed now: verify once more.`] : []
}

/**
 * Asks the engine and the bytes for what was destroyed, after stored results that may show it were removed. What is amiss comes as findings;
 * without any the run counts as verified. Throws OperatorError where something cannot be asked.
 */
export async function verifyRun(
  deps: ExecuteDeps,
  run: string,
  options: { patienceMs?: number } = {},
): Promise<Verification> {
  const { store, engine } = deps
  const { plan } = await plannedRun(store, run)
  const earlier = await readRecord(store, verificationKey(run), Verification)
  if (earlier) return earlier
  const executed = await readRecord(store, executedKey(run), Executed)
  if (!executed) throw new OperatorError(`Run ${run} is not carried out yet.`)
  const cleared = await clearResults(deps, plan.application, executed.at, options.patienceMs)
  const findings = cleared.unfinished.map(
    (id) =>
      `Search ${id} began before the records went and has not ended; what it gives may show them. Verify once more.`,
  )
  await sweepLocal(deps, run)
  const folder = join(deps.work, `${run}-${randomBytes(4).toString('hex')}`)
  const sessions = await openSessions(join(folder, 'spill'))
  const session = await sessions.open()
  let keys = 0
  let held = 0
  try {
    const lists = await openLists(store, plan, join(folder, 'lists'))
    const decisions = await decisionsOf(store, plan)
    held = decisions.reduce((sum, decision) => sum + countOf(decision.held), 0)
    const done = await doneObjects(store, plan)
    const model = await deps.loadModel(plan.application)
    await engine.refresh(plan.application)
    for (const [index, object] of plan.objects.entries())
      findings.push(
        ...(await checkObject(
          deps,
          session,
          join(folder, 'look.parquet'),
          object,
          done.get(index),
          decisions[index]?.rows ?? [],
        )),
      )
    for await (const { table, rows } of destroyedRows(session, plan, lists, decisions)) {
      const described = model.tables.find(({ name }) => name === table)
      if (!described) throw new OperatorError(`The model knows no table ${table}.`)
      keys += rows.length
      const found = await keysFound(
        engine,
        plan.application,
        described,
        rows.map(({ key }) => key),
      )
      if (found > 0) findings.push(`The engine still finds ${found} rows of ${table} with destroyed keys.`)
    }
  } finally {
    session.close()
    sessions.close()
    await rm(folder, { recursive: true, force: true })
  }
  for (const name of await readdir(deps.work).catch(() => []))
    if (name.startsWith(`${run}-`)) findings.push(`Copies of records are left in the work folder (${name}).`)
  const verification: Verification = {
    run,
    at: deps.clock().toISOString(),
    findings,
    remains: await remaining(deps, plan, held),
    asked: { objects: plan.objects.length, keys, results: cleared.removed },
  }
  if (findings.length > 0) return verification
  return Verification.parse(
    JSON.parse(
      (await createOrRead(store, verificationKey(run), `${JSON.stringify(verification, null, 2)}\n`)).toString(),
    ),
  )
}
