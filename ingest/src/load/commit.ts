import { OperatorError } from '@muniment/archive/errors'
import { loadPrefix, quarantinePrefix, tablePrefix } from '@muniment/archive/layout'
import type { Application } from '@muniment/archive/model/types'
import type { SealReference } from '@muniment/archive/seals/seal'
import type { ObjectStore } from '@muniment/archive/store/port'
import type { Delivery } from '../delivery/delivery.ts'
import type { TableCounts } from '../outcome.ts'
import { type LoadedObject, loadKey } from './ledger.ts'
import { createOnce, objectKey, placeFile, placePaper } from './place.ts'
import type { ReachStage } from './stages.ts'
import type { TableResult } from './table-work.ts'

/** What decided how a load's tables were written: see written-model.ts. */
export const modelKey = (application: string, load: string) => `${loadPrefix(application, load)}model.json`

/** Names of what is kept beside the records; `suffix` tells refused attempts apart. */
export function keysOf(application: string, load: string, suffix = '') {
  const prefix = loadPrefix(application, load)
  return {
    report: `${prefix}report${suffix}.json`,
    deviations: `${prefix}deviations${suffix}.jsonl`,
    manifest: `${prefix}manifest${suffix}.json`,
    model: modelKey(application, load),
    quarantine: (table: string) => `${quarantinePrefix(application, load)}${table}${suffix}.jsonl`,
  }
}

export interface Papers {
  keys: ReturnType<typeof keysOf>
  report: string
  /** Local files: the list of deviations, and per table what goes to quarantine. */
  deviations: string
  quarantine: Map<string, string>
  delivery: Delivery
}

/** Report, list of deviations, manifest and quarantine: the same for a load that is refused. */
export async function filePapers(store: ObjectStore, papers: Papers): Promise<void> {
  const { keys, delivery, quarantine } = papers
  for (const [table, file] of quarantine) await placePaper(store, keys.quarantine(table), file)
  await placePaper(store, keys.deviations, papers.deviations)
  if (delivery.manifest.text !== undefined) await createOnce(store, keys.manifest, delivery.manifest.text)
  await createOnce(store, keys.report, papers.report)
}

export interface CommitOptions {
  store: ObjectStore
  application: Application
  load: string
  modelHash: string
  /** Text of `model.json`. */
  model: string
  started: string
  delivery: Delivery
  results: TableResult[]
  tables: Record<string, TableCounts>
  papers: Papers
  reach: ReachStage
  /** Seals what is in place, each table's objects in the order of their rows. */
  seal: (objects: LoadedObject[]) => Promise<SealReference>
  /** Told the seal before anything of the load is visible; where it fails, nothing becomes so. */
  sealed?: ((seal: LoadSealed) => Promise<void>) | undefined
}

export interface LoadSealed {
  application: string
  load: string
  /** Root of the load's seal, in hexadecimal. */
  root: string
  deliveryHash: string
  modelHash: string
  /** Rows of the load. */
  rows: number
}

/** An attempt before this one may have left objects that this one did not write again. */
async function removeStrays({ store, application, load, results }: CommitOptions, expected: Set<string>) {
  for (const { table } of results) {
    const domain = application.tables.find(({ name }) => name === table)?.domain ?? ''
    for await (const { key, etag } of store.list(tablePrefix(application.name, domain, table)))
      if (key.includes(`/part-${load.slice(0, 8)}-`) && !expected.has(key)) await store.remove(key, etag)
  }
}

export async function mustBeAsPlaced(
  store: ObjectStore,
  objects: readonly Pick<LoadedObject, 'key' | 'etag'>[],
): Promise<void> {
  for (const { key, etag } of objects)
    if ((await store.head(key))?.etag !== etag)
      throw new OperatorError(`${key} was changed before the load was committed; nothing of the load is visible.`)
}

/** Moves everything in place and then, with one create, makes it visible. Every step can be repeated. */
export async function commitLoad(options: CommitOptions): Promise<void> {
  const { store, application, load, delivery, results, papers, reach } = options
  const objects: LoadedObject[] = []
  for (const { table: name, files } of results) {
    const table = application.tables.find((candidate) => candidate.name === name)
    if (!table) continue
    for (const file of files) {
      await reach('placing', { table: name, paths: [file.path] })
      const key = objectKey(application.name, table, file)
      const { etag, size } = await placeFile(store, key, file)
      objects.push({ key, etag, size, rows: file.rows, table: name, partition: file.partition, sha256: file.sha256 })
    }
  }
  await removeStrays(options, new Set(objects.map(({ key }) => key)))
  await reach('placed', { paths: objects.map(({ key }) => key) })
  await createOnce(store, papers.keys.model, options.model)
  await filePapers(store, papers)
  await reach('reported', { paths: [papers.keys.report] })
  const seal = await options.seal(objects).catch(async (error: unknown) => {
    // Of an object that was changed the seal says what it met; that it was changed says more.
    await mustBeAsPlaced(store, objects)
    throw error
  })
  await reach('sealed', { paths: [seal.key] })
  await mustBeAsPlaced(store, objects)
  const record = {
    load,
    application: application.name,
    deliveryHash: delivery.hash,
    modelHash: options.modelHash,
    started: options.started,
    finished: new Date().toISOString(),
    tables: options.tables,
    files: results.flatMap(({ table, sourceSha256 }) => {
      const name = delivery.files.get(table)?.name
      return name === undefined ? [] : [{ name, table, sha256: sourceSha256 }]
    }),
    objects,
    report: papers.keys.report,
    seal,
  }
  await options.sealed?.({
    application: application.name,
    load,
    root: seal.root,
    deliveryHash: delivery.hash,
    modelHash: options.modelHash,
    rows: objects.reduce((sum, { rows }) => sum + rows, 0),
  })
  await createOnce(store, loadKey(application.name, load), `${JSON.stringify(record, null, 2)}\n`)
}
