import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { OperatorError } from '@muniment/archive/errors'
import type { ObjectStore } from '@muniment/archive/store/port'
import type { LoadSealed } from '../load/commit.ts'
import { type LoadRecord, readLedger } from '../load/ledger.ts'
import { leaveSlot, lockStaging } from '../load/slot.ts'
import type { LoadOutcome } from '../outcome.ts'
import { papersOf, soundLoad } from './local-load.ts'
import { createUploadProgress, type UploadProgress } from './progress.ts'
import { bringPapers, uploadLoad } from './upload-load.ts'

export interface UploadOptions {
  home: { path: string; work: string; store: ObjectStore }
  /** The bucket of the archive, and that of its secrets. */
  bucket: ObjectStore
  secrets: ObjectStore
  application: string
  onProgress?: (progress: UploadProgress) => void
  /** Puts what a load's upload does into the log: `sealed` is to be told before the load is visible. */
  logged: (upload: (sealed: (seal: LoadSealed) => Promise<void>) => Promise<LoadOutcome>) => Promise<unknown>
}

export interface UploadedLoad {
  load: string
  state: 'uploaded' | 'unchanged'
  objects: number
  bytes: number
  rows: number
}

/**
 * Brings every committed load of the data folder into the bucket, oldest first, each visible as a whole or not at all. What is there is not
 * brought again, whatever became of its objects since. What was interrupted goes on when called again.
 *
 * Throws OperatorError where other work has the bucket's slot, where a load of the data folder is not as it was written, and where the
 * bucket has records of the same tables from elsewhere.
 */
export async function upload(options: UploadOptions): Promise<UploadedLoad[]> {
  const { home, application } = options
  const folder = join(home.work, 'upload', application)
  await mkdir(folder, { recursive: true })
  const release = await lockStaging(folder)
  if (!release) throw new OperatorError(`${application} is being uploaded from this data folder already.`)
  try {
    return await uploadAll(options)
  } finally {
    release()
  }
}

async function uploadAll(options: UploadOptions): Promise<UploadedLoad[]> {
  const { home, bucket, application, onProgress = () => undefined, logged } = options
  const ours = (await readLedger(home.store, application)).sort((one, other) =>
    one.finished < other.finished ? -1 : one.finished > other.finished ? 1 : 0,
  )
  if (ours.length === 0)
    throw new OperatorError(`No load of ${application} is in this data folder: load a delivery first.`)
  const there = new Map((await readLedger(bucket, application)).map((record) => [record.load, record]))
  const waiting = ours.filter(({ load }) => !there.has(load))
  mustBeOurs(application, ours, waiting, there)
  const sizes = waiting.flatMap(({ objects }) => objects.map(({ size }) => size))
  const total = { bytes: sizes.reduce((sum, size) => sum + size, 0), objects: sizes.length }
  const progress = createUploadProgress(onProgress, total)
  const uploaded: UploadedLoad[] = []
  for (const local of ours) {
    const { load, objects, tables, report } = local
    const figures = {
      load,
      objects: objects.length,
      bytes: objects.reduce((sum, { size }) => sum + size, 0),
      rows: objects.reduce((sum, { rows }) => sum + rows, 0),
    }
    if (there.has(load)) {
      await bringLatePapers(options, load)
      uploaded.push({ ...figures, state: 'unchanged' })
      continue
    }
    progress.reach(load, 'check')
    const sound = await soundLoad(home.path, local)
    await logged(async (sealed) => {
      await uploadLoad({ ...options, ...sound, progress, sealed })
      return { load, application, state: 'committed', tables, deviations: [], report }
    })
    uploaded.push({ ...figures, state: 'uploaded' })
  }
  if (waiting.length > 0) progress.reach('', 'done')
  return uploaded
}

/** Keys and references of a load were checked against what its data folder holds, and against nothing else. */
function mustBeOurs(
  application: string,
  ours: readonly LoadRecord[],
  waiting: readonly LoadRecord[],
  there: ReadonlyMap<string, LoadRecord>,
): void {
  const known = new Set(ours.map(({ load }) => load))
  const tables = new Set(waiting.flatMap(({ tables }) => Object.keys(tables)))
  for (const { load, tables: brought } of there.values()) {
    const shared = known.has(load) ? undefined : Object.keys(brought).find((table) => tables.has(table))
    if (shared !== undefined)
      throw new OperatorError(
        `The bucket has records of ${application}.${shared} by load ${load}, which is not in this data folder, so that nobody has looked ` +
          'whether the same records are in both. Upload from the data folder that has that load.',
      )
  }
}

/** A manifest that came later is filed with loads that were committed long before. An attempt that ended right after its commit left the slot. */
async function bringLatePapers({ home, bucket, application }: UploadOptions, load: string): Promise<void> {
  await leaveSlot(bucket, application, load)
  const there = new Set(await papersOf(bucket, application, load))
  const lacking = (await papersOf(home.store, application, load)).filter((key) => !there.has(key))
  if (lacking.length > 0) await bringPapers({ home, bucket }, lacking)
}
