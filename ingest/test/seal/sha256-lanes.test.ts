import { createHash, randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { hashRows } from '../../src/seal/hash-rows.mjs'
import { createLanes, MOST_BLOCKS } from '../../src/seal/sha256-lanes.mjs'

const lanes = createLanes()
const LONGEST = MOST_BLOCKS * 64 - 9 - 17

/** Hashes messages of these sizes beside each other; their parts lie at places of their own, behind one another. */
function hashed(sizes: readonly number[], classes = 0) {
  const hashes = classes * 32
  const messages: { at: number; size: number; to: number }[] = []
  let end = lanes.free
  for (const size of sizes) {
    messages.push({ at: end, size, to: end + 16 + hashes + size })
    end += 16 + hashes + size + 32
  }
  const memory = lanes.bytes(end)
  memory.set(randomBytes(end - lanes.free), lanes.free)
  const expected = messages.map(({ at, to }, kind) =>
    createHash('sha256')
      .update(Buffer.of(kind % 3))
      .update(memory.slice(at, to))
      .digest('hex'),
  )
  const taken = messages.map(({ at, size, to }, kind) =>
    lanes.add(kind % 3, at, at + 16, at + 16 + hashes, at + 16 + hashes, size, to),
  )
  lanes.finish()
  const found = messages.map(({ to }) => Buffer.from(memory.slice(to, to + 32)).toString('hex'))
  return { expected, found, taken }
}

describe('hashing four messages at a time', () => {
  it('comes to SHA-256 for messages of every length up to the longest', () => {
    for (let from = 0; from <= LONGEST; from += 257) {
      const sizes = Array.from({ length: Math.min(257, LONGEST - from + 1) }, (_, index) => from + index)
      const { expected, found } = hashed(sizes)
      expect(found).toEqual(expected)
    }
  })

  it('comes to SHA-256 whatever number of messages is left over, and however many hashes are part of them', () => {
    for (const count of [1, 2, 3, 4, 5, 7]) {
      for (const classes of [0, 1, 2, 5]) {
        const { expected, found } = hashed(new Array(count).fill(40), classes)
        expect(found).toEqual(expected)
      }
    }
  })

  it('takes no message that is longer', () => {
    expect(hashed([LONGEST]).taken).toEqual([true])
    expect(hashed([LONGEST + 1]).taken).toEqual([false])
  })
})

describe('hashing rows', () => {
  const salts = [randomBytes(32), randomBytes(32)]
  const work = (bytes: Buffer) => ({
    ...{ bytes, salts, first: 0, count: 2 },
    ...{ classes: [Uint8Array.of(1)], open: Uint8Array.of(1) },
  })
  const written = (text: string) => `${text.length}:${text},`
  const sha256 = (...parts: Uint8Array[]) => createHash('sha256').update(Buffer.concat(parts)).digest()
  const leaf = (row: number, secret: string, open: string) => {
    const [ofClass, ofRow] = salts.map((run) => run.subarray(row * 16, row * 16 + 16))
    const own = sha256(Buffer.of(2), ofClass ?? Buffer.of(), Buffer.from(written(secret)))
    return sha256(Buffer.of(0), ofRow ?? Buffer.of(), own, Buffer.from(`${row},${written(open)}`))
  }

  it('hashes values that are too long for lanes beside short ones', () => {
    const long = 'x'.repeat(5000)
    const { leaves } = hashRows(work(Buffer.from(`${written(long)}0,${written('a')}${written('b')}1,${written(long)}`)))
    expect(leaves).toEqual(Buffer.concat([leaf(0, long, 'a'), leaf(1, 'b', long)]))
  })

  it('is not led astray by rows before which could not be read', () => {
    const broken = Buffer.from(`${written('a')}0,${written('b')}${written('c')}no number`)
    expect(() => hashRows(work(broken))).toThrow('not written as they should be')
    // With more rows, what was waiting would be written where the first row's hash is.
    const salt = (run: Buffer) => Buffer.concat([run, Buffer.alloc(32)])
    const more = { ...work(Buffer.from(`${written('d')}1,${written('e')}`)), salts: salts.map(salt), count: 4 }
    const { leaves, rows } = hashRows(more)
    expect(rows).toBe(1)
    expect(leaves).toEqual(Buffer.concat([Buffer.alloc(32), leaf(1, 'd', 'e'), Buffer.alloc(64)]))
  })

  it('reads nothing behind the last row, whatever a call before left there', () => {
    hashRows(work(Buffer.from(`${written('aaaa')}0,${written('bbbb')}${written('cccc')}1,${written('dddd')}`)))
    for (const cut of [`${written('aaaa')}0,4:bbbb`, `${written('aaaa')}0`, '4:aaa', `${written('aaaa')}0,4`, '4'])
      expect(() => hashRows(work(Buffer.from(cut)))).toThrow('not written as they should be')
    const whole = { ...work(Buffer.from(`${written('aaaa')}0,`)), open: Uint8Array.of() }
    expect(hashRows(whole).rows).toBe(1)
    expect(() => hashRows({ ...whole, bytes: Buffer.from(`${written('aaaa')}0`) })).toThrow(
      'not written as they should be',
    )
  })
})
