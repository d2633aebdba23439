// Plain JavaScript: a thread is given none of what reads TypeScript here. What is hashed how is archive/src/seals/hashes.ts, and this
// must come to the same, for millions of rows.
import { createHash, hash } from 'node:crypto'
import { createLanes } from './sha256-lanes.mjs'

const SALT = 16
const HASH_BYTES = 32
const WIDTH = 16

const wrong = () => new Error('Rows are not written as they should be.')

/** Behind the value that begins at `at`: of a varchar digits, a colon, so many bytes, a comma; of others up to the comma. */
function behind(blob, limit, at, varchar) {
  if (varchar === 0) {
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
  if (at + length >= limit || blob[at + length] !== 44) throw wrong()
  return at + length + 1
}

/** Rows whose classes are hashed before the rows are. */
const BATCH = 256

const digest = (bytes) => createHash('sha256').update(bytes).digest()

let lanes

/**
 * Hashes rows, whatever their order. `classes` says of each sensitive class which columns are varchars, `open` of the others; `salts`
 * holds one run of salts a class and last that of the rows; `gone` the leaves of rows that were destroyed. Gives the leaf hashes in order,
 * and how many rows there were.
 */
export function hashRows({ bytes, classes, open, salts, first, count, gone = [] }) {
  lanes ??= createLanes()
  // What a call before this one threw may have left some.
  lanes.forget()
  const kinds = classes.length
  const saltsAt = lanes.free
  const leavesAt = saltsAt + (kinds + 1) * count * SALT
  const digestsAt = leavesAt + count * HASH_BYTES
  const rowsAt = digestsAt + BATCH * kinds * HASH_BYTES
  const limit = rowsAt + bytes.length
  const memory = lanes.bytes(limit)
  for (const [kind, run] of salts.entries()) memory.set(run, saltsAt + kind * count * SALT)
  memory.fill(0, leavesAt, digestsAt)
  memory.set(bytes, rowsAt)

  function add(kind, salt, hashes, hashesEnd, from, end, to) {
    if (lanes.add(kind, salt, hashes, hashesEnd, from, end - from, to)) return
    const parts = [
      [kind],
      memory.subarray(salt, salt + SALT),
      memory.subarray(hashes, hashesEnd),
      memory.subarray(from, end),
    ]
    memory.set(digest(Buffer.concat(parts.map((part) => Buffer.from(part)))), to)
  }

  const seen = new Uint8Array(count)
  const indexes = new Int32Array(BATCH)
  const froms = new Int32Array(BATCH)
  const ends = new Int32Array(BATCH)
  let rows = 0
  let waiting = 0
  function addRows() {
    // Their classes' hashes are part of what is hashed now.
    lanes.finish()
    for (let place = 0; place < waiting; place++) {
      const index = indexes[place]
      const hashes = digestsAt + place * kinds * HASH_BYTES
      const salt = saltsAt + (kinds * count + index) * SALT
      add(0, salt, hashes, hashes + kinds * HASH_BYTES, froms[place], ends[place], leavesAt + index * HASH_BYTES)
    }
    waiting = 0
  }
  const limits = new Int32Array(kinds + 1)
  for (let at = rowsAt; at < limit; ) {
    limits[0] = at
    for (let kind = 0; kind < kinds; kind++) {
      const columns = classes[kind]
      for (let column = 0; column < columns.length; column++) at = behind(memory, limit, at, columns[column])
      limits[kind + 1] = at
    }
    let row = 0
    for (let byte = memory[at]; byte !== 44; byte = memory[++at]) {
      if (!(byte >= 48 && byte <= 57)) throw wrong()
      row = row * 10 + byte - 48
    }
    at++
    for (let column = 0; column < open.length; column++) at = behind(memory, limit, at, open[column])
    if (at > limit) throw wrong()
    const index = row - first
    if (!(index >= 0 && index < count) || seen[index] === 1) throw new Error(`Row ${row} is where no such row can be.`)
    seen[index] = 1
    rows++
    for (let kind = 0; kind < kinds; kind++) {
      const salt = saltsAt + (kind * count + index) * SALT
      add(2, salt, 0, 0, limits[kind], limits[kind + 1], digestsAt + (waiting * kinds + kind) * HASH_BYTES)
    }
    indexes[waiting] = index
    froms[waiting] = limits[kinds]
    ends[waiting] = at
    waiting++
    if (waiting === BATCH) addRows()
  }
  addRows()
  lanes.finish()
  for (const [index, leaf] of gone) {
    if (seen[index] === 1) throw new Error(`Row ${first + index} was destroyed and is there again.`)
    memory.set(leaf, leavesAt + index * HASH_BYTES)
  }
  return { leaves: Buffer.from(memory.slice(leavesAt, digestsAt)), rows, seen }
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
