import type { Application } from '../model/types.ts'
import { type ObjectNow, objectNow } from '../rewrites/object-now.ts'
import { readRewrites, readRewritesOf } from '../rewrites/rewrites.ts'
import { ConflictError } from '../store/errors.ts'
import type { ObjectInfo, ObjectStore } from '../store/port.ts'
import type { Footer } from './footer.ts'
import { type LoadCommit, readLedger } from './ledger.ts'
import type { CatalogTable, Drift } from './port.ts'
import { assembleTable, type ReadObject } from './tables.ts'

/** An object that a load names and that is there as the load or a later rewrite wrote it. `object`: as it is now. */
export interface NamedObject {
  load: string
  object: LoadCommit['objects'][number]
}

function lost(table: string, key: string, what: string): Drift {
  const message =
    `${key} ${what}; queries go without it. The operator must restore it from a copy of the bucket, and find out what ` +
    'removed or altered it.'
  return { table, kind: 'missing-object', message }
}

/** Looks again where what was listed does not fit: it may have been rewritten in between. */
async function settledNow(
  store: ObjectStore,
  application: string,
  object: LoadCommit['objects'][number],
  rewrites: Awaited<ReturnType<typeof readRewritesOf>>,
  info: ObjectInfo | undefined,
): Promise<{ now: ObjectNow; info: ObjectInfo | undefined }> {
  const judge = async (known: typeof rewrites, seen: ObjectInfo | undefined) => {
    try {
      return await objectNow(store, object, known, seen)
    } catch (error) {
      if (!(error instanceof ConflictError)) throw error
      return { state: 'altered' as const }
    }
  }
  const first = await judge(rewrites, info)
  if (first.state !== 'altered' && first.state !== 'missing') return { now: first, info }
  const again = await store.head(object.key)
  return { now: await judge(await readRewritesOf(store, application, object.key), again), info: again }
}

/** The ledger of loads, and what destruction made of objects since, against what is there. */
export async function nameObjects(
  store: ObjectStore,
  application: string,
): Promise<{ commits: LoadCommit[]; named: NamedObject[]; drift: Drift[] }> {
  // The listing comes first: what is committed in between is looked at again, and nothing is taken for unexplained.
  const present = new Map<string, ObjectInfo>()
  for await (const info of store.list(`archive/${application}/`)) present.set(info.key, info)
  const commits = await readLedger(store, application)
  const rewrites = await readRewrites(store, application)
  const drift: Drift[] = []
  const named: NamedObject[] = []
  for (const { load, objects } of commits)
    for (const object of objects) {
      const { key, table } = object
      const listed = present.get(key) ?? (await store.head(key))
      present.delete(key)
      const { now, info } = await settledNow(store, application, object, rewrites.get(key) ?? [], listed)
      const wrote = rewrites.has(key) ? 'the last run of destruction' : `load ${load}`
      if (now.state === 'missing') drift.push(lost(table, key, `is named by load ${load}, but is not there`))
      else if (now.state === 'altered' && info && info.size !== object.size && !rewrites.has(key))
        drift.push(lost(table, key, `has ${info.size} bytes, but load ${load} wrote ${object.size}`))
      else if (now.state === 'altered') drift.push(lost(table, key, `has another content than ${wrote} wrote`))
      else if (now.state !== 'gone')
        named.push({ load, object: { ...object, etag: now.etag, size: now.size, rows: now.rows } })
    }
  for (const key of present.keys())
    drift.push({
      table: key.split('/')[3] ?? '',
      kind: 'unexplained-object',
      message:
        `${key} is named by no load, so that queries do not see it. Where a load is under way or was interrupted, an ` +
        'archivist must finish it; else the operator must find out who put it there.',
    })
  return { commits, named, drift }
}

/** The objects with what their footers, by ETag, say; and which of them are no Parquet. */
export function withFooters(
  named: readonly NamedObject[],
  footers: ReadonlyMap<string, Footer>,
): { objects: ReadObject[]; drift: Drift[] } {
  const objects: ReadObject[] = []
  const drift: Drift[] = []
  for (const { load, object } of named) {
    const { key, etag, size, table, partition } = object
    const footer = footers.get(etag)
    if (!footer) drift.push(lost(table, key, 'cannot be read as Parquet'))
    else objects.push({ table, footer, object: { key, etag, size, rows: footer.rows, partition, load } })
  }
  return { objects, drift }
}

/** Every table that a load brought, by name; one of which objects are missing says so. */
export function assembleTables(
  model: Application,
  commits: readonly LoadCommit[],
  objects: readonly ReadObject[],
  drift: readonly Drift[],
): CatalogTable[] {
  const names = new Set(
    commits.flatMap((commit) => [...Object.keys(commit.tables), ...commit.objects.map((each) => each.table)]),
  )
  const ofTable = new Map<string, ReadObject[]>()
  for (const object of objects) {
    const others = ofTable.get(object.table)
    if (others) others.push(object)
    else ofTable.set(object.table, [object])
  }
  const lacking = new Set(drift.flatMap(({ kind, table }) => (kind === 'missing-object' ? [table] : [])))
  return [...names].sort().map((name) => assembleTable(name, ofTable.get(name) ?? [], model, lacking.has(name)))
}
