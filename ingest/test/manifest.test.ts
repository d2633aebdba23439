import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { column, createWorld, justification, places, table, type World } from './world.ts'

let world: World
beforeEach(async () => {
  world = await createWorld()
})
afterEach(() => world.remove())

describe('the manifest', () => {
  const things = table('things', [column('id'), column('amount', { type: 'decimal(8,2)' })], { totals: ['amount'] })
  const csv = 'ID,AMOUNT\n1,10.50\n2,-0.25\n'
  const file = { name: 'THINGS.csv', table: 'things', rows: 2, totals: { AMOUNT: '10.25' } }
  beforeEach(async () => {
    await world.model([things])
    await world.deliver({ 'THINGS.csv': csv })
  })
  const strict = { acceptWithoutManifest: false }

  it('is held against the files and kept with the load', async () => {
    await world.manifest([{ ...file, totals: { AMOUNT: '10.250' } }])
    const outcome = await world.ingest(strict)
    expect(outcome).toMatchObject({ state: 'committed', deviations: [] })
    expect(JSON.parse(await world.text(outcome.report))).toMatchObject({
      delivery: { manifest: { extractedBy: 'A. Clerk', system: 'OLD' } },
      tables: { things: { agrees: true, source: { columns: { amount: { total: '10.25' } } } } },
    })
    expect(JSON.parse(await world.text(`loads/app/${outcome.load}/manifest.json`))).toMatchObject({
      extractedBy: 'A. Clerk',
    })
  })

  it('is missed', async () => {
    expect(await world.ingest(strict)).toMatchObject({ state: 'refused', deviations: [{ kind: 'no-manifest' }] })
    expect(await world.ingest()).toMatchObject({ state: 'committed' })
  })

  it.each([
    ['rows', { rows: 3 }, ['total', 'THINGS.csv', undefined, undefined]],
    ['a sum', { totals: { AMOUNT: '10.26' } }, ['total', 'THINGS.csv', undefined, 'AMOUNT']],
    ['no sum', { totals: {} }, ['total', 'THINGS.csv', undefined, 'AMOUNT']],
    [
      'another file name',
      { name: 'THINGS.csv', table: 'x', also: true },
      ['missing-file', 'X.csv', undefined, undefined],
    ],
  ])('does not agree: %s', async (_, change, expected) => {
    await world.manifest([{ ...file, ...change }], (value) => {
      if ('also' in change) (value.files as object[]).push({ ...(value.files as object[])[0], name: 'X.csv' })
    })
    const outcome = await world.ingest(strict)
    expect(outcome.state).toBe('refused')
    expect(places(outcome)).toContainEqual(expected)
  })

  it('does not agree: the bytes of a file', async () => {
    await world.manifest([file], (value) => {
      Object.assign((value.files as object[])[0] ?? {}, { sha256: '0'.repeat(64) })
    })
    expect(places(await world.ingest(strict))).toEqual([['hash', 'THINGS.csv', undefined, undefined]])
  })

  it('is for another application, or no manifest at all', async () => {
    await world.manifest([file], (value) => Object.assign(value, { application: 'other' }))
    expect(places(await world.ingest(strict))).toEqual([['manifest', 'manifest.json', undefined, undefined]])
    await world.deliver({ 'THINGS.csv': csv, 'manifest.json': '{' })
    expect(places(await world.ingest())).toEqual([['manifest', 'manifest.json', undefined, undefined]])
  })

  it('may be off by a rule', async () => {
    await world.model([{ ...things, accept: [{ kind: 'total', column: 'amount', justification }] }])
    await world.manifest([{ ...file, totals: { AMOUNT: '99' } }])
    expect(await world.ingest(strict)).toMatchObject({
      state: 'committed',
      deviations: [{ kind: 'total', accepted: true }],
    })
  })

  it('that comes after its files is held against what was read, and filed with the load', async () => {
    const loaded = await world.ingest()
    await world.manifest([file])
    const outcome = await world.ingest(strict)
    expect(outcome).toMatchObject({ load: loaded.load, state: 'unchanged', deviations: [] })
    expect(outcome.laterManifest?.loads).toEqual([loaded.load])
    expect(JSON.parse(await world.text(outcome.laterManifest?.key ?? ''))).toMatchObject({ extractedBy: 'A. Clerk' })
    expect(JSON.parse(await world.text(outcome.report))).toMatchObject({ state: 'agrees', findings: [] })
    expect(await world.ingest(strict)).toEqual(outcome)
  })

  it.each([
    ['rows', { rows: 3 }, ['total', 'THINGS.csv', undefined, undefined]],
    ['a sum', { totals: { AMOUNT: '10.26' } }, ['total', 'THINGS.csv', undefined, 'AMOUNT']],
    ['a file that is not there', { also: true }, ['missing-file', 'X.csv', undefined, undefined]],
  ])('that comes after its files and contradicts what was read is refused: %s', async (_, change, expected) => {
    const loaded = await world.ingest()
    await world.manifest([{ ...file, ...change }], (value) => {
      if ('also' in change) (value.files as object[]).push({ ...(value.files as object[])[0], name: 'X.csv' })
    })
    const outcome = await world.ingest()
    expect(outcome).toMatchObject({ load: loaded.load, state: 'refused', laterManifest: { loads: [loaded.load] } })
    expect(places(outcome)).toEqual([expected])
    expect(JSON.parse(await world.text(outcome.report))).toMatchObject({ state: 'refused', findings: [{}] })
    expect(await world.rows(loaded, 'things')).toHaveLength(2)
  })

  it('that comes after its files may be off by a rule, and states no sum that was never worked out', async () => {
    const { totals: _, ...plain } = things
    await world.model([plain])
    await world.ingest()
    await world.manifest([file])
    expect(await world.ingest()).toMatchObject({
      state: 'refused',
      deviations: [{ kind: 'total', column: 'AMOUNT', message: expect.stringContaining('was not worked out') }],
    })
    await world.model([{ ...plain, accept: [{ kind: 'total', column: 'amount', justification }] }])
    expect(await world.ingest()).toMatchObject({ state: 'unchanged', deviations: [{ kind: 'total', accepted: true }] })
  })
})
