import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createLocalCatalog } from '../src/catalog/local-catalog.ts'
import { athenaType } from '../src/catalog/parquet-types.ts'
import type { Catalog, Drift } from '../src/catalog/port.ts'
import { OperatorError } from '../src/errors.ts'
import { type Home, openHome } from '../src/home.ts'
import { tinyApplication, tinyTables } from './tiny-model.ts'

let root = ''
let home: Home
let catalog: Catalog
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'catalog-'))
  await mkdir(join(root, 'templates', 'tiny', 'tables'), { recursive: true })
  await writeFile(join(root, 'templates', 'tiny', 'application.json'), JSON.stringify(tinyApplication))
  for (const table of Object.values(tinyTables)) await writeTable(table)
  home = await openHome(join(root, 'data'), { mode: 'owner' })
  catalog = createLocalCatalog({ store: home.store, home, templatesRoot: join(root, 'templates') })
})
afterEach(async () => {
  await home.close()
  await rm(root, { recursive: true })
})

const writeTable = (table: { name: string }) =>
  writeFile(join(root, 'templates', 'tiny', 'tables', `${table.name}.json`), JSON.stringify(table))

const PEOPLE = `SELECT range::BIGINT AS _row, 'P' || range AS person_id, 'Müller' AS name, DATE '1970-01-01' AS born,
  'muller' AS name_folded, '657' AS name_sound FROM range(100)`
const CONTRACTS = `SELECT range::BIGINT AS _row, range::BIGINT AS contract_id, 'P' || range AS holder, DATE '2001-01-01' AS begins,
  12.5::DECIMAL(12,2) AS premium, 'EUR' AS currency, TIMESTAMP_MS '2001-01-01 12:00:00' AS changed FROM range(50)`

interface Part {
  table: 'people' | 'contracts' | 'strangers'
  sql: string
  partition?: Record<string, string>
  /** Instead of the partition's plain spelling. */
  folder?: string
}

/** Puts a Parquet object into the archive without any load that names it. */
async function put({ table, sql, partition = {}, folder }: Part, part: string) {
  const file = join(home.work, 'staging', `${table}-${part}.parquet`)
  const instance = await DuckDBInstance.create()
  const connection = await instance.connect()
  await connection.run(`COPY (${sql}) TO '${file}' (FORMAT parquet, COMPRESSION zstd)`)
  connection.closeSync()
  instance.closeSync()
  const folders =
    folder ??
    Object.entries(partition)
      .map(([name, value]) => `${name}=${value}/`)
      .join('')
  return home.store.createFromFile(`archive/tiny/${table}/${table}/${folders}part-${part}.parquet`, file)
}

/** Commits a load of these parts; `tables` adds tables without rows. */
async function load(id: string, parts: Part[], tables: string[] = []) {
  const objects: { key: string; etag: string; size: number; rows: number; table: string; partition: object }[] = []
  for (const [index, part] of parts.entries()) {
    const { key, etag, size } = await put(part, `${id}-${index}`)
    objects.push({ key, etag, size, rows: 0, table: part.table, partition: part.partition ?? {} })
  }
  const counts = { read: 0, written: 0, refused: 0 }
  const names = [...tables, ...parts.map(({ table }) => table)]
  await home.store.create(
    `loads/tiny/${id}/load.json`,
    JSON.stringify({
      load: id,
      application: 'tiny',
      tables: Object.fromEntries(names.map((name) => [name, counts])),
      objects,
    }),
  )
  return objects
}

const whole: Part[] = [
  { table: 'people', sql: PEOPLE },
  { table: 'contracts', sql: CONTRACTS, partition: { state: 'A' } },
  { table: 'contracts', sql: CONTRACTS, partition: { state: 'E' } },
]
const kinds = (drift: Drift[]) =>
  drift.map(({ kind, table, column }) => [kind, table, column].filter(Boolean).join(' '))

