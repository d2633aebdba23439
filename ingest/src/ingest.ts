import { createHash } from 'node:crypto'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { readDestroyedKeys } from '@muniment/archive/destroyed/destroyed-keys'
import { fileKeySecrets } from '@muniment/archive/destroyed/key-secrets'
import { DeliveryError, OperatorError } from '@muniment/archive/errors'
import { loadApplication } from '@muniment/archive/model/load'
import type { Application } from '@muniment/archive/model/types'
import type { ObjectStore } from '@muniment/archive/store/port'
import { type Delivery, readDelivery } from './delivery/delivery.ts'
import { sha256Of } from './delivery/sha256.ts'
import { commitLoad, filePapers, keysOf, type LoadSealed, type Papers } from './load/commit.ts'
import { type Examined, examine } from './load/examine.ts'
import { holdLaterManifest } from './load/later-manifest.ts'
import { type LoadedObject, type LoadRecord, readLedger } from './load/ledger.ts'
import { modelChanges } from './load/model-changes.ts'
import { renderReport, type TableReport } from './load/report.ts'
import { leaveSlot, lockStaging, takeSlot } from './load/slot.ts'
import type { ReachStage } from './load/stages.ts'
import { renderWrittenModel } from './load/written-model.ts'
import type { EarlierModel, LoadOutcome, Progress } from './outcome.ts'
import { createProgress } from './progress.ts'
import { sealPlaced } from './seal/seal-load.ts'
import { memoryFor, openSession } from './tables/session.ts'

export type { LoadSealed } from './load/commit.ts'
export type { Deviation, DeviationKind, EarlierModel, LoadOutcome, Phase, Progress, TableCounts } from './outcome.ts'

export interface IngestOptions {
  home: { path: string; work: string; store: ObjectStore }
  /** Its name: the folder below `templatesRoot`. */
  application: string
  templatesRoot: string
  /** Folder of the delivery. */
  from: string
  acceptWithoutManifest?: boolean
  onProgress?: (progress: Progress) => void
  /** Bytes that DuckDB may hold in memory; by default derived from the machine. */
  memoryBytes?: number
  threads?: number
  /** Tables worked on at the same time: 2, or 1 where memory is short. */
  tablesAtOnce?: number
  /** Bytes an object of a big table aims at. */
  objectBytes?: number
  /** Records listed of each refused kind and column of a table. */
  listLimit?: number
  /** Told the root of the load's seal before anything of it is visible, for the log; what it throws stops the load there. */
  sealed?: (seal: LoadSealed) => Promise<void>
  /** Called between the steps; what it throws stops the load there. */
  onStage?: ReachStage
}

/** Changes when what ingest makes of the same input changes. */
const FORMAT = 1

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

function unchanged(record: LoadRecord, earlierModel: EarlierModel[]): LoadOutcome {
  const { load, application, tables, report } = record
  return { load, application, state: 'unchanged', tables, deviations: [], report, ...changedSince(earlierModel) }
}

const changedSince = (earlierModel: EarlierModel[]) => (earlierModel.length > 0 ? { earlierModel } : {})

/** The load that brought this delivery, or all of its files, before: whatever became of its objects since. */
function loadedBefore(ledger: readonly LoadRecord[], delivery: Delivery): LoadRecord | undefined {
  const same = ledger.find(({ deliveryHash }) => deliveryHash === delivery.hash)
  if (same) return same
  const bringing = [...delivery.files].map(([table, { sha256: hash }]) =>
    ledger.find(({ files }) => files.some((file) => file.table === table && file.sha256 === hash)),
  )
  return bringing.every((record) => record !== undefined) ? bringing.at(-1) : undefined
}

/**
 * Loads a delivery into the archive by the model of an application, or refuses it as a whole. Nothing is visible before everything
 * agrees; the same input is never loaded twice; what was interrupted is resumed by calling it again.
 *
 * Throws TemplateError for the model, DeliveryError where there is nothing to load, OperatorError for machine and data folder.
 */
export async function ingest(options: IngestOptions): Promise<LoadOutcome> {
  const { home, templatesRoot, from } = options
  const application = await loadApplication(templatesRoot, options.application)
  const progress = createProgress(options.onProgress)
  const delivery = await readDelivery(from, application, (table) => progress.tell(table, 'hash'))
  const reach: ReachStage = options.onStage ?? (async () => {})
  if (delivery.files.size === 0)
    throw new DeliveryError(
      `There is no file in ${from} that belongs to a table of ${application.name}; expected ` +
        `${application.tables
          .slice(0, 3)
          .map(({ source }) => `${source.name}.csv`)
          .join(', ')} ...`,
    )
  const modelHash = sha256(JSON.stringify({ format: FORMAT, application }))
  const ledger = await readLedger(home.store, application.name)
  const before = loadedBefore(ledger, delivery)
  const stagingRoot = join(home.work, 'staging', application.name)
  if (before) {
    // An attempt that ended right after its commit has left these.
    await leaveSlot(home.store, application.name, before.load)
    await rm(join(stagingRoot, before.load), { recursive: true, force: true })
    const later = await holdLaterManifest({ store: home.store, application, delivery, ledger, before })
    return later ?? unchanged(before, await modelChanges(home.store, application, modelHash, delivery, ledger))
  }

  const load = sha256(`${delivery.hash}\n${modelHash}\n${options.acceptWithoutManifest === true}`).slice(0, 32)
  const staging = join(stagingRoot, load)
  await mkdir(staging, { recursive: true })
  const release = await lockStaging(staging)
  if (!release) throw new OperatorError(`This delivery is being loaded by another process (load ${load}).`)
  try {
    await takeSlot({ store: home.store, application: application.name, load, stagingRoot })
    const outcome = await underSlot({ ...options, application, delivery, modelHash, load, staging, progress, reach })
    await leaveSlot(home.store, application.name, load)
    await rm(staging, { recursive: true, force: true })
    return outcome
  } finally {
    release()
  }
}

