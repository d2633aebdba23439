import { createHash } from 'node:crypto'
import type { LoadCommit } from '@muniment/archive/catalog/ledger'
import type { CatalogSnapshot } from '@muniment/archive/catalog/port'
import { makeSnapshot } from '@muniment/archive/catalog/snapshot'
import { type ObjectNow, objectNow } from '@muniment/archive/rewrites/object-now'
import type { StoredRewrite } from '@muniment/archive/rewrites/rewrites'
import type { ObjectInfo, ObjectStore } from '@muniment/archive/store/port'
import type { Findings } from './report.ts'

export interface LiveObject {
  load: string
  object: LoadCommit['objects'][number]
  now: ObjectNow
  rewrites: readonly StoredRewrite[]
}

export interface ObjectsChecked {
  application: string
  store: ObjectStore
  commits: readonly LoadCommit[]
  rewrites: ReadonlyMap<string, StoredRewrite[]>
  catalog: CatalogSnapshot | undefined
  /** A load or a run is under way: what is not explained yet may be its. */
  busy: boolean
}

/** Every object of records is as its load or a rewrite left it, and in the catalog; and nothing else is there. */
export async function checkObjects(checked: ObjectsChecked, findings: Findings): Promise<LiveObject[]> {
  const { application, store, commits, rewrites, catalog, busy } = checked
  const there = new Map<string, ObjectInfo>()
  for await (const info of store.list(`archive/${application}/`)) there.set(info.key, info)
  const inCatalog = new Map(
    catalog?.tables.flatMap(({ name, objects }) =>
      objects.map((each) => [each.key, { ...each, table: name }] as const),
    ),
  )
  const live: LiveObject[] = []
  const named = new Set<string>()
  for (const { load, objects } of commits)
    for (const object of objects) {
      const { key } = object
      if (named.has(key)) findings.problem('objects', key, 'Two loads name this object.')
      named.add(key)
      const mine = rewrites.get(key) ?? []
      const now = await objectNow(store, object, mine, there.get(key))
      live.push({ load, object, now, rewrites: mine })
      tellObject(checked, load, key, now, findings)
      compareWithCatalog(application, object, now, inCatalog.get(key), findings)
      inCatalog.delete(key)
      there.delete(key)
    }
  for (const key of there.keys())
    if (busy) findings.report.leftovers.push(`${key}: no load names it yet, and work on ${application} is under way.`)
    else
      findings.problem(
        'objects',
        key,
        'No load names this object, so that no query sees it.',
        'archivist',
        'Finish the load that was interrupted; where there is none, the operator must find out who put it there.',
      )
  for (const key of inCatalog.keys())
    findings.problem(
      'objects',
      key,
      'The catalog names this object, and no load does.',
      'operator',
      recrawl(application),
    )
  for (const key of rewrites.keys())
    if (!named.has(key)) findings.problem('objects', key, 'A rewrite names this object, and no load does.')
  if (catalog && makeSnapshot(application, catalog.tables).version !== catalog.version)
    findings.problem(
      'objects',
      `catalog/${application}.json`,
      'It is not as it was written.',
      'operator',
      recrawl(application),
    )
  if (!catalog && commits.length > 0)
    findings.problem('objects', `catalog/${application}.json`, 'There is no catalog.', 'operator', recrawl(application))
  return live
}

const recrawl = (application: string) => `Make the catalog anew: npx muniment crawl --application ${application}.`

function tellObject({ application }: ObjectsChecked, load: string, key: string, now: ObjectNow, findings: Findings) {
  const { counts } = findings.report
  counts.objects++
  if (now.state === 'missing') findings.problem('objects', key, `Load ${load} wrote this object, and it is not there.`)
  else if (now.state === 'altered')
    findings.problem('objects', key, `Neither load ${load} nor any run wrote this object as it is now.`)
  else if (now.state === 'gone' && now.rewrite.applied === undefined)
    findings.report.leftovers.push(`${key}: run ${now.rewrite.run} of ${application} is about to remove it.`)
}

function compareWithCatalog(
  application: string,
  { key, table }: LoadCommit['objects'][number],
  now: ObjectNow,
  listed: { etag: string; rows: number; size: number; table: string } | undefined,
  findings: Findings,
) {
  const tell = (what: string) => findings.problem('objects', key, what, 'operator', recrawl(application))
  if (now.state === 'as-loaded' || now.state === 'rewritten') {
    if (!listed) tell('It is not in the catalog, so that no query sees it.')
    else if (listed.etag !== now.etag || listed.rows !== now.rows || listed.size !== now.size || listed.table !== table)
      tell('The catalog has it otherwise than it is.')
  } else if (listed && now.state === 'gone') tell('It is gone, and the catalog still names it.')
}

/** Reads every byte of objects, and holds it against the hash that load or rewrite wrote down. */
export async function checkHashes(store: ObjectStore, live: readonly LiveObject[], findings: Findings): Promise<void> {
  for (const { object, now, load } of live) {
    if (now.state !== 'as-loaded' && now.state !== 'rewritten') continue
    const expected = now.state === 'rewritten' ? now.rewrite.after?.sha256 : object.sha256
    await findings.guarded('fixity', object.key, async () => {
      const hash = createHash('sha256')
      for await (const chunk of await store.stream(object.key, { etag: now.etag })) hash.update(chunk as Buffer)
      findings.report.counts.hashed++
      if (typeof expected !== 'string' || expected === '')
        findings.report.unchecked.push(`${object.key}: load ${load} wrote down no hash of it.`)
      else if (hash.digest('hex') !== expected)
        findings.problem('fixity', object.key, 'Its bytes are not those that were written: its SHA-256 is another.')
    })
  }
}
