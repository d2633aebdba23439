import { join } from 'node:path'
import { keysBelow } from '@muniment/archive/audit/keys-below'
import { OperatorError } from '@muniment/archive/errors'
import { objectNow } from '@muniment/archive/rewrites/object-now'
import { readRewrites, type StoredRewrite } from '@muniment/archive/rewrites/rewrites'
import { groupRange } from '@muniment/archive/seals/descriptions'
import { destroyedLeaves } from '@muniment/archive/seals/leaves'
import { readSeal, type SealedObject } from '@muniment/archive/seals/seal'
import type { ObjectStore } from '@muniment/archive/store/port'
import { sha256Of } from '../delivery/sha256.ts'
import { type LoadedObject, type LoadRecord, readLedger } from '../load/ledger.ts'
import type { Session } from '../tables/session.ts'
import { groupRoots } from './group-roots.ts'
import { createHashPool, type HashPool } from './hash-pool.ts'
import { type LoggedRoot, loadName } from './roots-in-log.ts'
import { readSealSecret } from './secrets.ts'

export interface SealDifference {
  /** Absent where no load accounts for the object. */
  load?: string
  object?: string
  /** From 0, with the rows that it held. */
  rowGroup?: number
  rows?: { first: number; last: number }
  message: string
}

export interface SealsReport {
  application: string
  /** `logged`: the entry of the audit log that names the root. */
  loads: { load: string; root?: string; rows: number; objects: number; logged?: LoggedRoot }[]
  /** Loads made before loads were sealed. */
  unsealed: string[]
  differences: SealDifference[]
}

export interface VerifySealsOptions {
  home: { path: string; store: ObjectStore }
  session: Session
  application: string
  /** What the audit log says (rootsInLog); without it the roots are held against nothing. */
  logged?: ReadonlyMap<string, LoggedRoot[]>
  onObject?: (object: string) => void
}

const inWords = (error: unknown) => {
  if (error instanceof OperatorError) return error.message
  throw error
}

type Found = Omit<SealDifference, 'load' | 'object'>[]

/** Whether the object is there, as its load or the last run of destruction wrote it; in words where it is not. */
async function presence(
  { home }: VerifySealsOptions,
  loaded: LoadedObject,
  rewrites: readonly StoredRewrite[],
): Promise<{ gone: boolean; rewrite?: StoredRewrite } | string> {
  const info = await home.store.head(loaded.key)
  if (rewrites.length === 0) return info ? { gone: false } : 'the object is missing'
  const now = await objectNow(home.store, loaded, rewrites, info)
  if (now.state === 'missing') return 'the object is missing'
  if (now.state === 'altered') return 'the object is not as the last run of destruction left it'
  if (now.state === 'gone') return { gone: !info || now.rewrite.applied !== undefined }
  return { gone: false, ...(now.state === 'rewritten' && { rewrite: now.rewrite }) }
}

async function checkObject(
  options: VerifySealsOptions,
  pool: HashPool,
  secret: Buffer,
  sealed: SealedObject,
  loaded: LoadedObject,
  rewrites: readonly StoredRewrite[],
): Promise<Found> {
  const { home, session } = options
  const { description, groups } = sealed
  const there = await presence(options, loaded, rewrites)
  if (typeof there === 'string') return [{ message: there }]
  const happened = rewrites.filter(({ applied }) => applied)
  if (there.rewrite && !happened.includes(there.rewrite)) happened.push(there.rewrite)
  const unhashed = happened.find(({ leaves }) => !leaves)
  if (unhashed)
    return [
      {
        message: `rows of it were destroyed by run ${unhashed.run} without their hashes: nothing of it can be held against the seal`,
      },
    ]
  const destroyed = await destroyedLeaves(home.store, happened).catch(inWords)
  if (typeof destroyed === 'string') return [{ message: destroyed }]
  const file = { path: join(home.path, description.object), partition: loaded.partition }
  let roots: Awaited<ReturnType<typeof groupRoots>>
  try {
    roots = await groupRoots({ session, pool, secret }, description, there.gone ? undefined : file, destroyed)
  } catch (error) {
    if (error instanceof OperatorError) throw error
    const message = error instanceof Error ? error.message.split('\n')[0] : undefined
    // What a reader says of a damaged file may quote it.
    const known = message?.startsWith('Row') ? `: ${message}` : ''
    return [{ message: `the object cannot be read as it was sealed${known}` }]
  }
  const found: Found = []
  for (const [group, root] of groups.entries()) {
    const { first, count } = groupRange(description, group)
    const read = roots.get(group)
    const about = { rowGroup: group, rows: { first, last: first + count - 1 } }
    const gone = goneIn(destroyed, first, count)
    const expected = count - gone
    if ((read?.rows ?? 0) !== expected)
      found.push({ ...about, message: `${expected - (read?.rows ?? 0)} rows are missing` })
    else if (!read?.root.equals(root)) {
      const or = gone > 0 ? ', or the hashes of those that were destroyed are not theirs' : ''
      found.push({ ...about, message: `the rows are not those that were sealed${or}` })
    }
  }
  if (there.gone) return found
  const total = await session.row(`SELECT count(*) AS n FROM parquet_scan('${file.path.replaceAll("'", "''")}')`)
  const sum = [...roots.values()].reduce((rows, one) => rows + one.rows, 0)
  if (Number(total.n) !== sum) found.push({ message: `${Number(total.n) - sum} rows are there that were not sealed` })
  const sha256 = there.rewrite?.after?.sha256 ?? description.sha256
  if (found.length === 0 && (await sha256Of(file.path)) !== sha256)
    found.push({
      message: 'the rows are those that were sealed, but the file was written anew: its SHA-256 is another',
    })
  return found
}

