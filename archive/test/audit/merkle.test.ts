import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkConsistency, checkInclusion } from '../../src/audit/merkle/check-proofs.ts'
import { leafHash, nodeHash, rootOf } from '../../src/audit/merkle/hash.ts'
import { consistencyProof, inclusionProof, type SubtreeReader } from '../../src/audit/merkle/proofs.ts'
import { readEdge, subtreesOf } from '../../src/audit/merkle/tiles.ts'
import { createTree, edgeTiles } from '../../src/audit/merkle/tree.ts'
import { auditFile, tileKey } from '../../src/audit/paths.ts'
import { memoryStore } from './memory-store.ts'

const hex = (text: string) => Buffer.from(text, 'hex')
/** The test tree of the first implementation of RFC 6962, used by all since. */
const LEAVES = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'].map(
  hex,
)
const ROOTS = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
]

const leaf = (number: number) => leafHash(Buffer.from(`entry ${number}`))
const leavesOf = (size: number) => Array.from({ length: size }, (_, number) => leaf(number))
const rootAt = (size: number) => {
  const tree = createTree()
  for (const one of leavesOf(size)) tree.append(one)
  return tree.root()
}
const readerOf =
  (leaves: Buffer[]): SubtreeReader =>
  async (height, index) =>
    rootOf(leaves.slice(index * 2 ** height, (index + 1) * 2 ** height))

describe('The tree', () => {
  it('has the known roots of RFC 6962', () => {
    for (const [size, root] of ROOTS.entries()) {
      const tree = createTree()
      for (const entry of LEAVES.slice(0, size)) tree.append(leafHash(entry))
      expect(tree.root().toString('hex')).toBe(root)
    }
  })

  it('has the known proofs of RFC 6962', async () => {
    const read = readerOf(LEAVES.map(leafHash))
    const proof = async (index: number, size: number) =>
      (await inclusionProof(read, index, size)).map((hash) => hash.toString('hex'))
    expect(await proof(0, 8)).toEqual([
      '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
    ])
    expect(await proof(5, 8)).toEqual([
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ])
    expect((await consistencyProof(read, 6, 8)).map((hash) => hash.toString('hex'))).toEqual([
      '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ])
  })

  it('goes on from its tiles at any size as if it had never been interrupted', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 1500 }), fc.integer({ min: 0, max: 600 }), async (size, more) => {
        const store = memoryStore()
        const tree = createTree()
        const keep = (one: Buffer) => {
          for (const { level, index, hashes } of tree.append(one))
            store.files.set(tileKey(level, index, 256), Buffer.concat(hashes))
        }
        for (const one of leavesOf(size)) keep(one)
        for (const { level, index, width } of edgeTiles(size))
          store.files.set(tileKey(level, index, width), Buffer.concat([...(tree.edge()[level] ?? [])]))
        const continued = createTree(size, await readEdge(store, size))
        for (let number = size; number < size + more; number++) continued.append(leaf(number))
        expect(continued.root()).toEqual(rootOf(leavesOf(size + more)))
        if (size === 0) return
        const index = (size * 7) % size
        const proof = await inclusionProof(subtreesOf(store, size), index, size)
        expect(proof).toEqual(await inclusionProof(readerOf(leavesOf(size)), index, size))
      }),
      { numRuns: 25 },
    )
  })

  it('hashes the upper levels of 66,000 leaves as one pass over all of them does', () => {
    const tree = createTree()
    const leaves = leavesOf(66_000)
    const filled = leaves.flatMap((one) => tree.append(one).map(({ level, index }) => `${level}/${index}`))
    expect(tree.root()).toEqual(rootOf(leaves))
    expect(filled).toHaveLength(257 + 1)
    expect(filled.at(-2)).toBe('1/0')
    expect(edgeTiles(70_000)).toEqual([
      { level: 0, index: 273, width: 112 },
      { level: 1, index: 1, width: 17 },
      { level: 2, index: 0, width: 1 },
    ])
  })
})

