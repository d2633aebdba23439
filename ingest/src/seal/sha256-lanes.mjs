// SHA-256 of four messages at a time, as WebAssembly with vectors of four 32-bit words: a call of node:crypto costs several times what
// hashing a short message does. The code is put together here, so that nothing has to be compiled beforehand; FIPS 180-4 has the names.

const BLOCK = 64
/** Messages of more blocks are for node:crypto, which has no trouble with long ones. */
export const MOST_BLOCKS = 32
const LANES = 4

const PRIMES = [...Array(312).keys()].filter(
  (n) => n > 1 && ![2, 3, 5, 7, 11, 13, 17].some((p) => p < n && n % p === 0),
)
/** First 32 bits behind the point of a root, exact by whole numbers. */
function fraction(prime, power) {
  let low = 0n
  let high = 1n << 40n
  const wanted = BigInt(prime) << BigInt(32 * power)
  while (high - low > 1n) {
    const middle = (low + high) >> 1n
    if (middle ** BigInt(power) <= wanted) low = middle
    else high = middle
  }
  return Number(low & 0xffffffffn)
}
const START = PRIMES.slice(0, 8).map((prime) => fraction(prime, 2))
const ROUNDS = PRIMES.slice(0, 64).map((prime) => fraction(prime, 3))

// What WebAssembly writes numbers as.
const unsigned = (n) => (n < 128 ? [n] : [(n & 127) | 128, ...unsigned(n >>> 7)])
const signed = (n) => (n >= -64 && n < 64 ? [n & 127] : [(n & 127) | 128, ...signed(n >> 7)])
const sized = (bytes) => [...unsigned(bytes.length), ...bytes]
const vector = (items) => [...unsigned(items.length), ...items.flat()]
const section = (id, items) => [id, ...sized(vector(items))]

const get = (local) => [0x20, ...unsigned(local)]
const set = (local, value) => [...value, 0x21, ...unsigned(local)]
const number = (n) => [0x41, ...signed(n)]
const add = (a, b) => [...a, ...b, 0x6a]
const and = (a, n) => [...a, ...number(n), 0x71]
const shiftLeft = (a, n) => [...a, ...number(n), 0x74]
const rotateLeft = (a, n) => [...a, ...number(n), 0x77]
const store8 = (at, value) => [...at, ...value, 0x3a, 0, 0]
const store32 = (at, value) => [...at, ...value, 0x36, 0, 0]

const vectorOp =
  (code) =>
  (...operands) => [...operands.flat(), 0xfd, ...unsigned(code)]
const load4 = (at, offset = 0) => [...at, 0xfd, 0, 0, ...unsigned(offset)]
const store4 = (at, value, offset = 0) => [...at, ...value, 0xfd, 11, 0, ...unsigned(offset)]
const zero4 = [0xfd, 12, ...new Array(16).fill(0)]
const splat = (n) => [...number(n | 0), 0xfd, 17]
const shuffle = (a, b, bytes) => [...a, ...b, 0xfd, 13, ...bytes]
const and4 = vectorOp(78)
const or4 = vectorOp(80)
const xor4 = vectorOp(81)
const add4 = (first, ...more) => more.reduce((sum, one) => vectorOp(174)(sum, one), first)
const left4 = (a, n) => vectorOp(171)(a, number(n))
const right4 = (a, n) => vectorOp(173)(a, number(n))
const turn4 = (a, n) => or4(right4(a, n), left4(a, 32 - n))
const xorAll = (first, ...more) => more.reduce((sum, one) => xor4(sum, one), first)

/** Runs `body` as long as what it leaves behind is not 0. */
const repeat = (body) => [0x03, 0x40, ...body, 0x0d, 0, 0x0b]
const below = (a, b) => [...a, ...b, 0x49]

/** Bytes of two vectors' words, each word's turned around: words `from` and `from + 1` of both, in turns. */
const interleave = (from) =>
  [from, from + 4, from + 1, from + 5].flatMap((word) => [3, 2, 1, 0].map((byte) => word * 4 + byte))
const LOW = [0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23]
const HIGH = LOW.map((byte) => byte + 8)