describe('a crawl', () => {
  it('finds tables, columns, partitions, rows and bytes as the files say', async () => {
    const loaded = await load('l1', whole)
    const { snapshot, drift } = await catalog.crawl('tiny')
    expect(drift).toEqual([])
    expect(snapshot.tables.map(({ name, domain, rows }) => [name, domain, rows])).toEqual([
      ['contracts', 'contracts', 100],
      ['people', 'people', 100],
    ])
    const [contracts, people] = snapshot.tables
    expect(contracts?.columns.map(({ name, type }) => `${name} ${type}`)).toEqual([
      '_row bigint',
      'contract_id bigint',
      'holder varchar',
      'begins date',
      'premium decimal(12,2)',
      'currency varchar',
      'changed timestamp',
      'state varchar',
    ])
    expect(contracts?.partitionBy).toEqual(['state'])
    expect(contracts?.objects.map(({ key, partition, load: from }) => [key, partition, from])).toEqual([
      [loaded[1]?.key, { state: 'A' }, 'l1'],
      [loaded[2]?.key, { state: 'E' }, 'l1'],
    ])
    expect(people?.objects[0]).toMatchObject({ etag: loaded[0]?.etag, size: loaded[0]?.size, rows: 100 })
    const bytes = people?.columns.reduce((sum, column) => sum + column.bytes, 0) ?? 0
    expect(bytes).toBeGreaterThan(300)
    expect(bytes).toBeLessThan(people?.bytes ?? 0)
    expect(contracts?.columns.at(-1)).toEqual({ name: 'state', type: 'varchar', bytes: 0 })
    expect(await catalog.read('tiny')).toEqual(snapshot)
  })

  it('knows an application before anything was loaded, with every table missing', async () => {
    expect(await catalog.read('tiny')).toBeUndefined()
    const { snapshot, drift } = await catalog.crawl('tiny')
    expect(snapshot.tables).toEqual([])
    expect(kinds(drift)).toEqual(['missing-table contracts', 'missing-table people'])
    expect(drift[0]?.message).toMatch(/archivist must load a delivery with TVTR/)
  })

  it('sees only what committed loads name, and says what is unexplained', async () => {
    await load('l1', whole)
    const stray = await put({ table: 'people', sql: PEOPLE }, 'stray')
    const { snapshot, drift } = await catalog.crawl('tiny')
    expect(snapshot.tables.find(({ name }) => name === 'people')?.rows).toBe(100)
    expect(kinds(drift)).toEqual(['unexplained-object people'])
    expect(drift[0]?.message).toContain(stray.key)
  })

  it('names objects that are gone, cut short, altered or no Parquet, and leaves them out', async () => {
    const loaded = await load('l1', [
      ...whole,
      { table: 'people', sql: PEOPLE },
      { table: 'people', sql: PEOPLE.replace('100', '7') },
    ])
    const [gone, cut, altered, broken] = loaded.map(({ key }) => join(home.path, key))
    await rm(gone ?? '')
    await writeFile(cut ?? '', (await readFile(cut ?? '')).subarray(100))
    const bytes = await readFile(altered ?? '')
    bytes[50] = (bytes[50] ?? 0) ^ 1
    await writeFile(altered ?? '', bytes)
    await writeFile(broken ?? '', 'x'.repeat((await stat(broken ?? '')).size))
    const { snapshot, drift } = await catalog.crawl('tiny')
    expect(kinds(drift)).toEqual([
      'missing-object people',
      'missing-object contracts',
      'missing-object contracts',
      'missing-object people',
    ])
    expect(
      drift.map(({ message }) => /is not there|has \d+ bytes|another content/.exec(message)?.[0].replace(/\d+/, 'n')),
    ).toEqual(['is not there', 'has n bytes', 'another content', 'another content'])
    expect(snapshot.tables.map(({ name, rows, incomplete }) => [name, rows, incomplete])).toEqual([
      ['contracts', 0, true],
      ['people', 7, true],
    ])
  })

  it('says of a table that it is incomplete from the loss of an object until the object is back', async () => {
    const loaded = await load('l1', whole)
    const before = await catalog.crawl('tiny')
    expect(before.snapshot.tables.map(({ incomplete }) => incomplete)).toEqual([undefined, undefined])
    const lost = join(home.path, loaded[0]?.key ?? '')
    const bytes = await readFile(lost)
    await rm(lost)
    const { snapshot } = await catalog.crawl('tiny')
    expect(snapshot.version).not.toBe(before.snapshot.version)
    expect(snapshot.tables.map(({ name, rows, incomplete }) => [name, rows, incomplete])).toEqual([
      ['contracts', 100, undefined],
      ['people', 0, true],
    ])
    expect(snapshot.tables[1]?.columns.map(({ name }) => name)).toEqual(
      tinyTables.people.columns.map(({ name }) => name),
    )
    expect(await catalog.read('tiny')).toEqual(snapshot)
    await writeFile(lost, bytes)
    const after = await catalog.crawl('tiny')
    expect(after.drift).toEqual([])
    expect(after.snapshot.version).toBe(before.snapshot.version)
  })

  it('leaves out a named object that never was Parquet, and reads the others', async () => {
    await load('l1', whole)
    const { key, etag, size } = await home.store.create('archive/tiny/people/people/part-bad.parquet', 'no parquet')
    await home.store.create(
      'loads/tiny/l2/load.json',
      JSON.stringify({
        load: 'l2',
        application: 'tiny',
        tables: {},
        objects: [{ key, etag, size, rows: 1, table: 'people', partition: {} }],
      }),
    )
    const { snapshot, drift } = await catalog.crawl('tiny')
    expect(drift.map(({ kind, message }) => [kind, /cannot be read as Parquet/.test(message)])).toEqual([
      ['missing-object', true],
    ])
    expect(snapshot.tables.find(({ name }) => name === 'people')?.rows).toBe(100)
  })

  it('names missing, extra and retyped columns with both types', async () => {
    await load('l1', [
      ...whole.slice(0, 1),
      { table: 'contracts', sql: CONTRACTS.replace('12.5::DECIMAL(12,2)', "'12.50'"), partition: { state: 'A' } },
      {
        table: 'contracts',
        sql: CONTRACTS.replace("'EUR' AS currency,", "'EUR' AS waehrung,"),
        partition: { state: 'E' },
      },
      { table: 'contracts', sql: CONTRACTS.replace('TIMESTAMP_MS', 'TIMESTAMP'), partition: { state: 'X' } },
    ])
    const { drift } = await catalog.crawl('tiny')
    expect(kinds(drift)).toEqual([
      'retyped-column contracts premium',
      'missing-column contracts currency',
      'retyped-column contracts changed',
      'extra-column contracts waehrung',
    ])
    expect(drift[0]?.message).toMatch(
      /premium is decimal\(12,2\) in the model, but varchar in 1 of 3 objects, such as archive/,
    )
    expect(drift[2]?.message).toMatch(/changed is timestamp in the model, but timestamp\(6\) in 1 of 3/)
  })

  it('names tables that the model does not have', async () => {
    await load('l1', [...whole, { table: 'strangers', sql: 'SELECT 1 AS a' }])
    const { snapshot, drift } = await catalog.crawl('tiny')
    expect(kinds(drift)).toEqual(['extra-table strangers'])
    expect(snapshot.tables.at(-1)).toMatchObject({
      name: 'strangers',
      rows: 1,
      columns: [{ name: 'a', type: 'integer' }],
    })
  })

  it('keeps a table that was delivered empty, with the columns of the model', async () => {
    await load('l1', whole.slice(0, 1), ['contracts'])
    const { snapshot, drift } = await catalog.crawl('tiny')
    expect(drift).toEqual([])
    expect(snapshot.tables[0]).toMatchObject({ name: 'contracts', rows: 0, objects: [] })
    expect(snapshot.tables[0]?.columns.map(({ name }) => name)).toEqual(
      tinyTables.contracts.columns.map(({ name }) => name),
    )
  })

  it('takes keys as they are, whatever patterns they look like', async () => {
    await load('l1', [
      whole[0] ?? { table: 'people', sql: PEOPLE },
      { table: 'contracts', sql: CONTRACTS, partition: { state: "a*[b]?{c,d}'" } },
      { table: 'contracts', sql: CONTRACTS, partition: { state: 'Zürich & 山' }, folder: 'state=Z%C3%BCrich/' },
    ])
    const { snapshot, drift } = await catalog.crawl('tiny')
    expect(drift).toEqual([])
    expect(snapshot.tables[0]?.rows).toBe(100)
  })

  it('writes nothing when nothing changed, and a new version when a load came', async () => {
    await load('l1', whole)
    const first = await catalog.crawl('tiny')
    const file = join(home.path, 'catalog', 'tiny.json')
    const before = await stat(file, { bigint: true })
    const second = await catalog.crawl('tiny')
    expect(second.snapshot).toEqual(first.snapshot)
    expect((await stat(file, { bigint: true })).ctimeNs).toBe(before.ctimeNs)
    await load('l2', [{ table: 'people', sql: PEOPLE }])
    const announced: string[] = []
    home.onChange((key) => announced.push(key))
    const third = await catalog.crawl('tiny')
    expect(third.snapshot.version).not.toBe(first.snapshot.version)
    expect(third.snapshot.tables[1]?.rows).toBe(200)
    expect(announced).toEqual(['catalog/tiny.json'])
    expect((await catalog.read('tiny'))?.version).toBe(third.snapshot.version)
  })

  it('does not read a footer again that it has read', async () => {
    const [people] = await load('l1', whole)
    await catalog.crawl('tiny')
    const cache = join(home.work, 'footers', 'tiny.json')
    const kept = JSON.parse(await readFile(cache, 'utf8'))
    kept.footers[people?.etag ?? ''].rows = 4711
    await writeFile(cache, JSON.stringify(kept))
    expect((await catalog.crawl('tiny')).snapshot.tables[1]?.rows).toBe(4711)
    await writeFile(cache, '{"version": 1, "footers": {"tor')
    expect((await catalog.crawl('tiny')).snapshot.tables[1]?.rows).toBe(100)
  })

  it('ends with one catalog when several crawl at once while loads come', async () => {
    await load('l1', whole)
    const crawls = [
      catalog.crawl('tiny'),
      load('l2', [{ table: 'people', sql: PEOPLE }]),
      catalog.crawl('tiny'),
      catalog.crawl('tiny'),
    ]
    await Promise.all(crawls)
    const { snapshot } = await catalog.crawl('tiny')
    expect(snapshot.tables[1]?.rows).toBe(200)
    expect(await catalog.read('tiny')).toEqual(snapshot)
  })

  it('makes a catalog anew that cannot be read', async () => {
    await load('l1', whole)
    await home.store.create('catalog/tiny.json', '{"application":')
    await expect(catalog.read('tiny')).rejects.toThrow(OperatorError)
    await expect(catalog.read('tiny')).rejects.toThrow(/npx muniment crawl --application tiny/)
    const { snapshot } = await catalog.crawl('tiny')
    expect(await catalog.read('tiny')).toEqual(snapshot)
  })

  it('stops at a damaged ledger and changes nothing', async () => {
    await load('l1', whole)
    const before = await catalog.crawl('tiny')
    await home.store.create('loads/tiny/l2/load.json', '{"load": "l2"')
    await expect(catalog.crawl('tiny')).rejects.toThrow(/ledger of loads is damaged: loads\/tiny\/l2\/load\.json/)
    expect(await catalog.read('tiny')).toEqual(before.snapshot)
  })

  it.each(['../tiny', '', 'tiny/../../x'])('refuses the application name %j', async (name) => {
    await expect(catalog.read(name)).rejects.toThrow(/name of an application/)
    await expect(catalog.crawl(name)).rejects.toThrow(/no application/)
  })

  it('reads an unchanged catalog without parsing it again', async () => {
    await load('l1', whole)
    await catalog.crawl('tiny')
    const once = await catalog.read('tiny')
    expect(await catalog.read('tiny')).toBe(once)
  })
})

