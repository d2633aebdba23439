import { expect, it } from 'vitest'
import { writeClosure } from '../../src/holds/closures.ts'
import { heldBy } from '../../src/holds/held-by.ts'
import { changeRegister, openRegister, readRegister } from '../../src/holds/register.ts'
import type { Closure, RegisteredHold } from '../../src/holds/types.ts'
import { closureKey, HOLD_REGISTER, registerVersionKey } from '../../src/layout.ts'
import { dyingStore } from '../audit/dying-store.ts'
import { copyOf, type MemoryStore, memoryStore } from '../audit/memory-store.ts'

const at = '2026-01-02T03:04:05.000Z'
const clock = () => new Date('2026-02-01T00:00:00.000Z')
const id = (n: number) => `H-${String(n).padStart(12, '0')}`

const closure = (n: number, tables: Closure['tables'], revision = 1): Closure => ({
  hold: id(n),
  revision,
  application: 'app',
  catalog: 'c1',
  at,
  tables,
})

async function hold(store: MemoryStore, n: number, tables: Closure['tables']): Promise<RegisteredHold> {
  const closures = [await writeClosure(store, closure(n, tables))]
  return { id: id(n), application: 'app', placed: at, state: 'standing', closures }
}

async function place(store: MemoryStore, n: number, tables: Closure['tables']) {
  const placed = await hold(store, n, tables)
  await changeRegister(store, ({ holds }) => [...holds, placed])
}

const release = (store: MemoryStore, n: number) =>
  changeRegister(store, ({ holds }) =>
    holds.map((each) => (each.id === id(n) ? { ...each, state: 'released' as const, released: at } : each)),
  )

async function withHolds(): Promise<MemoryStore> {
  const store = memoryStore()
  await openRegister(store)
  await place(store, 1, { policies: [['P1'], ['P2']], versions: [['P1', '1']] })
  await place(store, 2, { claims: 'all' })
  return store
}

const alter = (store: MemoryStore, key: string, change: (text: string) => string) => {
  const body = store.files.get(key)
  if (!body) throw new Error(`no ${key}`)
  store.files.set(key, Buffer.from(change(body.toString())))
}

const record = { table: 'policies', key: ['P9'] }

it('tells which holds protect a row, by itself, by its record or by the whole table', async () => {
  const held = await heldBy(await withHolds(), 'app', clock)
  expect(held.covers('policies', ['P1'], { table: 'policies', key: ['P1'] })).toEqual([id(1)])
  expect(held.covers('versions', ['P2', '7'], { table: 'policies', key: ['P2'] })).toEqual([id(1)])
  expect(held.covers('versions', ['P1', '1'], record)).toEqual([id(1)])
  expect(held.covers('versions', ['P1', '2'], record)).toEqual([])
  expect(held.covers('claims', ['C7'], record)).toEqual([id(2)])
  expect(held.coversTable('claims')).toEqual([id(2)])
  expect(held.coversTable('policies')).toEqual([])
  expect(held.register.version).toBe(2)
})

it('lets a released hold protect nothing, and the others go on', async () => {
  const store = await withHolds()
  await release(store, 2)
  const held = await heldBy(store, 'app', clock)
  expect(held.covers('claims', ['C7'], record)).toEqual([])
  expect(held.covers('policies', ['P1'], record)).toEqual([id(1)])
})

it('holds nothing of another application', async () => {
  expect((await heldBy(await withHolds(), 'other', clock)).covers('claims', ['C7'], record)).toEqual([])
})

it('throws rather than say that a row without a key is not held', async () => {
  const held = await heldBy(await withHolds(), 'app', clock)
  expect(() => held.covers('policies', [], record)).toThrow('without a key')
  expect(() => held.covers('policies', [undefined as unknown as string], record)).toThrow('without a key')
})

