import { atMost } from '@muniment/archive/catalog/at-most'
import { OperatorError } from '@muniment/archive/errors'
import { ConflictError } from '@muniment/archive/store/errors'
import type { ObjectStore } from '@muniment/archive/store/port'
import { sha256Of } from '../delivery/sha256.ts'
import { type LoadSealed, mustBeAsPlaced } from '../load/commit.ts'
import { type LoadedObject, loadKey } from '../load/ledger.ts'
import { createOnce, placeFile } from '../load/place.ts'
import { leaveSlot } from '../load/slot.ts'
import { takeBucketSlot } from './bucket-slot.ts'
import { fileOf, papersOf, type SealedRecord } from './local-load.ts'
import type { UploadTeller } from './progress.ts'

/** Objects on their way at once; each holds a part of the store's in memory. */
const AT_ONCE = 6

export interface UploadLoad {
  home: { path: string; store: ObjectStore }
  bucket: ObjectStore
  /** The bucket of secrets. */
  secrets: ObjectStore
  record: SealedRecord
  secret: Buffer
  progress: UploadTeller
  /** Told before anything of the load is visible in the bucket; where it fails, nothing becomes so. */
  sealed: (seal: LoadSealed) => Promise<void>
}

export const secretKey = (application: string, load: string) => `seals/${application}/${load}.hex`

/** Moves nothing: the data folder keeps what it has. Every step can be repeated; the last makes the load visible. */
export async function uploadLoad(work: UploadLoad): Promise<void> {
  const { home, bucket, record, progress, sealed } = work
  const { application, load, seal, deliveryHash, modelHash } = record
  await takeBucketSlot(bucket, application, load)
  progress.reach(load, 'place')
  const placed = new Map<string, string>()
  await atMost(AT_ONCE, record.objects, async ({ key, size, sha256 }) => {
    const file = { path: fileOf(home.path, key), sha256, copied: progress.sent }
    placed.set(key, (await placeFile(bucket, key, file)).etag)
    progress.placed(size)
  })
  const objects = record.objects.map((object): LoadedObject => ({ ...object, etag: placed.get(object.key) ?? '' }))
  progress.reach(load, 'papers')
  await bringPapers(work, await papersOf(home.store, application, load))
  await keepSecret(work)
  progress.reach(load, 'commit')
  await mustBeAsPlaced(bucket, objects)
  const rows = objects.reduce((sum, object) => sum + object.rows, 0)
  await sealed({ application, load, root: seal.root, deliveryHash, modelHash, rows })
  await createOnce(bucket, loadKey(application, load), `${JSON.stringify({ ...record, objects }, null, 2)}\n`)
  await leaveSlot(bucket, application, load)
}

export async function bringPapers(
  { home, bucket }: Pick<UploadLoad, 'home' | 'bucket'>,
  keys: readonly string[],
): Promise<void> {
  for (const key of keys) {
    const path = fileOf(home.path, key)
    await placeFile(bucket, key, { path, sha256: await sha256Of(path), copied: () => undefined })
  }
}

/** As the data folder keeps it, so that rows can be proved there too. */
async function keepSecret({ secrets, secret, record: { application, load } }: UploadLoad): Promise<void> {
  const key = secretKey(application, load)
  const text = `${secret.toString('hex')}\n`
  try {
    await secrets.create(key, text)
  } catch (error) {
    if (!(error instanceof ConflictError)) throw error
    if ((await secrets.get(key))?.body.toString('ascii') === text) return
    throw new OperatorError(
      `Beside the bucket lies another secret of load ${load} (${key}) than in this data folder; nothing of the load is visible.`,
      { cause: error },
    )
  }
}