/** Four rows of four words become four columns, and the bytes of each word turn around. */
function transpose(rows, to, scratch) {
  const [a, b, c, d] = rows.map(get)
  const [w, x, y, z] = scratch
  return [
    ...set(w, shuffle(a, b, interleave(0))),
    ...set(x, shuffle(a, b, interleave(2))),
    ...set(y, shuffle(c, d, interleave(0))),
    ...set(z, shuffle(c, d, interleave(2))),
    ...set(to[0], shuffle(get(w), get(y), LOW)),
    ...set(to[1], shuffle(get(w), get(y), HIGH)),
    ...set(to[2], shuffle(get(x), get(z), LOW)),
    ...set(to[3], shuffle(get(x), get(z), HIGH)),
  ]
}

const run = (from, count) => Array.from({ length: count }, (_, index) => from + index)

/** hash(first, blocks, to0, to1, to2, to3): four padded messages that lie one behind the other, and where their hashes go. */
function hashFunction() {
  const [first, blocks, ...targets] = run(0, 6)
  const lanes = run(6, LANES)
  const end = 10
  const state = run(11, 8)
  const words = run(19, 16)
  const scratch = run(35, 4)
  const working = run(39, 8)
  const [sum, both, bothBefore] = run(47, 3)
  const w = (t) => words[t % 16]
  const body = [
    ...set(end, add(get(first), shiftLeft(get(blocks), 6))),
    ...lanes.flatMap((lane, index) =>
      set(lane, index === 0 ? get(first) : add(get(lanes[index - 1]), shiftLeft(get(blocks), 6))),
    ),
    ...state.flatMap((local, index) => set(local, splat(START[index]))),
  ]
  const block = []
  for (const part of run(0, 4)) {
    const rows = working.slice(0, 4)
    block.push(...rows.flatMap((row, lane) => set(row, load4(get(lanes[lane]), part * 16))))
    block.push(...transpose(rows, words.slice(part * 4, part * 4 + 4), scratch))
  }
  block.push(...working.flatMap((local, index) => set(local, get(state[index]))))
  let named = working
  let [now, before] = [both, bothBefore]
  block.push(...set(before, xor4(get(named[1]), get(named[2]))))
  for (const t of run(0, 64)) {
    const [a, b, , d, e, f, g, h] = named
    if (t >= 16) {
      const [low, high] = [get(w(t + 1)), get(w(t + 14))]
      const lowSigma = xorAll(turn4(low, 7), turn4(low, 18), right4(low, 3))
      const highSigma = xorAll(turn4(high, 17), turn4(high, 19), right4(high, 10))
      block.push(...set(w(t), add4(get(w(t)), lowSigma, get(w(t + 9)), highSigma)))
    }
    const choice = xor4(get(g), and4(get(e), xor4(get(f), get(g))))
    const bigSigma1 = xorAll(turn4(get(e), 6), turn4(get(e), 11), turn4(get(e), 25))
    block.push(...set(sum, add4(get(h), get(w(t)), load4(number(0), t * 16), choice, bigSigma1)))
    block.push(...set(d, add4(get(d), get(sum))))
    // The majority of a, b, c, by what a and b differ in and what b and c did, the round before.
    block.push(...set(now, xor4(get(a), get(b))))
    const majority = xor4(get(b), and4(get(now), get(before)))
    const bigSigma0 = xorAll(turn4(get(a), 2), turn4(get(a), 13), turn4(get(a), 22))
    block.push(...set(h, add4(get(sum), majority, bigSigma0)))
    named = [h, ...named.slice(0, 7)]
    ;[now, before] = [before, now]
  }
  block.push(...state.flatMap((local, index) => set(local, add4(get(local), get(named[index])))))
  block.push(...lanes.flatMap((lane) => set(lane, add(get(lane), number(BLOCK)))), ...below(get(lanes[0]), get(end)))
  body.push(...repeat(block))
  for (const half of [0, 4]) {
    const to = working.slice(0, 4)
    body.push(...transpose(state.slice(half, half + 4), to, scratch))
    body.push(...to.flatMap((local, lane) => store4(get(targets[lane]), get(local), half * 4)))
  }
  const locals = [
    [5, 0x7f],
    [39, 0x7b],
  ]
  return sized([...vector(locals), ...body, 0x0b])
}

/**
 * put(to, end, kind, salt, hashes, hashesEnd, values, size): a message of a byte, 16 bytes of salt, hashes and values, padded to `end`.
 * Writes up to 15 bytes behind the end and reads as many behind the values.
 */
