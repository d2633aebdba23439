import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { comparePartitions, compareTableWithGlue } from '../../src/catalog/glue/glue-drift.ts'
import { gluePartitions, glueTables } from '../../src/catalog/glue/glue-tables.ts'
import type { CatalogTable } from '../../src/catalog/port.ts'
import { openGlueWorld, patience } from './glue-world.ts'

let world: Awaited<ReturnType<typeof openGlueWorld>>
beforeEach(async () => {
  world = await openGlueWorld({ pageSize: 1000 })
})
afterEach(() => world.close())

/** Partitions by name; several objects in each. */
function tableOf(values: string[], columns = [{ name: 'id', type: 'bigint', bytes: 1 }]): CatalogTable {
  const objects = values.flatMap((value) =>
    ['a', 'b'].map((part) => ({
      key: `archive/tiny/things/things/state=${value}/part-${part}.parquet`,
      etag: `${value}${part}`,
      size: 1,
      rows: 1,
      partition: { state: value },
      load: 'l1',
    })),
  )
  const all = [...columns, { name: 'state', type: 'varchar', bytes: 0 }] as CatalogTable['columns']
  return { name: 'things', domain: 'things', columns: all, partitionBy: ['state'], objects, rows: 1, bytes: 1 }
}
const numbered = (count: number) => Array.from({ length: count }, (_, index) => `s${index}`)
const partitions = () => gluePartitions(world.glue, { database: 'db_tiny', table: 'things' }, patience)
const made = (operation: string) => world.fake.calls.filter((call) => call === operation).length

describe('our own crawler', () => {
  it('writes 10,000 partitions a hundred at a time, and none a second time', async () => {
    const table = tableOf(numbered(10_000))
    await world.own.crawl('tiny', [table])
    expect(made('BatchCreatePartition')).toBe(100)
    expect(await comparePartitions(table, 's3://bucket/', partitions())).toEqual([])
    expect(made('GetPartitions')).toBe(1 + 10)
    await world.own.crawl('tiny', [table])
    expect([made('BatchCreatePartition'), made('UpdateTable'), made('BatchUpdatePartition')]).toEqual([100, 0, 0])
  })

  it('goes on where an earlier one was stopped, and renews partitions when a column comes', async () => {
    await world.own.crawl('tiny', [tableOf(numbered(150))])
    const more = tableOf(numbered(201), [
      { name: 'id', type: 'bigint', bytes: 1 },
      { name: 'note', type: 'varchar', bytes: 1 },
    ])
    await world.own.crawl('tiny', [more])
    expect(world.tableOf('things')?.StorageDescriptor.Columns).toEqual([
      { Name: 'id', Type: 'bigint' },
      { Name: 'note', Type: 'string' },
    ])
    const old = world.tableOf('things')?.partitions.get('s0')
    expect(old?.StorageDescriptor.Columns).toHaveLength(2)
    expect(world.tableOf('things')?.partitions.size).toBe(201)
  })

  it('leaves a column in Glue that no footer has any more', async () => {
    const columns = [
      { name: 'gone', type: 'integer', bytes: 1 },
      { name: 'id', type: 'bigint', bytes: 1 },
    ]
    await world.own.crawl('tiny', [tableOf(['a'], columns)])
    await world.own.crawl('tiny', [tableOf(['a'])])
    expect(world.tableOf('things')?.StorageDescriptor.Columns?.map(({ Name }) => Name)).toEqual(['gone', 'id'])
  })
})

describe('what Glue has against what loads name', () => {
  it('agrees exactly when the partitions are the same, whatever was taken away or added', async () => {
    const names = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,3}$/), { maxLength: 20 })
    await fc.assert(
      fc.asyncProperty(names, names, async (expected, there) => {
        async function* inGlue() {
          for (const value of there) {
            const location = `s3://bucket/archive/tiny/things/things/state=${value}/`
            yield { values: [value], location, storage: {} }
          }
        }
        const drift = await comparePartitions(tableOf(expected), 's3://bucket/', inGlue())
        const lacking = expected.filter((value) => !there.includes(value)).length
        const extra = there.filter((value) => !expected.includes(value)).length
        const kinds = drift.map(({ kind }) => kind)
        expect(kinds.includes('missing-partition')).toBe(lacking > 0)
        expect(kinds.includes('extra-partition')).toBe(extra > 0)
        if (lacking > 1) expect(drift[0]?.message).toContain(`${lacking} folders`)
      }),
    )
  })

  it('finds no difference in what our crawler wrote, of every type that footers have', async () => {
    const type = fc.constantFrom(
      'varchar',
      'integer',
      'bigint',
      'smallint',
      'tinyint',
      'boolean',
      'double',
      'real',
      'date',
      'timestamp',
      'timestamp(6)',
      'timestamp(9) with time zone',
      'decimal(12,2)',
      'varbinary',
      'uint32',
    )
    const columns = fc.uniqueArray(
      fc.record({ name: fc.stringMatching(/^[a-z]{1,4}$/), type, bytes: fc.constant(1) }),
      {
        selector: ({ name }) => name,
        minLength: 1,
        maxLength: 8,
      },
    )
    await fc.assert(
      fc.asyncProperty(columns, async (some) => {
        world.fake.databases.set('db_tiny', new Map())
        const table = tableOf(
          ['a'],
          some.filter(({ name }) => name !== 'state'),
        )
        await world.own.crawl('tiny', [table])
        for await (const glue of glueTables(world.glue, 'db_tiny', patience)) {
          const compared = { application: 'tiny', table, glue, records: 's3://bucket/', partitions }
          expect(await compareTableWithGlue(compared)).toEqual({ drift: [], incomplete: false })
        }
      }),
      { numRuns: 30 },
    )
  })
})
