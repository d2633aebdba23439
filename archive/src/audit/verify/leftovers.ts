import { LogDamageError } from '../errors.ts'
import { keysBelow } from '../keys-below.ts'
import { TILE_WIDTH } from '../merkle/tree.ts'
import { AUDIT, type AuditFile, auditFile, CHECKPOINT, checkpointKey, objectKey, sealKey } from '../paths.ts'
import { readCheckpoint } from '../seal/checkpoint.ts'
import { readObject, readRegistration } from '../stream/object.ts'
import { registrationOf } from './seals.ts'
import type { Verification } from './verification.ts'

export interface Uncovered {
  entries: number
  since?: string
}

/**
 * Every file below `audit/` is one that the seals account for, or of a stream's end that no seal has taken in yet, whose chain is
 * followed here. `newest`: the last seal that was followed; what a sealer adds meanwhile is left for the next verification.
 */
export async function checkLeftovers(verification: Verification, newest: number): Promise<Uncovered> {
  const { store, heads, sizes, tree } = verification
  const uncovered: Uncovered = { entries: 0 }
  const grew = async () => (await store.head(sealKey(newest + 1))) !== undefined

  async function follow(stream: string, until: number): Promise<void> {
    let head = heads.get(stream) ?? { next: 1, last: await registrationOf(store, stream) }
    // A listing under way may miss what was written just then, and show what came after.
    while (head.next <= until) {
      const key = objectKey(stream, head.next)
      const body = (await store.get(key))?.body
      if (!body) throw new LogDamageError(key, 'this object is missing; the stream goes on after it.')
      const object = readObject(stream, head.next, body)
      if (object.previous !== head.last)
        throw new LogDamageError(key, 'it does not go on from the object before it; one of the two was altered.')
      await verification.marks.take(object, false)
      for (const { entry } of object.entries) {
        uncovered.entries++
        if (uncovered.since === undefined || entry.at < uncovered.since) uncovered.since = entry.at
        verification.pairs.take(entry)
        verification.rules?.take(entry)
      }
      head = { next: head.next + 1, last: object.hash }
      heads.set(stream, head)
    }
  }

  const isTile = ({ level, index, width }: Extract<AuditFile, { kind: 'tile' }>) => {
    const span = TILE_WIDTH ** (level === 'entries' ? 0 : level)
    const count = index * TILE_WIDTH + width
    if (width === TILE_WIDTH) return count * span <= tree.size()
    // Of the sizes that have this many full subtrees, one must be that of a seal.
    const size = firstFrom(sizes, count * span)
    return size !== undefined && Math.floor(size / span) === count
  }

  for await (const key of keysBelow(store, AUDIT)) {
    const file = auditFile(key)
    if (!file) throw new LogDamageError(key, 'this is no file of the log.')
    if (file.kind === 'object') await follow(file.stream, file.sequence)
    else if (file.kind === 'registration') {
      if (!heads.has(file.stream)) readRegistration(file.stream, (await store.get(key))?.body ?? Buffer.alloc(0))
    } else if (file.kind === 'tile') {
      if (!isTile(file) && !(await grew())) throw new LogDamageError(key, 'no seal accounts for this part of the tree.')
    } else if (file.kind !== 'checkpoint' && file.number > newest && !(await grew()))
      throw new LogDamageError(sealKey(newest + 1), `this seal is missing: ${key} is of a later one.`)
    else if (file.kind === 'time-stamp' && file.number <= newest) await verification.stamps.take(file.number)
  }
  await checkPublished(verification, grew)
  return uncovered
}

/** The first of the rising numbers that is not below `least`. */
function firstFrom(numbers: readonly number[], least: number): number | undefined {
  let [from, to] = [0, numbers.length]
  while (from < to) {
    const middle = Math.floor((from + to) / 2)
    if ((numbers[middle] ?? 0) < least) from = middle + 1
    else to = middle
  }
  return numbers[from]
}

/** `audit/checkpoint` repeats one of the sealed ones, the newest unless a sealer was stopped just before. */
async function checkPublished({ store, sizes, signed, findings }: Verification, grew: () => Promise<boolean>) {
  const text = (await store.get(CHECKPOINT))?.body.toString()
  if (text === undefined && (signed?.number ?? 0) > 1)
    throw new LogDamageError(CHECKPOINT, 'the newest checkpoint is missing.')
  if (text !== undefined) {
    const size = readCheckpoint(text)?.size ?? -1
    const number = sizes.indexOf(size) + 1
    if (size > (signed?.size ?? 0) && (await grew())) return
    const sealed = number > 0 ? (await store.get(checkpointKey(number)))?.body.toString() : undefined
    if (sealed === undefined && number > 0)
      throw new LogDamageError(checkpointKey(number), 'this checkpoint is missing, although it was the newest.')
    if (sealed !== text) throw new LogDamageError(CHECKPOINT, 'it is none of the checkpoints that the seals led to.')
  }
  if (signed && text !== signed.text)
    findings.add({
      kind: 'stale-checkpoint',
      of: CHECKPOINT,
      message: `${CHECKPOINT} is not the newest checkpoint yet: a sealer is at work, or was stopped; the next one mends it.`,
    })
}
