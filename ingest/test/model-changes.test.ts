import { createHash } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { column, createWorld, table, type World } from './world.ts'

let world: World
beforeEach(async () => {
  world = await createWorld()
})
afterEach(() => world.remove())

type Json = Record<string, unknown>

const codes = (...values: string[]) => ({
  codeLists: { kinds: { title: 'Kinds', values: values.map((code) => ({ code, label: `Kind ${code}` })) } },
})
const columns = (...changed: Json[]) => {
  const usual = [
    column('id', { type: 'bigint' }),
    column('name'),
    column('amount', { type: 'decimal(10,2)' }),
    column('kind', { codeList: 'kinds' }),
    column('folded', { derived: { from: ['name'], function: 'fold' } }),
  ]
  return usual.map((one) => changed.find(({ name }) => name === one.name) ?? one)
}
const things = (own: Json[] = columns(), more: Json = {}) => table('things', own, { sortBy: ['name'], ...more })
const others = (more: Json = {}) => table('others', [column('id')], more)

async function loaded(tables = [things(), others()]) {
  await world.model(tables, codes('A', 'B'))
  await world.deliver({ 'THINGS.csv': 'ID,NAME,AMOUNT,KIND\n1,Ada,1.50,A\n2,Bo,2.50,B\n', 'OTHERS.csv': 'ID\n1\n' })
  const outcome = await world.ingest()
  expect(outcome.state).toBe('committed')
  return outcome
}

async function changesOf(tables: Json[], codeLists = codes('A', 'B')) {
  await world.model(tables, codeLists)
  const outcome = await world.ingest()
  expect(outcome.state).toBe('unchanged')
  return outcome.earlierModel?.flatMap((one) => one.tables ?? []) ?? []
}

describe('files that were loaded by another version of the model', () => {
  it.each<[string, Json, string]>([
    [
      'a type',
      things(columns(column('amount', { type: 'decimal(12,2)' }))),
      'of the column amount the type (was decimal(10,2); now decimal(12,2))',
    ],
    [
      'the way a column is read',
      things(columns(column('name', { nulls: ['-'] }))),
      'of the column name how it is read',
    ],
    [
      'a derivation',
      things(columns(column('folded', { derived: { from: ['name'], function: 'phonetic' } }))),
      'of the column folded how it is derived',
    ],
    [
      'a sensitivity',
      things(columns(column('kind', { codeList: 'kinds', sensitivity: ['personal'] }))),
      'of the column kind the sensitivity (was none; now personal)',
    ],
    [
      'what is required',
      things(columns(column('name', { required: true }))),
      'of the column name whether a value is required',
    ],
    [
      'a new column',
      things([...columns(), column('plate', { derived: { from: ['name'], function: 'plate' } })]),
      'the column plate was added',
    ],
    ['a column left out', things(columns().slice(0, 4)), 'the column folded was removed'],
    ['the order of columns', things(columns().toReversed(), { primaryKey: ['id'] }), 'the order of the columns'],
    ['the sort order', things(columns(), { sortBy: ['kind', 'name'] }), 'the sort order (was name; now kind, name)'],
    ['the partitions', things(columns(), { partitionBy: ['kind'] }), 'the partitions (was none; now kind)'],
    ['the key', things(columns(), { primaryKey: ['id', 'name'] }), 'the primary key (was id; now id, name)'],
    [
      'the foreign keys',
      things(columns(), { foreignKeys: [{ columns: ['name'], references: { table: 'others', columns: ['id'] } }] }),
      'the foreign keys',
    ],
    [
      'a rule',
      things(columns(), { accept: [{ kind: 'null', atMost: 3, justification: 'It was so.' }] }),
      'what its rules accept',
    ],
    [
      'the sums wanted',
      things(columns(), { totals: ['amount'] }),
      'the sums that the manifest states (was none; now amount)',
    ],
  ])('are not silently left as they are: %s', async (_, changed, words) => {
    const first = await loaded()
    expect(await changesOf([changed, others()])).toEqual([{ table: 'things', changes: [words] }])
    expect((await world.rows(first, 'things')).length).toBe(2)
    expect((await world.keys('archive/')).length).toBe(2)
  })

  it('are told of codes that came or went, and not of the words for them', async () => {
    await loaded()
    expect(await changesOf([things(), others()], codes('B', 'A', 'C'))).toEqual([
      { table: 'things', changes: ['of the column kind the codes (was A, B; now A, B, C)'] },
    ])
    expect(await changesOf([things(), others()], codes('B', 'A'))).toEqual([])
  })

  it('are not mentioned where only words, row rules or justifications differ', async () => {
    const accept = (justification: string) => ({ accept: [{ kind: 'null', justification }] })
    await loaded([things(columns(), accept('It was so.')), others()])
    const worded = columns(column('name', { label: 'Name', description: 'Of the thing.' }))
    const changed = things(worded, { ...accept('The clerks did so.'), title: 'All', description: 'Everything.' })
    await world.model([changed, others()], codes('A', 'B'))
    expect(await world.ingest()).not.toHaveProperty('earlierModel')
  })

  it('are named with their load, each table with its changes', async () => {
    const { load } = await loaded()
    await world.model(
      [things(columns(), { sortBy: ['kind'] }), others({ totals: [], partitionBy: ['id'] })],
      codes('A', 'B'),
    )
    const { earlierModel } = await world.ingest()
    expect(earlierModel).toEqual([
      {
        load,
        loadedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
        tables: [
          { table: 'others', changes: ['the partitions (was none; now id)'] },
          { table: 'things', changes: ['the sort order (was name; now kind)'] },
        ],
      },
    ])
  })

  it('are told of where others beside them are loaded', async () => {
    const { load } = await loaded()
    const files = { 'THINGS.csv': 'ID,NAME,AMOUNT,KIND\n1,Ada,1.50,A\n2,Bo,2.50,B\n', 'OTHERS.csv': 'ID\n2\n' }
    await world.deliver(files)
    await world.model([things(columns(), { sortBy: ['kind'] }), others()], codes('A', 'B'))
    const outcome = await world.ingest()
    expect(outcome.state).toBe('committed')
    expect(outcome.earlierModel?.map((one) => [one.load, one.tables?.map(({ table: name }) => name)])).toEqual([
      [load, ['things']],
    ])
  })

  it('are said to be of an unknown model where the load has kept none', async () => {
    const { load } = await loaded()
    await world.home.store.remove(`loads/app/${load}/model.json`)
    expect(await world.ingest()).not.toHaveProperty('earlierModel')
    await world.model([things(columns(), { title: 'All' }), others()], codes('A', 'B'))
    expect((await world.ingest()).earlierModel).toEqual([{ load, loadedAt: expect.any(String) }])
  })

  it('leave a model whose hash the report has', async () => {
    const { load, report } = await loaded()
    const text = await world.text(`loads/app/${load}/model.json`)
    const { model } = JSON.parse(await world.text(report)) as { model: object }
    expect(model).toEqual({
      key: `loads/app/${load}/model.json`,
      sha256: createHash('sha256').update(text).digest('hex'),
    })
    expect(text).toContain('"decimal(10,2)"')
    expect(text).not.toContain('What name says')
  })
})
