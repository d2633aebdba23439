import { createHash, randomBytes } from 'node:crypto'
import { mkdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { LoadCommit } from '@muniment/archive/catalog/ledger'
import { OperatorError } from '@muniment/archive/errors'
import { leavesKey, objectDoneKey } from '@muniment/archive/layout'
import type { Application } from '@muniment/archive/model/types'
import { type ObjectNow, objectNow } from '@muniment/archive/rewrites/object-now'
import { markApplied, readRewritesOf, type StoredRewrite, writeRewrite } from '@muniment/archive/rewrites/rewrites'
import type { Rewrite } from '@muniment/archive/rewrites/types'
import { canonical } from '@muniment/archive/seals/canonical-sql'
import { leafHash, leavesFile } from '@muniment/archive/seals/leaves'
import { readSeal, SealReference } from '@muniment/archive/seals/seal'
import { ConflictError } from '@muniment/archive/store/errors'
import { ObjectDone, type Plan } from '../run/types.ts'
import type { Destroying } from './decide.ts'
import { createOrRead, fetchFile, hashOfFile } from './files.ts'
import { countOf, type Lists } from './lists.ts'
import type { ExecuteDeps } from './ports.ts'
import { purgeVersions } from './purge.ts'
import { countRows, rewriteFile } from './rewrite-file.ts'
import { filePath, identifier, type Session, text } from './session.ts'

export interface CarryOut {
  deps: ExecuteDeps
  plan: Plan
  model: Application
  commits: readonly LoadCommit[]
  lists: Lists
  session: Session
  /** Of this object alone, removed afterwards. */
  folder: string
  object: number
  decision: Destroying
  /** Takes an object out of what searches read, before it is removed. */
  withdraw: () => Promise<void>
  /** What of this was written, in bytes, for the progress. */
}

/** Folders above an object's partitions: `archive/<application>/<domain>/<table>`. A table may bear its domain's name. */
const TABLE_DEPTH = 4

const sha256 = (body: Buffer) => createHash('sha256').update(body).digest('hex')

const altered = (key: string) =>
  new OperatorError(
    `${key} is neither as it was planned nor as this run left it: something else changed it. Nothing more is destroyed of it.`,
  )

function plannedOf({ plan, object }: CarryOut) {
  const planned = plan.objects[object]
  if (!planned) throw new OperatorError(`Run ${plan.run} has no object ${object}.`)
  return planned
}

function loadedOf(work: CarryOut) {
  const { key, load } = plannedOf(work)
  const loaded = work.commits.find((commit) => commit.load === load)?.objects.find((one) => one.key === key)
  if (!loaded) throw new OperatorError(`The ledger of loads does not name ${key}.`)
  return loaded
}

async function lookNow(work: CarryOut): Promise<{ now: ObjectNow; rewrites: StoredRewrite[] }> {
  const { deps, plan } = work
  const { key } = plannedOf(work)
  const rewrites = await readRewritesOf(deps.store, plan.application, key)
  return { now: await objectNow(deps.store, loadedOf(work), rewrites, await deps.store.head(key)), rewrites }
}

/** Columns of the object's folder and of its file, for reading it under its values. */
const partitionOf = (key: string): string[] => key.split('/').slice(TABLE_DEPTH, -1)

/** That the rows that go bear the keys that were approved. */
async function mustBearKeys(work: CarryOut, file: string): Promise<void> {
  const { session, model, lists } = work
  const { key, table } = plannedOf(work)
  const described = model.tables.find(({ name }) => name === table)
  if (!described) throw new OperatorError(`The model knows no table ${table}.`)
  const pairs = described.primaryKey.flatMap((name, index) => {
    const column = described.columns.find((one) => one.name === name)
    if (!column || described.partitionBy.includes(name)) return []
    return [`(${canonical(name, column.type)}) IS DISTINCT FROM l.key_${index + 1}`]
  })
  const { wrong } = await session.row(
    `SELECT count(*) AS wrong FROM (SELECT * FROM read_parquet(${filePath(lists.file(table))}, hive_partitioning = false) WHERE _object = ${text(key)}) AS l
     LEFT JOIN read_parquet(${filePath(file)}, hive_partitioning = false) AS b ON b._row = l._row
     WHERE b._row IS NULL${pairs.length > 0 ? ` OR ${pairs.join(' OR ')}` : ''}`,
  )
  if (wrong !== '0')
    throw new OperatorError(
      `${wrong} rows of ${key} do not bear the keys that were approved; nothing of it was destroyed.`,
    )
}

/** Leaf hashes of the rows that go, kept before they go. Undefined where the load has no seal, or its secret is not there. */
async function keepLeaves(work: CarryOut, file: string): Promise<Rewrite['leaves']> {
  const { deps, plan, session, object, decision } = work
  const { key, load } = plannedOf(work)
  const reference = SealReference.safeParse(work.commits.find((commit) => commit.load === load)?.seal)
  const secret = reference.success ? await deps.sealSecrets?.read(plan.application, load) : undefined
  if (!reference.success || !secret) return undefined
  const seal = await readSeal(deps.store, { application: plan.application, load, seal: reference.data })
  const description = seal.objects.find((one) => one.description.object === key)?.description
  if (!description) throw new OperatorError(`The seal of load ${load} does not name ${key}.`)
  const partitions = partitionOf(key).map((folder) => folder.slice(0, folder.indexOf('=')))
  const types = partitions.map((name) => `${identifier(name)}: VARCHAR`).join(', ')
  const hive = partitions.length > 0 ? `hive_partitioning = true, hive_types = {${types}}` : 'hive_partitioning = false'
  const ranges = decision.rows.map(([first, count]) => `(${first}, ${first + count - 1})`)
  const leaves = new Map<number, Buffer>()
  for (let at = 0; at < ranges.length; at += 5_000)
    await session.each(
      `SELECT b._row, ${description.columns.map(([name, type]) => canonical(name, type)).join(', ')}
       FROM read_parquet(${filePath(file)}, ${hive}) AS b JOIN (VALUES ${ranges.slice(at, at + 5_000).join(', ')}) AS r(f, l) ON b._row BETWEEN r.f AND r.l`,
      ([row, ...values]) => leaves.set(Number(row), leafHash(description, secret, { number: Number(row), values })),
    )
  if (leaves.size !== countOf(decision.rows))
    throw new OperatorError(`Not every row of ${key} that is to go could be hashed.`)
  const body = leavesFile(leaves)
  const kept = leavesKey(plan.run, object)
  if (!(await createOrRead(deps.store, kept, body)).equals(body))
    throw new OperatorError(
      `${kept} holds other hashes than those of the rows that are to go; nothing of the object was destroyed.`,
    )
  return { key: kept, sha256: sha256(body) }
}

interface Applied {
  rewrite: StoredRewrite
  etag: string | null
  bytes: number
}

const isThisRuns = (work: CarryOut, rewrite: StoredRewrite) => rewrite.run === work.plan.run

/** What stands there, where it is this run's: known by its mark, or by its bytes. */
function appliedIn(work: CarryOut, now: ObjectNow): Applied | undefined {
  if (now.state === 'rewritten' && isThisRuns(work, now.rewrite))
    return { rewrite: now.rewrite, etag: now.etag, bytes: now.size }
  return undefined
}

/** Removal: told first, so that no search looks for it any more; then it goes. */
async function removeObject(work: CarryOut, rewrite: StoredRewrite): Promise<Applied> {
  const { deps } = work
  const { key } = plannedOf(work)
  if (await deps.store.head(key)) {
    await work.withdraw()
    try {
      await deps.store.remove(key, rewrite.before.etag)
    } catch (error) {
      if (!(error instanceof ConflictError) || (await deps.store.head(key))) throw error
    }
  }
  return { rewrite, etag: null, bytes: 0 }
}

async function rewriteOnce(
  work: CarryOut,
  now: { etag: string; rows: number },
  rewrites: readonly StoredRewrite[],
): Promise<Applied> {
  const { deps, plan, session, decision, folder } = work
  const planned = plannedOf(work)
  const { key, table, load } = planned
  const place = join(folder, ...partitionOf(key))
  await mkdir(place, { recursive: true })
  const [before, after] = [join(place, 'before.parquet'), join(place, 'after.parquet')]
  await rm(after, { force: true })
  await fetchFile(deps.store, key, before, now.etag)
  await mustBearKeys(work, before)
  const rows = await countRows(session, before, decision.rows)
  if (rows.before !== planned.rows || rows.before !== now.rows)
    throw new OperatorError(
      `${key} has ${rows.before} rows where the plan says ${planned.rows}; nothing of it was destroyed.`,
    )
  const leaves = await keepLeaves(work, before)
  const last = rewrites.findLast(({ applied }) => applied)
  const generation = (last?.generation ?? 0) + 1
  const attempt = Math.max(0, ...rewrites.filter((one) => one.generation === generation).map((one) => one.attempt)) + 1
  // Of each attempt its own: no two of them have the same bytes, and so no two the same ETag.
  const nonce = `${decision.nonce}-${randomBytes(8).toString('hex')}`
  const common = {
    format: 1 as const,
    application: plan.application,
    object: key,
    table,
    load,
    run: plan.run,
    generation,
    attempt,
    before: { etag: now.etag, rows: rows.before },
    ...(leaves && { leaves }),
  }
  if (rows.kept === 0) {
    const rewrite: Rewrite = { ...common, after: null }
    await writeRewrite(deps.store, rewrite)
    return removeObject(work, rewrite)
  }
  await rewriteFile(session, { from: before, to: after, ranges: decision.rows, nonce })
  const { size } = await stat(after)
  const rewrite: Rewrite = { ...common, after: { size, rows: rows.kept, sha256: await hashOfFile(after), nonce } }
  await writeRewrite(deps.store, rewrite)
  const { etag } = await deps.store.replaceFromFile(key, after, now.etag)
  return { rewrite, etag, bytes: size }
}

/** Brings the object into the state that was decided; asks what stands there before and after anything that is not known. */
async function apply(work: CarryOut): Promise<Applied> {
  const { key, etag } = plannedOf(work)
  for (let tries = 0; ; tries++) {
    const { now, rewrites } = await lookNow(work)
    const done = appliedIn(work, now)
    if (done) return done
    if (now.state === 'gone' && isThisRuns(work, now.rewrite)) return removeObject(work, now.rewrite)
    if ((now.state !== 'as-loaded' && now.state !== 'rewritten') || now.etag !== etag) throw altered(key)
    try {
      return await rewriteOnce(work, now, rewrites)
    } catch (error) {
      // Another worker was first, with the same decision; or the store did it, and said that it did not.
      if (!(error instanceof ConflictError) || tries >= 3) throw error
    }
  }
}

/** Carries a decision out, from wherever it stopped, to the mark that all of it is done. */
export async function carryOut(work: CarryOut): Promise<ObjectDone> {
  const { deps, plan, object, decision, folder } = work
  const { key, rows, etag } = plannedOf(work)
  const destroyed = countOf(decision.rows)
  const mark = async (more: Pick<ObjectDone, 'etag' | 'bytes' | 'versions'>) => {
    const { attempt } = decision
    const done: ObjectDone = {
      run: plan.run,
      object,
      attempt,
      destroyed,
      kept: rows - destroyed,
      held: countOf(decision.held),
      at: deps.clock().toISOString(),
      ...more,
    }
    return ObjectDone.parse(
      JSON.parse(
        (await createOrRead(deps.store, objectDoneKey(plan.run, object), `${JSON.stringify(done)}\n`)).toString(),
      ),
    )
  }
  if (destroyed === 0) return mark({ etag, bytes: 0, versions: 0 })
  try {
    const applied = await apply(work)
    await markApplied(deps.store, applied.rewrite, applied.etag)
    const versions = await purgeVersions(deps.store, key, applied.etag)
    return await mark({ etag: applied.etag, bytes: applied.bytes, versions })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
