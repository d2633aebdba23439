import type { ObjectStore } from '../../store/port.ts'
import { LogDamageError } from '../errors.ts'
import { packEntries } from '../merkle/bundle.ts'
import { leafHash } from '../merkle/hash.ts'
import { readTile } from '../merkle/tiles.ts'
import { createTree, edgeTiles, TILE_WIDTH } from '../merkle/tree.ts'
import { tileKey } from '../paths.ts'

/**
 * Makes the tree again out of the entries and holds every stored tile and bundle against it. `signed`: entries that a checkpoint
 * covers; what comes after belongs to a seal that is being made, whose tiles may be missing but not be others.
 */
export function checkTree(store: ObjectStore, signed: number) {
  const tree = createTree()
  let leaves: Buffer[] = []
  let bundle: Buffer[] = []

  async function compare(key: string, made: Buffer, needed: boolean): Promise<void> {
    const kept = (await store.get(key))?.body
    if (!kept && !needed) return
    if (!kept) throw new LogDamageError(key, 'this part of the tree is missing.')
    if (!kept.equals(made)) throw new LogDamageError(key, 'this part of the tree is not what the entries make.')
  }

  return {
    size: () => tree.size,
    root: () => tree.root(),

    /** `file`: where the entry is from, for the message. */
    async append(file: string, entry: Buffer): Promise<void> {
      const index = tree.size
      const place = index % TILE_WIDTH
      if (place === 0) {
        const width = Math.min(TILE_WIDTH, signed - index)
        leaves = width > 0 ? await readTile(store, 0, index / TILE_WIDTH, width) : []
      }
      const leaf = leafHash(entry)
      const kept = leaves[place]
      if (kept && !kept.equals(leaf))
        throw new LogDamageError(
          file,
          `entry ${index} of the log is not the one that the tree was made of (${tileKey(0, Math.floor(index / TILE_WIDTH), leaves.length)}).`,
          index,
        )
      bundle.push(entry)
      for (const { level, index: at, hashes } of tree.append(leaf)) {
        if (level === 0) {
          await compare(tileKey('entries', at, TILE_WIDTH), packEntries(bundle), tree.size <= signed)
          bundle = []
        }
        await compare(tileKey(level, at, TILE_WIDTH), Buffer.concat(hashes), tree.size <= signed)
      }
    },

    /** The partial tiles of the size that the tree has now. */
    async checkEdge(): Promise<void> {
      const needed = tree.size <= signed
      for (const { level, index, width } of edgeTiles(tree.size)) {
        if (level === 0) await compare(tileKey('entries', index, width), packEntries(bundle), needed)
        await compare(tileKey(level, index, width), Buffer.concat([...(tree.edge()[level] ?? [])]), needed)
      }
    },
  }
}
