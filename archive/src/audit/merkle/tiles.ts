import type { ObjectStore } from '../../store/port.ts'
import { LogDamageError } from '../errors.ts'
import { tileKey } from '../paths.ts'
import { rootOf } from './hash.ts'
import type { SubtreeReader } from './proofs.ts'
import { edgeTiles, TILE_WIDTH } from './tree.ts'

const HASH_BYTES = 32

/** Hashes of a tile as they are kept; throws LogDamageError where it is missing or has another length. */
export async function readTile(store: ObjectStore, level: number, index: number, width: number): Promise<Buffer[]> {
  const key = tileKey(level, index, width)
  const body = (await store.get(key))?.body
  if (!body) throw new LogDamageError(key, 'this tile of the tree is missing.')
  if (body.length !== width * HASH_BYTES)
    throw new LogDamageError(key, `a tile of ${width} hashes has ${width * HASH_BYTES} bytes, this one ${body.length}.`)
  return Array.from({ length: width }, (_, place) => body.subarray(place * HASH_BYTES, (place + 1) * HASH_BYTES))
}

/** What createTree goes on from: the partial tiles of a tree of this size. */
export async function readEdge(store: ObjectStore, size: number): Promise<Buffer[][]> {
  const edge: Buffer[][] = []
  for (const { level, index, width } of edgeTiles(size)) edge[level] = await readTile(store, level, index, width)
  return Array.from(edge, (hashes) => hashes ?? [])
}

const MOST_TILES = 64

/** Perfect subtrees of a tree of `size` leaves out of its tiles, a few of which are kept in memory. */
export function subtreesOf(store: ObjectStore, size: number): SubtreeReader {
  const kept = new Map<string, Promise<Buffer[]>>()
  const tile = (level: number, index: number) => {
    const width = Math.min(TILE_WIDTH, Math.floor(size / TILE_WIDTH ** level) - index * TILE_WIDTH)
    const key = tileKey(level, index, width)
    const read = kept.get(key) ?? readTile(store, level, index, width)
    kept.delete(key)
    kept.set(key, read)
    for (const oldest of kept.keys()) {
      if (kept.size <= MOST_TILES) break
      kept.delete(oldest)
    }
    return read
  }
  return async (height, index) => {
    const level = Math.floor(height / 8)
    const count = 2 ** (height % 8)
    const first = index * count
    const hashes = await tile(level, Math.floor(first / TILE_WIDTH))
    const from = first % TILE_WIDTH
    return rootOf(hashes.slice(from, from + count))
  }
}