describe('Proofs', () => {
  const sizes = fc.integer({ min: 1, max: 300 })
  /** Changes a proof in one of the ways somebody would try. */
  const mutation = fc.record({ way: fc.constantFrom('flip', 'drop', 'add', 'swap'), at: fc.nat(), bit: fc.nat(255) })
  type Mutation = { way: string; at: number; bit: number }
  const mutate = (proof: Buffer[], { way, at, bit }: Mutation): Buffer[] => {
    const changed: Buffer[] = proof.map((hash) => Buffer.from(hash))
    const place = changed.length === 0 ? 0 : at % changed.length
    const [one, other] = [changed[place], changed[(place + 1) % Math.max(1, changed.length)]]
    if (way === 'add' || !one || !other) changed.splice(place, 0, leaf(at))
    else if (way === 'flip') one.writeUInt8(one.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3)
    else if (way === 'drop') changed.splice(place, 1)
    else {
      changed[place] = other
      changed[(place + 1) % changed.length] = one
    }
    return changed
  }
  const same = (left: Buffer[], right: Buffer[]) => Buffer.concat(left).equals(Buffer.concat(right))

  it('of inclusion hold for each leaf of each tree, and for no other leaf, place, size or root', async () => {
    await fc.assert(
      fc.asyncProperty(sizes, fc.nat(), mutation, async (size, pick, change) => {
        const index = pick % size
        const leaves = leavesOf(size)
        const root = rootOf(leaves)
        const proof = await inclusionProof(readerOf(leaves), index, size)
        expect(checkInclusion(leaf(index), index, size, proof, root)).toBe(true)
        expect(checkInclusion(leaf(index + 1), index, size, proof, root)).toBe(false)
        expect(checkInclusion(leaf(index), index, size, proof, leaf(0))).toBe(size === 1 && index === 0)
        for (const other of [index - 1, index + 1, index + size, 0.5])
          expect(checkInclusion(leaf(index), other, size, proof, root)).toBe(false)
        const changed = mutate(proof, change)
        if (!same(changed, proof)) expect(checkInclusion(leaf(index), index, size, changed, root)).toBe(false)
      }),
      { numRuns: 300 },
    )
  })

  it('of consistency hold between any two sizes, and for no other roots or sizes', async () => {
    await fc.assert(
      fc.asyncProperty(sizes, fc.nat(), mutation, async (size, pick, change) => {
        const older = pick % (size + 1)
        const [before, now] = [
          { size: older, root: rootAt(older) },
          { size, root: rootAt(size) },
        ]
        const proof = await consistencyProof(readerOf(leavesOf(size)), older, size)
        expect(checkConsistency(before, now, proof)).toBe(true)
        const forged = nodeHash(now.root, now.root)
        expect(checkConsistency({ ...before, root: forged }, now, proof)).toBe(false)
        if (older > 0) expect(checkConsistency(before, { ...now, root: forged }, proof)).toBe(false)
        expect(checkConsistency({ size: size + 1, root: now.root }, now, proof)).toBe(false)
        const changed = mutate(proof, change)
        if (!same(changed, proof)) expect(checkConsistency(before, now, changed)).toBe(false)
      }),
      { numRuns: 300 },
    )
  })
})

describe('Keys of the log', () => {
  it('name tiles as tlog-tiles does, and are read back as what they are', () => {
    expect(tileKey(0, 1_234_067, 256)).toBe('audit/tile/0/x001/x234/067')
    expect(tileKey('entries', 273, 112)).toBe('audit/tile/entries/273.p/112')
    fc.assert(
      fc.property(fc.nat(5), fc.nat(2 ** 30), fc.integer({ min: 1, max: 256 }), (level, index, width) => {
        expect(auditFile(tileKey(level, index, width))).toEqual({ kind: 'tile', level, index, width })
      }),
    )
  })

  it.each([
    'audit/tile/0/0',
    'audit/tile/0/x000/001',
    'audit/tile/00/001',
    'audit/tile/0/001.p/256',
    'audit/tile/0/001.p/0',
    'audit/tile/0/001.p/05',
    'audit/seals/1.json',
    'audit/seals/0000000001',
    'audit/checkpoints/0000000001.json',
    'audit/other',
    'audit/20261105-x/0000000001.json',
    'audit/streams/2026-11-05/other.json',
  ])('%s is none', (key) => {
    expect(auditFile(key)).toBeUndefined()
  })
})