it.each<[string, (store: MemoryStore) => void | Promise<void>, RegExp]>([
  ['missing', (store) => void store.files.delete(HOLD_REGISTER), /is missing/],
  ['empty', (store) => alter(store, HOLD_REGISTER, () => ''), /is not JSON/],
  ['an empty object', (store) => alter(store, HOLD_REGISTER, () => '{}'), /is no register/],
  ['null', (store) => alter(store, HOLD_REGISTER, () => 'null'), /is no register/],
  ['cut off', (store) => alter(store, HOLD_REGISTER, (text) => text.slice(0, -40)), /is not JSON/],
  [
    'without its holds',
    (store) => alter(store, HOLD_REGISTER, () => JSON.stringify({ format: 1, version: 2, holds: [] })),
    /is not version 2 as it was written/,
  ],
  [
    'without its holds, as if it were a later one',
    (store) => alter(store, HOLD_REGISTER, () => JSON.stringify({ format: 1, version: 3, holds: [] })),
    /lacks the hold H-000000000001/,
  ],
  [
    'far ahead',
    (store) => alter(store, HOLD_REGISTER, (text) => text.replace('"version": 2', '"version": 9')),
    /00000008.json is missing/,
  ],
  [
    'an older version put back',
    (store) => {
      const older = store.files.get(registerVersionKey(1))
      if (older) store.files.set(HOLD_REGISTER, older)
    },
    /is version 1, and version 2 was in force/,
  ],
  [
    'released behind the back of everybody',
    (store) => alter(store, HOLD_REGISTER, (text) => text.replace('standing', 'released')),
    /contradicts itself/,
  ],
])('throws where the register is %s', async (_, tamper, message) => {
  const store = await withHolds()
  await tamper(store)
  await expect(heldBy(store, 'app', clock)).rejects.toThrow(message)
  await expect(readRegister(store)).rejects.toMatchObject({ name: 'OperatorError' })
  await expect(openRegister(store)).rejects.toMatchObject({ name: 'OperatorError' })
  await expect(changeRegister(store, ({ holds }) => holds)).rejects.toMatchObject({ name: 'OperatorError' })
})

it.each<[string, (store: MemoryStore, key: string) => void, RegExp]>([
  ['missing', (store, key) => void store.files.delete(key), /is missing/],
  ['altered', (store, key) => alter(store, key, (text) => text.replace('P2', 'P3')), /is not as it was written/],
  ['empty', (store, key) => alter(store, key, () => ''), /is not as it was written/],
])('throws where what a hold protects is %s, also when it was read before', async (_, tamper, message) => {
  const store = await withHolds()
  await heldBy(store, 'app', clock)
  const named = (await readRegister(store)).register.holds[0]?.closures[0]
  tamper(store, closureKey(id(1), 1, named?.sha256 ?? ''))
  await expect(heldBy(store, 'app', clock)).rejects.toThrow(message)
})

it('throws where a hold was placed or released in the future, or the clock gives no time', async () => {
  const store = await withHolds()
  await expect(heldBy(store, 'app', () => new Date('2025-12-31'))).rejects.toThrow(
    /clock of this machine says 2025-12-31/,
  )
  await expect(heldBy(store, 'app', () => new Date(Number.NaN))).rejects.toThrow(/gives no time/)
})

it('throws where a read fails', async () => {
  const store = await withHolds()
  for (let at = 1; at <= 5; at++)
    await expect(heldBy(dyingStore(store, at, 'before').store, 'app', clock)).rejects.toThrow()
})

it('is opened once, and never again once it is lost', async () => {
  const store = memoryStore()
  await openRegister(store)
  expect((await openRegister(store)).register).toEqual({ format: 1, version: 0, holds: [] })
  store.files.delete(HOLD_REGISTER)
  await expect(openRegister(store)).rejects.toThrow(/is missing, though there is holds\/versions/)
})

it('loses no change of several at once', async () => {
  const store = memoryStore()
  await openRegister(store)
  await Promise.all(Array.from({ length: 12 }, (_, n) => place(store, n + 1, { policies: [[`P${n}`]] })))
  const { register } = await readRegister(store)
  expect(register.version).toBe(12)
  expect(register.holds.map(({ id }) => id).sort()).toEqual(Array.from({ length: 12 }, (_, n) => id(n + 1)).sort())
})

it('stands in one of two states after a crash or a lost answer anywhere, and goes on from there', async () => {
  const before = await withHolds()
  const third = await hold(before, 3, { policies: [['P5']] })
  const change = ({ holds }: { holds: RegisteredHold[] }) =>
    holds.some((each) => each.id === third.id) ? undefined : [...holds, third]
  let points = 0
  for (const when of ['before', 'after', 'lost'] as const)
    for (let at = 1; ; at++) {
      const store = copyOf(before)
      const dying = dyingStore(store, at, when)
      await changeRegister(dying.store, change).catch(() => undefined)
      if (dying.operations() < at) break
      points++
      expect([2, 3]).toContain((await readRegister(store)).register.holds.length)
      await changeRegister(store, change)
      const { register } = await readRegister(store)
      expect(register.holds.filter((each) => each.id === third.id)).toHaveLength(1)
      expect((await heldBy(store, 'app', clock)).covers('policies', ['P5'], record)).toEqual([id(3)])
    }
  expect(points).toBeGreaterThanOrEqual(18)
})
