import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createFooterReader } from '../../src/catalog/footers.ts'
import { readFooter } from '../../src/catalog/glue/range-footers.ts'
import { openFileStore } from '../../src/store/file-store.ts'
import type { ObjectStore } from '../../src/store/port.ts'
import { parquet } from './glue-world.ts'

let root = ''
let store: ObjectStore
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'footers-'))
  store = openFileStore(root)
})
afterAll(() => rm(root, { recursive: true }))

let files = 0
async function both(sql: string) {
  const key = `archive/${files++}.parquet`
  const file = join(root, `${files}.tmp`)
  await parquet(sql, file)
  const info = await store.createFromFile(key, file)
  const byDuckdb = await createFooterReader(root, join(root, `cache-${files}.json`)).read([info])
  return { info, expected: byDuckdb.get(info.etag), found: await readFooter(store, info) }
}

const types = [
  'VARCHAR',
  'INTEGER',
  'BIGINT',
  'SMALLINT',
  'TINYINT',
  'UTINYINT',
  'USMALLINT',
  'UINTEGER',
  'UBIGINT',
  'HUGEINT',
  'BOOLEAN',
  'FLOAT',
  'DOUBLE',
  'DATE',
  'TIME',
  'TIMESTAMP',
  'TIMESTAMP_MS',
  'TIMESTAMP_NS',
  'TIMESTAMPTZ',
  'DECIMAL(4,1)',
  'DECIMAL(12,2)',
  'DECIMAL(38,10)',
  'BLOB',
  'UUID',
  'JSON',
  'INTEGER[]',
  'STRUCT(a INTEGER, b STRUCT(c VARCHAR, d DATE[]))',
  'MAP(VARCHAR, INTEGER)',
]

describe("a footer read by ranges is the same as DuckDB's", () => {
  it('of every type, nested ones among them', async () => {
    const columns = types.map((type, index) => `NULL::${type} AS c${index}`)
    const { expected, found } = await both(`SELECT ${columns.join(', ')}`)
    expect(found).toEqual(expected)
    expect(found?.columns).toHaveLength(types.length)
  })

  it('of any columns in any order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...types), { minLength: 1, maxLength: 6 }), async (some) => {
        const columns = some.map((type, index) => `NULL::${type} AS c${index}`)
        const { expected, found } = await both(`SELECT ${columns.join(', ')} FROM range(10)`)
        expect(found).toEqual(expected)
      }),
      { numRuns: 15 },
    )
  })

  it('also when it is larger than the first look at the end of the object', async () => {
    const columns = Array.from({ length: 1500 }, (_, index) => `range AS ${'long_name_'.repeat(8)}${index}`)
    const { expected, found, info } = await both(`SELECT ${columns.join(', ')} FROM range(3)`)
    expect(info.size).toBeGreaterThan(2 * 128 * 1024)
    expect(found).toEqual(expected)
  })
})

describe('what is no Parquet', () => {
  it.each([
    ['nothing', ''],
    ['a text', 'a text that is longer than eight bytes'],
    ['the magic number alone', 'PAR1'],
    [
      'a length beyond the object',
      Buffer.concat([Buffer.from('PAR1'), Buffer.from('ffffff7f', 'hex'), Buffer.from('PAR1')]),
    ],
    [
      'noise between the marks',
      Buffer.concat([Buffer.alloc(500, 0x5a), Buffer.from('f0010000', 'hex'), Buffer.from('PAR1')]),
    ],
  ])('has no footer: %s', async (_name, body) => {
    const info = await store.create(`archive/none-${files++}`, body)
    expect(await readFooter(store, info)).toBeUndefined()
  })

  it('is told apart from a store that does not answer', async () => {
    const broken = { ...store, stream: () => Promise.reject(new Error('no network')) }
    await expect(readFooter(broken, { key: 'archive/0.parquet', etag: 'x', size: 100 })).rejects.toThrow('no network')
  })
})
