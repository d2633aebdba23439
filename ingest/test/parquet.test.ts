import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { column, createWorld, query, table, type World } from './world.ts'

let world: World
beforeEach(async () => {
  world = await createWorld()
})
afterEach(() => world.remove())

const many = 30_000
const csv = () =>
  `ID,NAME,AT,YEAR\n${Array.from({ length: many }, (_, id) => {
    const name = `name ${(id * 7919) % 10_007}`
    return `${id},${name},2020-01-01 00:00:00.${String(id % 1000).padStart(3, '0')},${2000 + (id % 3)}`
  }).join('\n')}\n`
const columns = [column('id', { type: 'bigint' }), column('name'), column('at', { type: 'timestamp' }), column('year')]

async function pathsOf(outcome: Awaited<ReturnType<World['ingest']>>) {
  return (await world.record(outcome)).objects.map(({ key }) => join(world.home.path, key))
}

describe('what is written', () => {
  it('has small row groups, ZSTD, millisecond timestamps, and says where it is from', async () => {
    await world.model([table('things', columns, { sortBy: ['name'] })])
    await world.deliver({ 'THINGS.csv': csv() })
    const outcome = await world.ingest()
    const [path] = await pathsOf(outcome)
    const groups = await query(
      `SELECT DISTINCT row_group_num_rows AS rows, compression FROM parquet_metadata('${path}')`,
    )
    for (const { rows, compression } of groups) {
      expect(Number(rows)).toBeLessThanOrEqual(20_000)
      expect(compression).toBe('ZSTD')
    }
    expect(groups.some(({ rows }) => Number(rows) >= 8000)).toBe(true)
    const schema = await query(`SELECT name, type, converted_type FROM parquet_schema('${path}') OFFSET 1`)
    expect(schema).toEqual([
      { name: '_row', type: 'INT64', converted_type: 'INT_64' },
      { name: 'id', type: 'INT64', converted_type: 'INT_64' },
      { name: 'name', type: 'BYTE_ARRAY', converted_type: 'UTF8' },
      { name: 'at', type: 'INT64', converted_type: 'TIMESTAMP_MILLIS' },
      { name: 'year', type: 'BYTE_ARRAY', converted_type: 'UTF8' },
    ])
    const metadata = await query(
      `SELECT decode(key) AS key, decode(value) AS value FROM parquet_kv_metadata('${path}') ORDER BY 1`,
    )
    expect(metadata).toEqual([
      { key: 'application', value: 'app' },
      { key: 'load', value: outcome.load },
      { key: 'table', value: 'things' },
    ])
  })

  it('is in the declared order, then the key, and numbered so', async () => {
    await world.model([table('things', columns, { sortBy: ['name'] })])
    await world.deliver({ 'THINGS.csv': csv() })
    const rows = await world.rows(await world.ingest(), 'things')
    const sorted = rows.toSorted((a, b) => {
      const names = Buffer.compare(Buffer.from(a.name ?? ''), Buffer.from(b.name ?? ''))
      return names || Number(a.id) - Number(b.id)
    })
    expect(rows.map(({ _row }) => Number(_row))).toEqual(Array.from({ length: many }, (_, row) => row))
    expect(rows.map(({ id }) => id)).toEqual(sorted.map(({ id }) => id))
  })

  it('is the same, row for row, from the same records in another order', async () => {
    await world.model([
      table('things', columns, {
        sortBy: ['name'],
        primaryKey: ['name'],
        accept: [{ kind: 'duplicate-key', justification: 'Names are no key, for this test.' }],
      }),
    ])
    const [header, ...lines] = csv().trim().split('\n')
    const hashes = []
    for (const order of [lines, lines.toReversed()]) {
      await world.deliver({ 'THINGS.csv': [header, ...order].join('\n') })
      const outcome = await world.ingest()
      const paths = (await pathsOf(outcome)).map((path) => `'${path}'`).join(', ')
      hashes.push(
        await query(
          `SELECT md5(string_agg(concat_ws('|', _row, id, name, "at", "year"), ',' ORDER BY _row)) AS h FROM read_parquet([${paths}])`,
        ),
      )
      await world.home.store.remove(`loads/app/${outcome.load}/load.json`)
      for (const key of await world.keys('archive/')) await world.home.store.remove(key)
    }
    expect(hashes[0]).toEqual(hashes[1])
  })

  it('lies in Hive partitions, whose column is not in the file, one range of rows each', async () => {
    const year = column('year', { nulls: ['2002'] })
    await world.model([table('things', [...columns.slice(0, 3), year], { partitionBy: ['year'], sortBy: ['name'] })])
    await world.deliver({ 'THINGS.csv': csv() })
    const outcome = await world.ingest()
    const { objects } = await world.record(outcome)
    const load8 = outcome.load.slice(0, 8)
    expect(objects.map(({ key, partition, rows }) => [key, partition, rows])).toEqual([
      [`archive/app/things/things/year=2000/part-${load8}-00001.parquet`, { year: '2000' }, many / 3],
      [`archive/app/things/things/year=2001/part-${load8}-00002.parquet`, { year: '2001' }, many / 3],
      [`archive/app/things/things/year=__HIVE_DEFAULT_PARTITION__/part-${load8}-00003.parquet`, { year: '' }, many / 3],
    ])
    const [, second] = await pathsOf(outcome)
    expect(await query(`SELECT name FROM parquet_schema('${second}') WHERE name = 'year'`)).toEqual([])
    expect(await query(`SELECT min(_row) AS first, max(_row) AS last FROM read_parquet('${second}')`)).toEqual([
      { first: String(many / 3), last: String((2 * many) / 3 - 1) },
    ])
  })

  it('spells partition values so that they are safe in a key', async () => {
    const value = '../a b%=ü/é'
    await world.model([table('things', [column('id'), column('year')], { partitionBy: ['year'] })])
    await world.deliver({ 'THINGS.csv': `ID,YEAR\n1,${value}\n` })
    const outcome = await world.ingest()
    const { objects } = await world.record(outcome)
    expect(objects[0]?.key).toContain('/things/year=%2E%2E%2Fa%20b%25%3D%C3%BC%2F%C3%A9/part-')
    expect(objects[0]?.partition).toEqual({ year: value })
    expect(await world.rows(outcome, 'things')).toMatchObject([{ year: value }])
  })

  it('keeps partition values apart from no value that readers take for it', async () => {
    await world.model([table('things', [column('id'), column('year')], { partitionBy: ['year'] })])
    const values = ['NULL', 'null', '__HIVE_DEFAULT_PARTITION__', '']
    await world.deliver({ 'THINGS.csv': `ID,YEAR\n${values.map((value, id) => `${id},${value}`).join('\n')}\n` })
    const outcome = await world.ingest()
    expect(outcome.state).toBe('committed')
    const rows = (await world.rows(outcome, 'things')).map(({ id, year }) => [id, year])
    expect(rows.sort()).toEqual([
      ['0', 'NULL'],
      ['1', 'null'],
      ['2', '__HIVE_DEFAULT_PARTITION__'],
      ['3', null],
    ])
  })

  it('has no partition for an empty text, and says on which line and who can help', async () => {
    const model = (more: object = {}) =>
      world.model([table('things', [column('id'), column('year')], { partitionBy: ['year'], ...more })])
    await model()
    await world.deliver({ 'THINGS.csv': 'ID,YEAR\n1,2000\n2,""\n' })
    expect(await world.ingest()).toMatchObject({
      state: 'refused',
      deviations: [
        {
          kind: 'cast',
          file: 'THINGS.csv',
          line: 3,
          column: 'YEAR',
          message: expect.stringContaining('or say "nulls": [""] of the column year in the model'),
        },
      ],
    })
    await model({ accept: [{ kind: 'cast', column: 'year', justification: 'It was never filled in.' }] })
    const outcome = await world.ingest()
    expect(outcome.state).toBe('committed')
    expect(await world.rows(outcome, 'things')).toMatchObject([{ year: '2000' }, { year: null }])
  })

  it('takes an empty text that the model calls no value into the partition of those without', async () => {
    const year = column('year', { nulls: [''] })
    await world.model([table('things', [column('id'), year], { partitionBy: ['year'] })])
    await world.deliver({ 'THINGS.csv': 'ID,YEAR\n1,2000\n2,""\n' })
    const outcome = await world.ingest()
    expect(outcome.state).toBe('committed')
    expect(await world.rows(outcome, 'things')).toMatchObject([{ year: '2000' }, { year: null }])
  })

  it('says of a partition value that is missing but required on which line, and what the model can say instead', async () => {
    const model = (required: boolean, more: object = {}) =>
      world.model([table('things', [column('id'), column('year', { required })], { partitionBy: ['year'], ...more })])
    await model(true)
    await world.deliver({ 'THINGS.csv': 'ID,YEAR\n1,2000\n2,\n' })
    const place = { kind: 'null', file: 'THINGS.csv', line: 3, column: 'YEAR' }
    const words = (part: string) => ({ deviations: [{ ...place, message: expect.stringContaining(part) }] })
    expect(await world.ingest()).toMatchObject({ state: 'refused', ...words('take "required" from the column') })
    await model(true, { primaryKey: ['id', 'year'] })
    expect(await world.ingest()).toMatchObject({ state: 'refused', ...words('a key cannot do without') })
    await model(false)
    expect((await world.ingest()).state).toBe('committed')
  })

  it('is split into objects of the size aimed at, in order', async () => {
    await world.model([table('things', columns, { sortBy: ['name'] })])
    await world.deliver({ 'THINGS.csv': csv() })
    const outcome = await world.ingest({ objectBytes: 50_000 })
    const { objects } = await world.record(outcome)
    expect(objects.length).toBeGreaterThan(2)
    let next = 0
    for (const { key, rows } of objects) {
      const path = join(world.home.path, key)
      const [range] = await query(`SELECT min(_row) AS first, max(_row) AS last FROM read_parquet('${path}')`)
      expect(range).toEqual({ first: String(next), last: String(next + rows - 1) })
      next += rows
    }
    expect(next).toBe(many)
  })

  it.each([60_000, 90_000, 110_000, 130_000])(
    'leaves no small object at the end (%i bytes aimed at)',
    async (objectBytes) => {
      await world.model([table('things', columns, { sortBy: ['name'] })])
      await world.deliver({ 'THINGS.csv': csv() })
      const { objects } = await world.record(await world.ingest({ objectBytes }))
      expect(objects.map(({ rows }) => rows).reduce((sum, rows) => sum + rows)).toBe(many)
      expect(Math.min(...objects.map(({ size }) => size))).toBeGreaterThanOrEqual(objectBytes / 2)
    },
  )

  it('holds derived columns as folding.ts computes them, over several columns and missing ones', async () => {
    await world.model([
      table(
        'people',
        [
          column('id'),
          column('first'),
          column('last'),
          column('name_folded', { derived: { from: ['first', 'last'], function: 'fold' } }),
          column('name_sound', { derived: { from: ['first', 'last'], function: 'phonetic' } }),
          column('id_number', { derived: { from: ['id'], function: 'number' } }),
        ],
        { sortBy: ['name_folded'] },
      ),
    ])
    await world.deliver({ 'PEOPLE.csv': 'ID,FIRST,LAST\nA-1,Zoë,Müller\nA-2,,Meier\nA-3,,\nA-4,Anna,\n' })
    const { derivations } = await import('@muniment/archive/folding')
    const rows = await world.rows(await world.ingest(), 'people')
    const expected = (id: string, text: string | null) => ({
      id,
      name_folded: text === null ? null : derivations.fold(text),
      name_sound: text === null ? null : derivations.phonetic(text),
      id_number: derivations.number(id),
    })
    expect(rows.map(({ _row, first, last, ...row }) => row)).toEqual([
      expected('A-4', 'Anna'),
      expected('A-2', 'Meier'),
      expected('A-1', 'Zoë Müller'),
      expected('A-3', null),
    ])
  })
})
