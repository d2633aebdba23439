import type { Application } from '../model/types.ts'
import type { ObjectInfo, ObjectStore } from '../store/port.ts'
import type { Footer } from './footer.ts'
import { type LoadCommit, readLedger } from './ledger.ts'
import type { CatalogTable, Drift } from './port.ts'
import { assembleTable, type ReadObject } from './tables.ts'

/** An object that a load names and that is there as the load wrote it. */
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

/** The ledger of loads against what is there. */
export async function nameObjects(
  store: ObjectStore,
  application: string,
): Promise<{ commits: LoadCommit[]; named: NamedObject[]; drift: Drift[] }> {
  // The listing comes first: what is committed in between is looked at again, and nothing is taken for unexplained.
  const present = new Map<string, ObjectInfo>()
  for await (const info of store.list(`archive/${application}/`)) present.set(info.key, info)
  const commits = await readLedger(store, application)
  const drift: Drift[] = []
  const named: NamedObject[] = []
  for (const { load, objects } of commits)
    for (const object of objects) {
      const info = present.get(object.key) ?? (await store.head(object.key))
      present.delete(object.key)
      if (!info) drift.push(lost(object.table, object.key, `is named by load ${load}, but is not there`))
      else if (info.size !== object.size)
        drift.push(lost(object.table, object.key, `has ${info.size} bytes, but load ${load} wrote ${object.size}`))
      else if (info.etag !== object.etag)
        drift.push(lost(object.table, object.key, `has another content than load ${load} wrote`))
      else named.push({ load, object })
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
