import type { ObjectStore } from '../../store/port.ts'
import { entryBytes } from '../entries.ts'
import { LogDamageError } from '../errors.ts'
import type { Note } from '../keys/note.ts'
import { checkpointKey, dayOfStream, objectKey, registrationKey, sealKey } from '../paths.ts'
import { readCheckpoint } from '../seal/checkpoint.ts'
import { daySince, type Heads, headsAfter, headsOf, type Range, readSeal, type SealFile } from '../seal/seal-file.ts'
import { readObject, readRegistration } from '../stream/object.ts'
import { countFrom, readAhead } from '../stream/read-ahead.ts'
import type { Verification } from './verification.ts'

/** Follows the seals from the first to `newest`; where `signed` of them have a checkpoint, only the last may lack its own. */
export async function checkSeals(verification: Verification, newest: number): Promise<void> {
  const { store, heads } = verification
  let before: SealFile | undefined
  for await (const file of readAhead(countFrom(1, newest), (number) => readSeal(store, number), 8)) {
    const number: number = (before?.seal.number ?? 0) + 1
    if (!file) throw new LogDamageError(sealKey(number), 'this seal is missing.')
    const { seal } = file
    if (seal.previous !== before?.hash)
      throw new LogDamageError(
        sealKey(number),
        'it does not go on from the seal before it; one of the two was altered.',
      )
    if (seal.before !== (before?.seal.size ?? 0))
      throw new LogDamageError(sealKey(number), 'it counts other entries before it than the seal before it has.')
    for (const range of seal.ranges) await checkRange(verification, seal.number, range)
    const entry = { kind: 'seal', number, sha256: file.hash } as const
    await verification.take(sealKey(number), entry, entryBytes(entry))
    if (verification.tree.size() !== seal.size)
      throw new LogDamageError(
        sealKey(number),
        `it counts ${seal.size} entries; there are ${verification.tree.size()}.`,
      )
    if (seal.since !== daySince(seal.at) && before && seal.since !== before.seal.since)
      throw new LogDamageError(sealKey(number), 'it leaves out streams that may go on.')
    const expected = headsAfter(heads, seal.ranges, seal.since)
    if (!sameHeads(expected, headsOf(seal)))
      throw new LogDamageError(sealKey(number), 'it says that streams stand elsewhere than its ranges lead to.')
    if (before && seal.at < before.seal.at)
      throw new LogDamageError(sealKey(number), 'it is older than the seal before it.')
    await verification.tree.checkEdge()
    await checkCheckpoint(verification, number, seal.size, seal.at, number === newest)
    verification.sizes.push(seal.size)
    verification.times.push(verification.oldest)
    verification.oldest = Number.POSITIVE_INFINITY
    before = file
  }
}

function sameHeads(left: Heads, right: Heads): boolean {
  if (left.size !== right.size) return false
  for (const [stream, { next, last }] of left) {
    const other = right.get(stream)
    if (other?.next !== next || other.last !== last) return false
  }
  return true
}

async function checkRange(verification: Verification, number: number, { stream, from, to, entries, last }: Range) {
  const { store, heads, tree } = verification
  const head = heads.get(stream) ?? { next: 1, last: await registrationOf(store, stream) }
  if (from !== head.next || to < from)
    throw new LogDamageError(
      sealKey(number),
      `it takes in objects ${from} to ${to} of ${stream}; the next one was ${head.next}.`,
    )
  const first = tree.size()
  let hash = head.last
  let sequence = from
  for await (const body of readAhead(
    countFrom(from, to),
    async (place) => (await store.get(objectKey(stream, place)))?.body,
  )) {
    const key = objectKey(stream, sequence)
    if (!body) throw new LogDamageError(key, 'it was sealed and is missing.', tree.size())
    const object = readObject(stream, sequence, body, tree.size())
    await verification.marks.take(object, true, tree.size())
    for (const { entry, bytes } of object.entries) await verification.take(key, entry, bytes)
    if (object.previous !== hash)
      throw new LogDamageError(
        key,
        'it does not go on from the object before it; one of the two was altered.',
        tree.size() - 1,
      )
    hash = object.hash
    sequence++
  }
  if (hash !== last)
    throw new LogDamageError(objectKey(stream, to), 'it is not the object that was sealed.', tree.size() - 1)
  if (tree.size() - first !== entries)
    throw new LogDamageError(
      sealKey(number),
      `it counts ${entries} entries of ${stream}; there are ${tree.size() - first}.`,
    )
  heads.set(stream, { next: to + 1, last })
}

export async function registrationOf(store: ObjectStore, stream: string): Promise<string> {
  const key = registrationKey(stream)
  const body = (await store.get(key))?.body
  if (!body || !dayOfStream(stream))
    throw new LogDamageError(key, 'this stream has objects, and its registration is missing.')
  return readRegistration(stream, body)
}

async function checkCheckpoint(verification: Verification, number: number, size: number, at: string, last: boolean) {
  const { store, tree, findings } = verification
  const key = checkpointKey(number)
  const text = (await store.get(key))?.body.toString()
  if (text === undefined) {
    if (!last) throw new LogDamageError(key, 'this checkpoint is missing.')
    findings.add({
      kind: 'unfinished-seal',
      of: sealKey(number),
      at,
      message: `Seal ${number} has no checkpoint yet: a sealer is at work, or was stopped; the next one finishes it.`,
    })
    return
  }
  const note = checkNote(number, text, verification, size, tree.root())
  verification.signed = { number, size, at, text, note, root: tree.root() }
}

function checkNote(
  number: number,
  text: string,
  { trust, origin, unknown }: Verification,
  size: number,
  root: Buffer,
): Note {
  const key = checkpointKey(number)
  const checkpoint = readCheckpoint(text)
  const [signature] = checkpoint?.note.signatures ?? []
  // Our own have one signature and nothing else, so that not a byte of the file is free.
  if (
    !checkpoint ||
    !signature ||
    checkpoint.note.signatures.length !== 1 ||
    checkpoint.note.text.split('\n').length !== 4
  )
    throw new LogDamageError(key, 'this is no checkpoint as the log writes them; it was altered.')
  if (checkpoint.size !== size || !checkpoint.root.equals(root))
    throw new LogDamageError(
      key,
      `it signs another log: ${checkpoint.size} entries and another root than the entries make.`,
    )
  origin.name ??= checkpoint.origin
  if (checkpoint.origin !== origin.name) throw new LogDamageError(key, 'it is of another log.')
  const signers = trust.signers(checkpoint.note)
  if (!signers) throw new LogDamageError(key, 'its signature is wrong.')
  // Signed before the keys that were given: believed only if the log says, further on, that they were replaced by those.
  if (signers.length === 0) unknown.push(number)
  return checkpoint.note
}
