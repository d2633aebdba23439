import { join } from 'node:path'
import { InputError, OperatorError } from '../errors.ts'
import type { Home } from '../home.ts'
import { catalogKey } from '../layout.ts'
import { loadApplication } from '../model/load.ts'
import { ConflictError } from '../store/errors.ts'
import type { ObjectInfo, ObjectStore } from '../store/port.ts'
import { compareWithModel } from './drift.ts'
import { createFooterReader } from './footers.ts'
import { type LoadCommit, readLedger } from './ledger.ts'
import type { Catalog, CatalogSnapshot, Drift } from './port.ts'
import { makeSnapshot, parseSnapshot } from './snapshot.ts'
import { assembleTable, type ReadObject } from './tables.ts'

export interface LocalCatalogOptions {
  store: ObjectStore
  home: Pick<Home, 'path' | 'work' | 'announce'>
  /** Folder of the applications' models and templates. */
  templatesRoot: string
}

const MOST_TRIES = 5

function lost(table: string, key: string, what: string): Drift {
  const message =
    `${key} ${what}; queries go without it. The operator must restore it from a copy of the bucket, and find out what ` +
    'removed or altered it.'
  return { table, kind: 'missing-object', message }
}

/** The catalog of the embedded setting: footers read by a crawl, kept as `catalog/<application>.json`. */
export function createLocalCatalog({ store, home, templatesRoot }: LocalCatalogOptions): Catalog {
  const held = new Map<string, { etag: string; snapshot: CatalogSnapshot }>()

  async function stored(
    application: string,
  ): Promise<{ etag: string; snapshot: CatalogSnapshot | undefined } | undefined> {
    const object = await store.get(catalogKey(application))
    return object && { etag: object.etag, snapshot: parseSnapshot(object.body.toString()) }
  }

  /** Objects that loads name, with their footers, and what is wrong with the others. */
  async function readObjects(
    application: string,
  ): Promise<{ commits: LoadCommit[]; objects: ReadObject[]; drift: Drift[] }> {
    // The listing comes first: what is committed in between is looked at again, and nothing is taken for unexplained.
    const present = new Map<string, ObjectInfo>()
    for await (const info of store.list(`archive/${application}/`)) present.set(info.key, info)
    const commits = await readLedger(store, application)
    const drift: Drift[] = []
    const named: { load: string; object: LoadCommit['objects'][number] }[] = []
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
    const reader = createFooterReader(home.path, join(home.work, 'footers', `${application}.json`))
    const footers = await reader.read(named.map(({ object }) => object))
    const objects: ReadObject[] = []
    for (const { load, object } of named) {
      const { key, etag, size, table, partition } = object
      const footer = footers.get(etag)
      if (!footer) drift.push(lost(table, key, 'cannot be read as Parquet'))
      else objects.push({ table, footer, object: { key, etag, size, rows: footer.rows, partition, load } })
    }
    return { commits, objects, drift }
  }

  async function crawlOnce(application: string) {
    const model = await loadApplication(templatesRoot, application)
    const before = await stored(application)
    const { commits, objects, drift } = await readObjects(application)
    const names = new Set(
      commits.flatMap((commit) => [...Object.keys(commit.tables), ...commit.objects.map((each) => each.table)]),
    )
    const tables = [...names].sort().map((name) =>
      assembleTable(
        name,
        objects.filter(({ table }) => table === name),
        model,
        drift.some(({ kind, table }) => kind === 'missing-object' && table === name),
      ),
    )
    const snapshot = makeSnapshot(application, tables)
    const all = [...compareWithModel(model, tables, objects), ...drift]
    if (before?.snapshot?.version === snapshot.version) return { snapshot: before.snapshot, drift: all }
    const key = catalogKey(application)
    const body = `${JSON.stringify(snapshot)}\n`
    if (before) await store.replace(key, body, before.etag)
    else await store.create(key, body)
    await home.announce(key)
    return { snapshot, drift: all }
  }

  return {
    async read(application) {
      if (!/^[a-z][a-z0-9_]*$/.test(application)) throw new InputError('This is not a name of an application.')
      const info = await store.head(catalogKey(application))
      if (!info) return undefined
      const known = held.get(application)
      if (known?.etag === info.etag) return known.snapshot
      const found = await stored(application)
      if (!found) return undefined
      if (!found.snapshot)
        throw new OperatorError(
          `${catalogKey(application)} cannot be read. It is made anew by: npx muniment crawl --application ${application}`,
        )
      held.set(application, { etag: found.etag, snapshot: found.snapshot })
      return found.snapshot
    },

    async crawl(application) {
      for (let tries = 1; ; tries++) {
        try {
          return await crawlOnce(application)
        } catch (error) {
          // Somebody else crawled meanwhile and may have seen more.
          if (!(error instanceof ConflictError) || tries >= MOST_TRIES) throw error
        }
      }
    },
  }
}
