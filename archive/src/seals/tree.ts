import { createHash } from 'node:crypto'

/** Children a node: hashing a wide node costs a fifth of hashing the two-armed nodes in its place. */
export const WIDTH = 16

/** One level on the way up: the siblings left and right of the hash, and with it in the middle all children of the node. */
export interface PathStep {
  before: Buffer[]
  after: Buffer[]
}

export interface Tree {
  root: Buffer
  /** The way from the hash at `index` to the root. */
  path(index: number): PathStep[]
}

/** 0x01 keeps nodes apart from rows (0x00), classes (0x02) and descriptions (0x03). */
export function nodeHash(children: readonly Buffer[]): Buffer {
  const hash = createHash('sha256').update(Buffer.of(1))
  for (const child of children) hash.update(child)
  return hash.digest()
}

/** Runs of sixteen are hashed to one, level by level, until one hash is left. Of one hash it is that hash; of none a node without children. */
export function treeOf(hashes: readonly Buffer[]): Tree {
  const levels: (readonly Buffer[])[] = [hashes]
  let level = hashes
  while (level.length > 1) {
    const above: Buffer[] = []
    for (let at = 0; at < level.length; at += WIDTH) above.push(nodeHash(level.slice(at, at + WIDTH)))
    levels.push(above)
    level = above
  }
  return {
    root: level[0] ?? nodeHash([]),
    path(index) {
      if (!Number.isInteger(index) || index < 0 || index >= hashes.length)
        throw new RangeError(`A tree of ${hashes.length} hashes has no number ${index}.`)
      return levels.slice(0, -1).map((row, height) => {
        const own = Math.floor(index / WIDTH ** height)
        const from = own - (own % WIDTH)
        return { before: row.slice(from, own), after: row.slice(own + 1, from + WIDTH) }
      })
    },
  }
}

/**
 * The tree over rows `first` to `first + count - 1` whose leaf hashes are given: those of rows that are there, computed, and those of
 * rows destroyed since, as their certificate keeps them. Throws RangeError where one is missing or one too many.
 */
export function treeWith(leaves: ReadonlyMap<number, Buffer>, first: number, count: number): Tree {
  const hashes = Array.from({ length: count }, (_, index) => {
    const leaf = leaves.get(first + index)
    if (leaf?.length !== 32) throw new RangeError(`The hash of row ${first + index} is missing.`)
    return leaf
  })
  if (leaves.size !== count) throw new RangeError(`${leaves.size} hashes were given for ${count} rows.`)
  return treeOf(hashes)
}

/** The root that a hash leads to; undefined unless the path has the shape that number `index` of `count` has. */
export function rootFrom(hash: Buffer, path: readonly PathStep[], index: number, count: number): Buffer | undefined {
  if (!Number.isInteger(index) || index < 0 || index >= count) return undefined
  let [at, size, current] = [index, count, hash]
  for (const { before, after } of path) {
    const from = at - (at % WIDTH)
    if (size < 2 || before.length !== at - from || after.length !== Math.min(WIDTH, size - from) - before.length - 1)
      return undefined
    current = nodeHash([...before, current, ...after])
    at = Math.floor(at / WIDTH)
    size = Math.ceil(size / WIDTH)
  }
  return size === 1 ? current : undefined
}
