import { ConflictError } from '../../store/errors.ts'
import type { ObjectStore } from '../../store/port.ts'
import { sha256Hex } from '../canonical.ts'
import { LogDamageError } from '../errors.ts'
import type { Signer, StreamKey } from '../keys/port.ts'
import { CHECKPOINT, checkpointKey, sealKey } from '../paths.ts'
import { readCheckpoint } from './checkpoint.ts'
import { finishSeal, isFinished, publishCheckpoint } from './finish.ts'
import { gather } from './gather.ts'
import { daySince, headsAfter, newestSeal, readSeal, type Seal, type SealFile, sealText } from './seal-file.ts'
import { tellWitnesses } from './tell-witnesses.ts'
import type { Witness, WitnessOutcome } from './witness.ts'

export interface SealOptions {
  store: ObjectStore
  signer: Signer
  clock: () => Date
  /** Only what a process of this log wrote is signed. */
  streamKey: StreamKey
  witnesses?: Witness[]
  /** Looks for streams of all time, also those of writers whose clock was days behind. */
  everything?: boolean
  /** What goes into one seal at most; it is in memory. */
  most?: { entries: number; bytes: number }
}

export interface Sealed {
  /** Numbers of the seals that were made, or finished for a sealer that was not heard of again. */
  seals: number[]
  /** Entries that they took in. */
  entries: number
  /** Entries in the tree. */
  size: number
  /** Of the newest seal that has a checkpoint; 0 while the log is empty. */
  number: number
  /** Undefined while the log is empty. */
  checkpoint: string | undefined
  /** Files that keep their stream from being sealed any further. */
  damaged: LogDamageError[]
  witnesses: WitnessOutcome[]
}

const MOST = { entries: 16_384, bytes: 32 * 1024 * 1024 }

/**
 * Seals what no seal has taken in, signs, and hands the checkpoint to the witnesses. Any number may do this at once, and be
 * killed at any step. Throws LogDamageError where what is sealed already is not as it was: nothing is signed on top of that.
 */
export async function seal(options: SealOptions): Promise<Sealed> {
  const { store, signer, clock, witnesses = [], everything = false, most = MOST, streamKey } = options
  const done: Sealed = { seals: [], entries: 0, size: 0, number: 0, checkpoint: undefined, damaged: [], witnesses: [] }

  const finish = async (file: SealFile, taken?: Buffer[]) => {
    const { checkpoint, size } = await finishSeal(store, signer, file, { streamKey, ...(taken && { taken }) })
    done.seals.push(file.seal.number)
    done.entries += size - file.seal.before
    Object.assign(done, { checkpoint, size, number: file.seal.number })
  }

  for (let more = true; more; ) {
    const newest = await newestOf(store)
    const number = newest?.seal.number ?? 0
    if (newest && !(await isFinished(store, number))) await finish(newest)
    const at = latest(clock().toISOString(), newest?.seal.at)
    const gathered = await gather({ store, newest, at, everything, most, streamKey })
    done.damaged = gathered.damaged
    if (gathered.ranges.length === 0) break
    const before = newest?.seal.size ?? 0
    const since = gathered.more ? (newest?.seal.since ?? gathered.oldest ?? daySince(at)) : daySince(at)
    const next: Seal = {
      format: 1,
      number: number + 1,
      ...(newest && { previous: newest.hash }),
      at,
      before,
      ranges: gathered.ranges,
      size: before + gathered.entries.length + 1,
      since,
      heads: [...headsAfter(gathered.heads, gathered.ranges, since)].map(([stream, head]) => ({ stream, ...head })),
    }
    const text = sealText(next)
    more = gathered.more
    if (await create(store, next.number, text)) await finish({ seal: next, hash: sha256Hex(text) }, gathered.entries)
    // Another sealer was first: what it left over is for the next seal.
    else more = true
  }
  await finishUp(store, done)
  done.witnesses = await tellWitnesses(store, witnesses, done)
  return done
}

const latest = (now: string, last: string | undefined): string => (last !== undefined && last > now ? last : now)

/** Whether this seal is the one that stands. */
async function create(store: ObjectStore, number: number, text: string): Promise<boolean> {
  try {
    await store.create(sealKey(number), text)
    return true
  } catch (error) {
    const there = (await store.get(sealKey(number)))?.body.toString()
    if (there === text) return true
    if (there !== undefined && error instanceof ConflictError) return false
    throw error
  }
}

/** The newest seal; throws LogDamageError where seals are missing that a checkpoint tells of. */
async function newestOf(store: ObjectStore): Promise<SealFile | undefined> {
  for (let before: number | undefined; ; ) {
    const number = await newestSeal(store)
    const file = number === 0 ? undefined : await readSeal(store, number)
    const published = readCheckpoint((await store.get(CHECKPOINT))?.body.toString() ?? '')
    const ahead = (published?.size ?? 0) > (file?.seal.size ?? 0) || (await isFinished(store, number + 1))
    if (!ahead) return file
    // Another sealer may have gone on between the looks: then there is a newer seal by now.
    if (number === before)
      throw new LogDamageError(sealKey(number + 1), 'this seal is missing: a checkpoint covers more than the seals do.')
    before = number
  }
}

/** A sealer that found nothing to do still mends what one before it left undone. */
async function finishUp(store: ObjectStore, done: Sealed): Promise<void> {
  if (done.checkpoint === undefined) {
    const newest = await newestOf(store)
    if (!newest) return
    done.checkpoint = (await store.get(checkpointKey(newest.seal.number)))?.body.toString()
    done.size = newest.seal.size
    done.number = newest.seal.number
  }
  if (done.checkpoint !== undefined) await publishCheckpoint(store, done.checkpoint)
}
