import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { LoadOutcome } from '../src/ingest.ts'
import { column, createWorld, query, table, type World } from './world.ts'

let world: World
beforeEach(async () => {
  world = await createWorld()
})
afterEach(() => world.remove())

const things = (source: Record<string, unknown> = {}, more: Record<string, unknown> = {}) =>
  table('things', [column('id', { type: 'integer' }), column('name')], {
    source: { name: 'THINGS', ...source },
    ...more,
  })
const names = async (outcome: LoadOutcome) => (await world.rows(outcome, 'things')).map(({ name }) => name)
const places = ({ deviations }: LoadOutcome) => deviations.map(({ kind, line, column: name }) => [kind, line, name])

describe('encodings', () => {
  it('read Windows-1252 where it differs from Latin-1', async () => {
    await world.model([things({ encoding: 'windows-1252', delimiter: ';' })])
    await world.deliver({
      'THINGS.csv': Buffer.from('ID;NAME\n1;"50 \x80 – caf\xe9\n\x93quoted\x94"\n2;\x9cuvre\n', 'latin1'),
    })
    // The dash is no Latin-1 character: Buffer keeps its lowest byte, 0x13.
    expect(await names(await world.ingest())).toEqual(['50 € \x13 café\n“quoted”', 'œuvre'])
  })

  it('read Latin-1, control characters included', async () => {
    await world.model([things({ encoding: 'latin-1' })])
    await world.deliver({ 'THINGS.csv': Buffer.from('ID,NAME\n1,M\xfcller\x85\xff\n', 'latin1') })
    expect(await names(await world.ingest())).toEqual(['Müller\u0085ÿ'])
  })

  it('refuse a byte that Windows-1252 does not define, by its line', async () => {
    await world.model([things({ encoding: 'windows-1252' })])
    await world.deliver({ 'THINGS.csv': Buffer.from('ID,NAME\n1,"a\nb"\n2,\x81\n', 'latin1') })
    const outcome = await world.ingest()
    expect(outcome.state).toBe('refused')
    expect(places(outcome)).toEqual([['encoding', 4, 'NAME']])
  })

  it.each([
    ['a lone continuation', [0x80]],
    ['an overlong slash', [0xc0, 0xaf]],
    ['half a character', [0xe2, 0x82]],
    ['a surrogate', [0xed, 0xa0, 0x80]],
    ['beyond Unicode', [0xf4, 0x90, 0x80, 0x80]],
    ['Latin-1', [0xfc]],
  ])('refuse what is no UTF-8, by its line: %s', async (_, bytes) => {
    await world.model([things()])
    const before = Buffer.from('ID,NAME\n1,"ä\n€"\n2,x')
    await world.deliver({ 'THINGS.csv': Buffer.concat([before, Buffer.from(bytes), Buffer.from('\n3,fine\n')]) })
    const outcome = await world.ingest()
    expect(outcome.state).toBe('refused')
    expect(places(outcome)).toEqual([['encoding', 4, 'NAME']])
  })

  it('read UTF-8 whose characters lie across the parts it is read in', async () => {
    await world.model([things()])
    const long = '€'.repeat(400_000)
    await world.deliver({ 'THINGS.csv': `ID,NAME\n1,${long}\n2,a${long}\n3,ab${long}\n` })
    expect(await names(await world.ingest())).toEqual([long, `a${long}`, `ab${long}`])
  })

  it('leave out the byte order mark', async () => {
    await world.model([things()])
    await world.deliver({ 'THINGS.csv': '\ufeff"ID","NAME"\n1,a\n' })
    expect(await names(await world.ingest())).toEqual(['a'])
  })

  it('keep NUL, tabs and every script', async () => {
    await world.model([things()])
    const texts = ['a\0b', '\t', '日本語', 'עברית', '👩‍👩‍👧', "O'Brien; DROP TABLE", '{{ 7*7 }}', '<b>']
    await world.deliver({ 'THINGS.csv': `ID,NAME\n${texts.map((text, id) => `${id},${text}`).join('\n')}\n` })
    expect(await names(await world.ingest())).toEqual(texts)
  })
})

