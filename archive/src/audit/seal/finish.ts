import { ConflictError } from '../../store/errors.ts'
import type { ObjectStore } from '../../store/port.ts'
import { entryBytes } from '../entries.ts'
import { LogDamageError } from '../errors.ts'
import type { Signer, StreamKey } from '../keys/port.ts'
import { packEntries, unpackEntries } from '../merkle/bundle.ts'
import { leafHash } from '../merkle/hash.ts'
import { readEdge } from '../merkle/tiles.ts'
import { createTree, edgeTiles, TILE_WIDTH } from '../merkle/tree.ts'
import { CHECKPOINT, checkpointKey, objectKey, tileKey } from '../paths.ts'
import { readObject } from '../stream/object.ts'
import { countFrom, readAhead } from '../stream/read-ahead.ts'
import { checkpointText, readCheckpoint, signCheckpoint } from './checkpoint.ts'
import { checkOwn } from './own.ts'
import type { SealFile } from './seal-file.ts'
import { sideBySide } from './side-by-side.ts'

/** Whether the seal's tree and checkpoint are there: the checkpoint comes last. */
export const isFinished = async (store: ObjectStore, number: number): Promise<boolean> =>
  (await store.head(checkpointKey(number))) !== undefined

/** Creates, or finds that the same is there already; throws LogDamageError where something else is. */
async function ensure(store: ObjectStore, key: string, body: Buffer): Promise<void> {
  try {
    await store.create(key, body)
  } catch (error) {
    const there = await store.get(key)
    if (there?.body.equals(body)) return
    if (there && error instanceof ConflictError)
      throw new LogDamageError(key, 'something else is here than the seals say; nothing is signed on top of it.')
    throw error
  }
}

interface FinishOptions {
  /** The entries where they are in memory, looked at already. */
  taken?: Buffer[]
  streamKey: StreamKey
}

/** The seal's entries, its own among them. */
async function* entriesOf(
  store: ObjectStore,
  file: SealFile,
  { taken: entries, streamKey }: FinishOptions,
): AsyncGenerator<Buffer> {
  const { seal, hash } = file
  if (entries) yield* entries
  else
    for (const { stream, from, to, last } of seal.ranges) {
      let found = ''
      for await (const object of readAhead(countFrom(from, to), (sequence) => readCovered(store, stream, sequence))) {
        // Who can write the files can write a seal too, and leave it to us to sign.
        await checkOwn(object, streamKey)
        yield* object.entries.map(({ bytes }) => bytes)
        found = object.hash
      }
      if (found !== last) throw new LogDamageError(objectKey(stream, to), 'it is not the object that was sealed.')
    }
  yield entryBytes({ kind: 'seal', number: seal.number, sha256: hash })
}

async function readCovered(store: ObjectStore, stream: string, sequence: number) {
  const body = (await store.get(objectKey(stream, sequence)))?.body
  if (!body) throw new LogDamageError(objectKey(stream, sequence), 'it was sealed and is missing.')
  return readObject(stream, sequence, body)
}

/**
 * Makes what follows from a seal: tiles, entry bundles and the signed checkpoint, which comes last. All are functions of the
 * seals, so that two may do this at once, and whoever comes after a crash goes on. Gives the checkpoint.
 */
export async function finishSeal(
  store: ObjectStore,
  signer: Signer,
  file: SealFile,
  options: FinishOptions,
): Promise<{ checkpoint: string; size: number }> {
  const { before, number, size } = file.seal
  const edge = await readEdge(store, before)
  const tree = createTree(before, edge)
  if (number > 1) await checkBasis(store, number - 1, before, tree.root())
  const [partial] = edgeTiles(before).filter(({ level }) => level === 0)
  let bundle: Buffer[] = []
  if (partial) {
    const key = tileKey('entries', partial.index, partial.width)
    const kept = (await store.get(key))?.body
    if (!kept) throw new LogDamageError(key, 'these entries of the tree are missing.')
    bundle = unpackEntries(key, kept, partial.width)
    const changed = bundle.findIndex((entry, place) => !edge[0]?.[place]?.equals(leafHash(entry)))
    if (changed >= 0)
      throw new LogDamageError(key, 'an entry is not what the tree is made of.', before - partial.width + changed)
  }

  const writes = sideBySide()
  const write = (key: string, body: Buffer) => writes.add(() => ensure(store, key, body))
  for await (const entry of entriesOf(store, file, options)) {
    bundle.push(entry)
    const filled = tree.append(leafHash(entry))
    for (const { level, index, hashes } of filled) {
      if (level === 0) {
        await write(tileKey('entries', index, TILE_WIDTH), packEntries(bundle))
        bundle = []
      }
      await write(tileKey(level, index, TILE_WIDTH), Buffer.concat(hashes))
    }
  }
  if (tree.size !== size)
    throw new LogDamageError(
      objectKey(file.seal.ranges[0]?.stream ?? '', 1),
      'the seal counts other entries than there are.',
    )
  for (const { level, index, width } of edgeTiles(size)) {
    if (level === 0) await write(tileKey('entries', index, width), packEntries(bundle))
    await write(tileKey(level, index, width), Buffer.concat([...(tree.edge()[level] ?? [])]))
  }
  await writes.all()
  const checkpoint = await keepCheckpoint(store, signer, number, size, tree.root())
  return { checkpoint, size }
}

/** Nothing is signed that does not go on from what was signed before. */
async function checkBasis(store: ObjectStore, number: number, size: number, root: Buffer): Promise<void> {
  const key = checkpointKey(number)
  const signed = readCheckpoint((await store.get(key))?.body.toString() ?? '')
  if (!signed || signed.size !== size || !signed.root.equals(root))
    throw new LogDamageError(
      key,
      'the tree is not the one that this checkpoint signed; nothing is signed on top of it.',
    )
}

async function keepCheckpoint(store: ObjectStore, signer: Signer, number: number, size: number, root: Buffer) {
  const key = checkpointKey(number)
  const signed = await signCheckpoint(signer, size, root)
  try {
    await store.create(key, signed)
    return signed
  } catch (error) {
    const there = (await store.get(key))?.body.toString()
    // After a rotation the other sealer's key may be another, over the same text.
    if (there && readCheckpoint(there)?.note.text === checkpointText(signer.name, size, root)) return there
    if (there) throw new LogDamageError(key, 'another checkpoint is here than the seals say.')
    throw error
  }
}

/** Puts the newest checkpoint where tlog-tiles looks for it, unless a newer one is there. */
export async function publishCheckpoint(store: ObjectStore, checkpoint: string): Promise<void> {
  const size = readCheckpoint(checkpoint)?.size ?? 0
  for (let tries = 0; ; tries++) {
    const there = await store.get(CHECKPOINT)
    if (there && (readCheckpoint(there.body.toString())?.size ?? 0) >= size) return
    try {
      if (there) await store.replace(CHECKPOINT, checkpoint, there.etag)
      else await store.create(CHECKPOINT, checkpoint)
      return
    } catch (error) {
      if (!(error instanceof ConflictError) || tries > 20) throw error
    }
  }
}