interface SlotWork extends Omit<IngestOptions, 'application'> {
  application: Application
  delivery: Delivery
  modelHash: string
  load: string
  staging: string
  progress: ReturnType<typeof createProgress>
  reach: ReachStage
}

async function underSlot(work: SlotWork): Promise<LoadOutcome> {
  const { home, application, delivery, load, staging, modelHash, progress, reach } = work
  // Read again: a load may have been committed before the slot was ours.
  const ledger = await readLedger(home.store, application.name)
  const before = loadedBefore(ledger, delivery)
  const earlierModel = await modelChanges(home.store, application, modelHash, delivery, ledger)
  if (before)
    return (
      (await holdLaterManifest({ store: home.store, application, delivery, ledger, before })) ??
      unchanged(before, earlierModel)
    )
  const started = new Date().toISOString()
  await reach('hashed', { paths: [...delivery.files.values()].map(({ path }) => path) })
  progress.begin(
    [...delivery.files].map(([table, { name, bytes }]) => {
      const rows = delivery.manifest.manifest?.files.find((claimed) => claimed.name === name)?.rows
      return { table, bytes, rows }
    }),
  )
  const memoryBytes = work.memoryBytes ?? memoryFor()
  const session = await openSession(staging, { ...work, memoryBytes })
  let examined: Examined
  let engine: string
  try {
    engine = `DuckDB ${(await session.row('SELECT version() AS version')).version}`
    examined = await examine({
      session,
      atOnce: work.tablesAtOnce ?? (memoryBytes >= 1 << 30 ? 2 : 1),
      application,
      delivery,
      ledger,
      load,
      staging,
      home: home.path,
      destroyed: await readDestroyedKeys(home.store, fileKeySecrets(home.path), application.name),
      acceptWithoutManifest: work.acceptWithoutManifest === true,
      progress,
      reach,
      listLimit: work.listLimit ?? 100_000,
      ...(work.objectBytes === undefined ? {} : { objectBytes: work.objectBytes }),
    })
  } finally {
    session.close()
  }
  const refused = examined.findings.some(({ rule }) => rule === undefined)
  const suffix = refused ? `-refused-${await fingerprint(examined)}` : ''
  const keys = keysOf(application.name, load, suffix)
  const state = refused ? 'refused' : 'committed'
  const tables = refused
    ? Object.fromEntries(Object.entries(examined.tables).map(([name, counts]) => [name, { ...counts, written: 0 }]))
    : examined.tables
  const model = renderWrittenModel(application)
  const report = renderReport({
    load,
    application,
    modelHash,
    ...(refused ? {} : { model: { key: keys.model, sha256: sha256(model) } }),
    state,
    started,
    finished: new Date().toISOString(),
    delivery,
    engine,
    tables: tableReports(examined, delivery, tables),
    findings: examined.findings,
    deviations: { key: keys.deviations, listed: examined.deviations.listed, omitted: examined.deviations.omitted },
    quarantine: [...examined.quarantine.keys()].map((table) => keys.quarantine(table)),
    acceptedWithoutManifest: work.acceptWithoutManifest === true && delivery.manifest.text === undefined,
  })
  const papers: Papers = {
    keys,
    report,
    deviations: examined.deviations.file,
    quarantine: examined.quarantine,
    delivery,
  }
  if (refused) await filePapers(home.store, papers)
  else {
    progress.tell('', 'move')
    const { results } = examined
    const { store } = home
    const seal = (objects: LoadedObject[]) => {
      progress.tell('', 'seal')
      return sealPlaced({ ...work, home: home.path, store, objects, report: keys.report })
    }
    const { sealed } = work
    await commitLoad({
      ...{
        store,
        application,
        load,
        modelHash,
        model,
        started,
        delivery,
        results,
        tables,
        papers,
        reach,
        seal,
        sealed,
      },
    })
  }
  await reach('committed', { paths: [] })
  progress.tell('', 'done')
  return {
    load,
    application: application.name,
    state,
    tables,
    deviations: examined.deviations.first,
    report: keys.report,
    ...changedSince(earlierModel),
  }
}

/** Of what was found: the same delivery refused for the same reasons leaves one report, not one a try. */
async function fingerprint({ deviations, quarantine }: Examined): Promise<string> {
  const parts = [await sha256Of(deviations.file)]
  for (const file of quarantine.values()) parts.push(await sha256Of(file))
  return sha256(parts.join('\n')).slice(0, 8)
}

function tableReports(
  examined: Examined,
  delivery: Delivery,
  tables: LoadOutcome['tables'],
): Record<string, TableReport> {
  const reports: Record<string, TableReport> = {}
  for (const { table, source, archive, findings } of examined.results)
    reports[table] = {
      file: delivery.files.get(table)?.name ?? '',
      ...(tables[table] ?? { read: 0, written: 0, refused: 0 }),
      ...(source ? { source } : {}),
      ...(archive ? { archive } : {}),
      agrees: archive !== undefined && !findings.some(({ kind }) => kind === 'reconciliation'),
    }
  for (const [table, load] of examined.alreadyLoaded)
    reports[table] = { read: 0, written: 0, refused: 0, agrees: true, alreadyLoaded: load }
  return reports
}