describe('types of Parquet', () => {
  const element = { type: 'INT64', children: 0, converted: null, logical: null, precision: null, scale: null }
  const unit = (name: string, utc: number) =>
    `TimestampType(isAdjustedToUTC=${utc}, unit=TimeUnit(${['MILLIS', 'MICROS', 'NANOS'].map((each) => `${each}=${each === name ? 'Unit()' : '<null>'}`).join(', ')}))`
  it.each([
    [{ ...element }, 'bigint'],
    [{ ...element, converted: 'TIMESTAMP_MILLIS' }, 'timestamp'],
    [{ ...element, converted: 'TIMESTAMP_MILLIS', logical: unit('MILLIS', 0) }, 'timestamp'],
    [{ ...element, logical: unit('MILLIS', 1) }, 'timestamp with time zone'],
    [{ ...element, logical: unit('MICROS', 0) }, 'timestamp(6)'],
    [{ ...element, logical: unit('NANOS', 0) }, 'timestamp(9)'],
    [{ ...element, type: 'INT96' }, 'timestamp(9)'],
    [{ ...element, type: 'INT32' }, 'integer'],
    [{ ...element, type: 'INT32', converted: 'INT_16' }, 'smallint'],
    [{ ...element, type: 'INT32', converted: 'UINT_32' }, 'uint32'],
    [{ ...element, type: 'INT32', logical: 'DateType()' }, 'date'],
    [{ ...element, type: 'INT64', converted: 'DECIMAL', precision: 12, scale: 2 }, 'decimal(12,2)'],
    [
      {
        ...element,
        type: 'FIXED_LEN_BYTE_ARRAY',
        logical: 'DecimalType(scale=0, precision=38)',
        precision: 38,
        scale: 0,
      },
      'decimal(38,0)',
    ],
    [{ ...element, type: 'FIXED_LEN_BYTE_ARRAY', logical: 'UUIDType()' }, 'uuid'],
    [{ ...element, type: 'BYTE_ARRAY' }, 'varbinary'],
    [{ ...element, type: 'BYTE_ARRAY', logical: 'StringType()' }, 'varchar'],
    [{ ...element, type: 'INT64', converted: 'TIME_MICROS' }, 'time'],
    [{ ...element, type: 'FLOAT' }, 'real'],
    [{ ...element, type: 'BOOLEAN' }, 'boolean'],
    [{ ...element, type: null, children: 1 }, 'nested'],
  ])('reads %j as %s', (schema, type) => {
    expect(athenaType(schema)).toBe(type)
  })
})