function goneIn(destroyed: ReadonlyMap<number, Buffer>, first: number, count: number): number {
  if (destroyed.size === 0) return 0
  let gone = 0
  for (let row = first; row < first + count; row++) if (destroyed.has(row)) gone++
  return gone
}

async function checkLoad(
  options: VerifySealsOptions,
  pool: HashPool,
  record: LoadRecord,
  rewrites: ReadonlyMap<string, StoredRewrite[]>,
): Promise<SealDifference[]> {
  const { home, application, onObject } = options
  const { load, seal: reference } = record
  if (!reference) return []
  const secret = await readSealSecret(home.path, application, load).catch(inWords)
  if (!Buffer.isBuffer(secret))
    return [
      {
        load,
        message: secret ?? 'the secret of the load is missing below secrets/seals: its rows cannot be hashed again',
      },
    ]
  const seal = await readSeal(home.store, { application, load, seal: reference }).catch(inWords)
  if (typeof seal === 'string') return [{ load, message: seal }]
  const found: SealDifference[] = []
  if ((await sha256Of(join(home.path, record.report)).catch(() => '')) !== seal.description.report)
    found.push({ load, object: record.report, message: 'the report is not the one that was sealed' })
  const named = new Map(record.objects.map((object) => [object.key, object]))
  for (const key of named.keys())
    if (!seal.objects.some(({ description }) => description.object === key))
      found.push({ load, object: key, message: 'the load names an object that was not sealed' })
  for (const object of seal.objects) {
    const key = object.description.object
    onObject?.(key)
    const loaded = named.get(key)
    if (!loaded) found.push({ load, object: key, message: 'the load does not name the object' })
    else
      for (const difference of await checkObject(options, pool, secret, object, loaded, rewrites.get(key) ?? []))
        found.push({ load, object: key, ...difference })
  }
  return found
}

/** What the log says of the load's root. Whoever changed seal and load.json alike did not change that. */
function checkLogged({ logged, application }: VerifySealsOptions, { load, seal }: LoadRecord): SealDifference[] {
  if (!logged || !seal) return []
  const roots = logged.get(loadName(application, load)) ?? []
  if (roots.some(({ root }) => root === seal.root)) return []
  const [first] = roots
  const message = first
    ? `the audit log names another root (${first.root}, entry ${first.entry}): seal and load were exchanged`
    : 'the audit log names no load of this id with a root: it was put there by something else than a load, or before loads were logged'
  return [{ load, message }]
}

/** Objects in the folders of tables that no load names. */
async function* unnamedObjects({ home, application }: VerifySealsOptions, records: readonly LoadRecord[]) {
  const named = new Set(records.flatMap(({ objects }) => objects.map(({ key }) => key)))
  for await (const key of keysBelow(home.store, `archive/${application}/`)) if (!named.has(key)) yield key
}

/** Hashes all rows of all sealed loads again and says where they are not what was sealed. In memory are some row groups at a time. */
export async function verifySeals(options: VerifySealsOptions): Promise<SealsReport> {
  const { home, application } = options
  const report: SealsReport = { application, loads: [], unsealed: [], differences: [] }
  const pool = createHashPool()
  try {
    const records = await readLedger(home.store, application)
    const rewrites = await readRewrites(home.store, application)
    for (const record of records) {
      const { load, seal, objects } = record
      if (!seal) {
        report.unsealed.push(load)
        continue
      }
      const rows = objects.reduce((sum, object) => sum + object.rows, 0)
      const entry = options.logged?.get(loadName(application, load))?.find(({ root }) => root === seal.root)
      report.loads.push({ load, root: seal.root, rows, objects: objects.length, ...(entry && { logged: entry }) })
      report.differences.push(...checkLogged(options, record))
      report.differences.push(...(await checkLoad(options, pool, record, rewrites)))
    }
    for await (const object of unnamedObjects(options, records))
      report.differences.push({
        object,
        message: 'no load names this object: it was added, or is of a load that is under way or was stopped',
      })
  } finally {
    await pool.close()
  }
  return report
}
