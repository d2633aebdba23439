import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { KeptRows } from '../src/engine/kept-rows.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muniment-rows-'))
})
afterEach(() => rm(folder, { recursive: true }))

const batch = (text: string) => Buffer.from(JSON.stringify([[text]]))
const all = async (kept: KeptRows) => {
  const rows = []
  for await (const some of kept.read()) rows.push(...some)
  return rows.map(([text]) => text)
}

it('many results together hold no more memory than they may: the rest waits in files', async () => {
  const size = batch('aaaa').length
  const shared = { left: 3 * size }
  const [one, other] = ['one', 'other'].map((name) => new KeptRows(join(folder, name), 1000, shared))
  if (!one || !other) throw new Error('two')
  for (const text of ['a000', 'a001']) await one.append(batch(text))
  for (const text of ['b000', 'b001', 'b002']) await other.append(batch(text))
  expect(shared.left).toBe(0)
  expect(await readdir(folder)).toEqual(['other'])
  expect(await all(one)).toEqual(['a000', 'a001'])
  expect(await all(other)).toEqual(['b000', 'b001', 'b002'])
  one.discard()
  expect(shared.left).toBe(2 * size)
  other.clear()
  expect(shared.left).toBe(3 * size)
  await other.append(batch('b003'))
  expect(await all(other)).toEqual(['b003'])
  other.discard()
})
