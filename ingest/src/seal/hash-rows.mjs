// Plain JavaScript: a thread is given none of what reads TypeScript here. What is hashed how is archive/src/seals/hashes.ts, and this
// must come to the same, for millions of rows.
import { hash } from 'node:crypto'

const SALT = 16
const HASH_BYTES = 32
const WIDTH = 16

const wrong = () => new Error('Rows are not written as they should be.')

/** Behind the value that begins at `at`: of a varchar digits, a colon, so many bytes, a comma; of others up to the comma. */
function behind(blob, at, varchar) {
  if (varchar === 0) {
    const limit = blob.length
    while (at < limit && blob[at] !== 44) at++
    if (at === limit) throw wrong()
    return at + 1
  }
  let length = 0
  for (;;) {
    const byte = blob[at++]
    if (byte === 58) break
    if (!(byte >= 48 && byte <= 57)) throw wrong()
    length = length * 10 + byte - 48
  }
  if (blob[at + length] !== 44) throw wrong()
  return at + length + 1
}

/** Bytes that must be free before the first row: kind, salt and the hashes of all classes. */
export const headroomOf = (classes) => 1 + SALT + classes * HASH_BYTES

/**
 * Hashes rows where they lie, whatever their order. What goes before a row's values is written over what was hashed already, so that
 * nothing is copied. `classes` says of each sensitive class which columns are varchars, `open` of the others; `salts` holds one run of
 * salts a class and last that of the rows. Gives the leaf hashes in order, and how many rows there were.
 */
export function hashRows({ bytes, classes, open, salts, first, count }) {
  const blob = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const leaves = Buffer.alloc(count * HASH_BYTES)
  const seen = new Uint8Array(count)
  const kinds = classes.length
  const limits = new Int32Array(kinds + 1)
  const hashes = new Array(kinds)
  const before = headroomOf(kinds)
  let rows = 0
  for (let at = before; at < blob.length; ) {
    limits[0] = at
    for (let kind = 0; kind < kinds; kind++) {
      const columns = classes[kind]
      for (let column = 0; column < columns.length; column++) at = behind(blob, at, columns[column])
      limits[kind + 1] = at
    }
    let row = 0
    for (let byte = blob[at]; byte !== 44; byte = blob[++at]) {
      if (!(byte >= 48 && byte <= 57)) throw wrong()
      row = row * 10 + byte - 48
    }
    at++
    for (let column = 0; column < open.length; column++) at = behind(blob, at, open[column])
    const index = row - first
    if (!(index >= 0 && index < count) || seen[index] === 1) throw new Error(`Row ${row} is where no such row can be.`)
    seen[index] = 1
    rows++
    const salt = index * SALT
    for (let kind = 0; kind < kinds; kind++) {
      const from = limits[kind] - 1 - SALT
      const own = salts[kind]
      blob[from] = 2
      for (let byte = 0; byte < SALT; byte++) blob[from + 1 + byte] = own[salt + byte]
      hashes[kind] = hash(
        'sha256',
        new Uint8Array(blob.buffer, blob.byteOffset + from, limits[kind + 1] - from),
        'latin1',
      )
    }
    const from = limits[kinds] - before
    const own = salts[kinds]
    blob[from] = 0
    for (let byte = 0; byte < SALT; byte++) blob[from + 1 + byte] = own[salt + byte]
    for (let kind = 0; kind < kinds; kind++) blob.latin1Write(hashes[kind], from + 1 + SALT + kind * HASH_BYTES)
    const leaf = hash('sha256', new Uint8Array(blob.buffer, blob.byteOffset + from, at - from), 'latin1')
    leaves.latin1Write(leaf, index * HASH_BYTES)
  }
  return { leaves, rows, seen }
}

/** The root of archive/src/seals/tree.ts over hashes that lie one behind the other. */
export function rootOfRun(hashes) {
  let level = Buffer.from(hashes)
  while (level.length > HASH_BYTES) {
    const size = level.length
    const above = Buffer.alloc(Math.ceil(size / (WIDTH * HASH_BYTES)) * HASH_BYTES)
    const node = Buffer.alloc(1 + WIDTH * HASH_BYTES, 1)
    for (let at = 0, to = 0; at < size; at += WIDTH * HASH_BYTES, to += HASH_BYTES) {
      const copied = level.copy(node, 1, at, Math.min(size, at + WIDTH * HASH_BYTES))
      above.latin1Write(hash('sha256', node.subarray(0, 1 + copied), 'latin1'), to)
    }
    level = above
  }
  return level
}
