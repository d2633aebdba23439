import { emptyRoot, nodeHash, rootOf } from './hash.ts'

export const TILE_WIDTH = 256

export interface FullTile {
  level: number
  index: number
  hashes: Buffer[]
}

/** A tree that is appended to; in memory are only the tiles at its right edge. */
export interface Tree {
  readonly size: number
  /** Gives the tiles that this leaf has filled, lowest first. */
  append(leaf: Buffer): FullTile[]
  /** Hashes in the tile at the right edge of each level, lowest first; empty where it is full. */
  edge(): readonly (readonly Buffer[])[]
  root(): Buffer
}

/** `edge` is what a tree of `size` leaves has at its right edge. */
export function createTree(size = 0, edge: readonly (readonly Buffer[])[] = []): Tree {
  const levels = edge.map((hashes) => [...hashes])
  let leaves = size

  return {
    get size() {
      return leaves
    },
    append(leaf) {
      leaves++
      const filled: FullTile[] = []
      let hash = leaf
      let span = TILE_WIDTH
      for (let level = 0; ; level++, span *= TILE_WIDTH) {
        const hashes = levels[level] ?? []
        levels[level] = hashes
        hashes.push(hash)
        if (hashes.length < TILE_WIDTH) return filled
        levels[level] = []
        filled.push({ level, index: leaves / span - 1, hashes })
        hash = rootOf(hashes)
      }
    },
    edge: () => levels,
    root() {
      const subtrees = [...levels].reverse().flatMap(perfectSubtrees)
      return (
        subtrees.reduceRight<Buffer | undefined>(
          (right, left) => (right === undefined ? left : nodeHash(left, right)),
          undefined,
        ) ?? emptyRoot()
      )
    },
  }
}

/** Roots of the largest perfect trees over the hashes, from the left. */
function perfectSubtrees(hashes: readonly Buffer[]): Buffer[] {
  const roots: Buffer[] = []
  let from = 0
  for (let width = TILE_WIDTH / 2; width >= 1; width /= 2) {
    if (hashes.length - from < width) continue
    roots.push(rootOf(hashes.slice(from, from + width)))
    from += width
  }
  return roots
}

/** Levels of a tree's right edge that are not empty: which partial tile each has. */
export function edgeTiles(size: number): { level: number; index: number; width: number }[] {
  const tiles: { level: number; index: number; width: number }[] = []
  for (let level = 0, count = size; count > 0; level++, count = Math.floor(count / TILE_WIDTH)) {
    const width = count % TILE_WIDTH
    if (width > 0) tiles.push({ level, index: Math.floor(count / TILE_WIDTH), width })
  }
  return tiles
}