describe('CSV', () => {
  it('tells an empty text from no value, and quoted newlines from the ends of records', async () => {
    await world.model([things()])
    await world.deliver({ 'THINGS.csv': 'ID,NAME\r\n1,""\r\n2,\r\n3,"a\r\nb\nc\rd"\r\n4," "\r\n' })
    expect(await names(await world.ingest())).toEqual(['', null, 'a\r\nb\nc\rd', ' '])
  })

  it('may be gzipped, and is refused when the archive is cut off', async () => {
    await world.model([things()])
    const zipped = gzipSync(`ID,NAME\n${Array.from({ length: 5000 }, (_, id) => `${id},name ${id}`).join('\n')}\n`)
    await world.deliver({ 'THINGS.csv.gz': zipped.subarray(0, zipped.length / 2) })
    expect(places(await world.ingest())).toContainEqual(['structure', expect.any(Number), expect.any(String)])
    await world.deliver({ 'THINGS.csv.gz': zipped })
    expect((await names(await world.ingest())).length).toBe(5000)
  })

  it('may hold a record of several megabytes', async () => {
    await world.model([things()])
    const long = `${'x'.repeat(5_000_000)}\n"`
    await world.deliver({ 'THINGS.csv': `ID,NAME\n1,"${long.replaceAll('"', '""')}"\n2,b\n` })
    expect(await names(await world.ingest())).toEqual([long, 'b'])
  })

  it('may have its columns in any order and names that differ by case only', async () => {
    await world.model([
      table('things', [column('id'), column('lower', { source: 'x' }), column('upper', { source: 'X' })]),
    ])
    await world.deliver({ 'THINGS.csv': 'X,x,ID\nbig,small,1\n' })
    expect(await world.rows(await world.ingest(), 'things')).toMatchObject([{ id: '1', lower: 'small', upper: 'big' }])
  })

  it('is counted right where quoted newlines fill whole reading blocks', async () => {
    await world.model([things()])
    const rows = Array.from({ length: 2000 }, (_, id) => `${id},"${'line\n'.repeat(id % 7 === 0 ? 2000 : 3)}"`)
    await world.deliver({ 'THINGS.csv': `ID,NAME\n${rows.join('\n')}\n` })
    expect((await world.ingest()).tables.things).toEqual({ read: 2000, written: 2000, refused: 0 })
  })
})

describe('Parquet as a source', () => {
  it('is cast by the model as strictly', async () => {
    await world.model([
      table('things', [
        column('id', { type: 'integer' }),
        column('name'),
        column('born', { type: 'date', nulls: ['9999-12-31'] }),
        column('amount', { type: 'decimal(10,2)' }),
        column('at', { type: 'timestamp' }),
        column('flag', { type: 'boolean' }),
      ]),
    ])
    const select = (fine: boolean) => `SELECT i::BIGINT AS "ID", 'ü' || i AS "NAME",
      CASE WHEN i = 2 THEN DATE '9999-12-31' ELSE DATE '2020-02-29' END AS "BORN",
      ${fine ? '1.5' : '1.255'}::DECIMAL(18,3) AS "AMOUNT", TIMESTAMP '2020-01-01 10:00:00.123${fine ? '' : '456'}' AS "AT", i = 1 AS "FLAG"
      FROM range(3, 0, -1) t(i)`
    await query(`COPY (${select(false)}) TO '${world.from}/THINGS.parquet' (FORMAT parquet)`)
    expect(places(await world.ingest())).toEqual(
      [1, 2, 3].flatMap((row) => [
        ['precision', row, 'AMOUNT'],
        ['precision', row, 'AT'],
      ]),
    )
    await query(`COPY (${select(true)}) TO '${world.from}/THINGS.parquet' (FORMAT parquet)`)
    const outcome = await world.ingest()
    expect(outcome.deviations).toEqual([])
    expect((await world.rows(outcome, 'things')).map(({ _row, ...row }) => row)).toEqual([
      { id: '1', name: 'ü1', born: '2020-02-29', amount: '1.50', at: '2020-01-01 10:00:00.123', flag: 'true' },
      { id: '2', name: 'ü2', born: null, amount: '1.50', at: '2020-01-01 10:00:00.123', flag: 'false' },
      { id: '3', name: 'ü3', born: '2020-02-29', amount: '1.50', at: '2020-01-01 10:00:00.123', flag: 'false' },
    ])
  })

  it('is refused when it is no Parquet', async () => {
    await world.model([things()])
    await world.deliver({ 'THINGS.parquet': 'ID,NAME\n1,a\n' })
    expect(places(await world.ingest())).toEqual([['structure', undefined, undefined]])
  })
})