function putFunction() {
  const [to, end, kind, salt, hashes, hashesEnd, values, size, at, stop] = run(0, 10)
  const forward = (local, n) => set(local, add(get(local), number(n)))
  const copy = (from) => [...store4(get(at), load4(get(from))), ...forward(at, 16), ...forward(from, 16)]
  const bits = shiftLeft([...get(stop), ...get(to), 0x6b], 3)
  const body = [
    ...store8(get(to), get(kind)),
    ...store4(get(to), load4(get(salt)), 1),
    ...set(at, add(get(to), number(17))),
    ...[...below(get(hashes), get(hashesEnd)), 0x04, 0x40],
    ...repeat([...copy(hashes), ...below(get(hashes), get(hashesEnd))]),
    0x0b,
    ...set(stop, add(get(at), get(size))),
    ...repeat([...copy(values), ...below(get(at), get(stop))]),
    ...store8(get(stop), number(0x80)),
    ...set(at, add(get(stop), number(1))),
    ...repeat([...store4(get(at), zero4), ...forward(at, 16), ...below(get(at), get(end))]),
    ...set(at, bits),
    ...store32(add(get(end), number(-4)), [
      ...[...and(rotateLeft(get(at), 8), 0x00ff00ff), ...and(rotateLeft(get(at), 24), 0xff00ff00 | 0), 0x72],
    ]),
  ]
  return sized([...vector([[2, 0x7f]]), ...body, 0x0b])
}

const name = (text) => sized([...Buffer.from(text)])

function code() {
  const parameters = (count) => [0x60, ...vector(new Array(count).fill(0x7f)), 0]
  return Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [parameters(6), parameters(8)]),
    ...section(3, [[0], [1]]),
    ...section(5, [[0, 4]]),
    ...section(7, [
      [...name('memory'), 2, 0],
      [...name('hash'), 0, 0],
      [...name('put'), 0, 1],
    ]),
    ...section(10, [hashFunction(), putFunction()]),
  ])
}

const TABLE = ROUNDS.length * 16
const PAGE = 65536
/** Room behind what is written and read beyond a message's end. */
const SLACK = 64

/** Messages wait until four of the same number of blocks are there. Memory below `free` is its own; what lies above belongs to whoever calls. */
export function createLanes() {
  const { memory, hash, put } = new WebAssembly.Instance(new WebAssembly.Module(code())).exports
  new Uint32Array(memory.buffer, 0, TABLE / 4).set(ROUNDS.flatMap((one) => new Array(4).fill(one)))
  const slots = new Int32Array(MOST_BLOCKS + 1)
  let free = TABLE
  for (let blocks = 1; blocks <= MOST_BLOCKS; blocks++) {
    slots[blocks] = free
    free += LANES * blocks * BLOCK + SLACK
  }
  const nowhere = free
  free += SLACK
  const waiting = new Int32Array(MOST_BLOCKS + 1)
  const targets = new Int32Array((MOST_BLOCKS + 1) * LANES)

  function work(blocks) {
    const at = blocks * LANES
    hash(slots[blocks], blocks, targets[at], targets[at + 1], targets[at + 2], targets[at + 3])
    waiting[blocks] = 0
  }

  return {
    free,
    /** The memory, made as large as this; what was got before is then no longer it. */
    bytes(size) {
      const missing = size + SLACK - memory.buffer.byteLength
      if (missing > 0) memory.grow(Math.ceil(missing / PAGE))
      return new Uint8Array(memory.buffer)
    },
    /** Addresses in the memory. False for a message that is too long; else its hash is at `to` at the latest after `finish`. */
    add(kind, salt, hashes, hashesEnd, values, size, to) {
      const blocks = (17 + hashesEnd - hashes + size + 9 + BLOCK - 1) >>> 6
      if (blocks > MOST_BLOCKS) return false
      const lane = waiting[blocks]++
      const slot = slots[blocks] + lane * blocks * BLOCK
      put(slot, slot + blocks * BLOCK, kind, salt, hashes, hashesEnd, values, size)
      targets[blocks * LANES + lane] = to
      if (lane === LANES - 1) work(blocks)
      return true
    },
    /** Leaves what is waiting unhashed. */
    forget: () => void waiting.fill(0),
    finish() {
      for (let blocks = 1; blocks <= MOST_BLOCKS; blocks++) {
        const count = waiting[blocks]
        if (count === 0) continue
        targets.fill(nowhere, blocks * LANES + count, blocks * LANES + LANES)
        work(blocks)
      }
    },
  }
}
