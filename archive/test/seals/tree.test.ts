import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { rootFrom, treeOf, treeWith, WIDTH } from '../../src/seals/tree.ts'

const leaf = (n: number) => createHash('sha256').update(String(n)).digest()
const leaves = (count: number) => Array.from({ length: count }, (_, index) => leaf(index))

describe('the tree', () => {
  it('hashes runs of sixteen, level by level', () => {
    const node = (children: Buffer[]) =>
      createHash('sha256')
        .update(Buffer.concat([Buffer.of(1), ...children]))
        .digest()
    expect(treeOf(leaves(1)).root).toEqual(leaf(0))
    expect(treeOf(leaves(16)).root).toEqual(node(leaves(16)))
    expect(treeOf(leaves(17)).root).toEqual(node([node(leaves(16)), node([leaf(16)])]))
    expect(treeOf([]).root).toEqual(node([]))
  })

  it('leads from every leaf to its root, and from no other place', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 700 }), fc.nat(), fc.nat(), (count, at, elsewhere) => {
        const tree = treeOf(leaves(count))
        const index = at % count
        const path = tree.path(index)
        expect(rootFrom(leaf(index), path, index, count)).toEqual(tree.root)
        const other = elsewhere % count
        if (other !== index) expect(rootFrom(leaf(index), path, other, count)?.equals(tree.root) ?? false).toBe(false)
        expect(rootFrom(leaf(index), path, index, count * WIDTH + 1)).toBeUndefined()
        expect(rootFrom(leaf(count), path, index, count)?.equals(tree.root) ?? false).toBe(false)
      }),
    )
  })

  it('is rebuilt with hashes in place of rows that were destroyed', () => {
    const all = leaves(40)
    const given = new Map(all.map((hash, index) => [100 + index, hash]))
    expect(treeWith(given, 100, 40).root).toEqual(treeOf(all).root)
    const less = new Map(given)
    less.delete(117)
    expect(() => treeWith(less, 100, 40)).toThrow('row 117')
    expect(() => treeWith(new Map(given).set(200, leaf(1)), 100, 40)).toThrow('41 hashes')
    expect(treeWith(new Map(given).set(117, leaf(1)), 100, 40).root).not.toEqual(treeOf(all).root)
  })
})
