import { rename } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { IngestOptions } from '../src/ingest.ts'
import { column, createWorld, query, table, type World } from './world.ts'

let world: World
beforeEach(async () => {
  world = await createWorld()
})
afterEach(() => world.remove())

const many = 30_000
const csv = (year: (index: number) => string = () => '2000') =>
  `ID,NAME,YEAR\n${Array.from({ length: many }, (_, index) => `${index},n${String((index * 7919) % many).padStart(5, '0')},${year(index)}\n`).join('')}`

const things = (more: object = {}) =>
  table('things', [column('id', { type: 'bigint' }), column('name'), column('year')], { sortBy: ['name'], ...more })

/** Puts rows in another order into the files just written, numbered as if it were the right one. */
function rewritten(order: string, only: (path: string) => boolean = () => true): NonNullable<IngestOptions['onStage']> {
  return async (stage, { paths }) => {
    if (stage !== 'written') return
    for (const path of paths.filter(only)) {
      const numbers = `row_number() OVER () - 1 + (SELECT min(_row) FROM read_parquet('${path}', hive_partitioning = false))`
      await query(
        `COPY (SELECT ${numbers} AS _row, * EXCLUDE (_row) FROM (SELECT * FROM read_parquet('${path}', hive_partitioning = false) ORDER BY ${order}))
         TO '${path}.other' (FORMAT parquet, ROW_GROUP_SIZE 2048)`,
      )
      await rename(`${path}.other`, path)
    }
  }
}

const fault =
  /^The rows of .*part-\w+-\d+\.parquet in things were not written in the order of name, .* not to blame: run the same/

describe('rows that were written in another order than the model declares', () => {
  it('fail the load, whose next run succeeds', async () => {
    await world.model([things()])
    await world.deliver({ 'THINGS.csv': csv() })
    const failed = world.ingest({ onStage: rewritten('id') })
    await expect(failed).rejects.toMatchObject({ name: 'OperatorError', message: expect.stringMatching(fault) })
    expect(await world.keys('archive/')).toEqual([])
    expect((await world.ingest()).state).toBe('committed')
  })

  it('are found where the order is the wrong way round, and where no value comes first', async () => {
    await world.model([
      things({ columns: [column('id', { type: 'bigint' }), column('name', { nulls: ['n00000'] }), column('year')] }),
    ])
    await world.deliver({ 'THINGS.csv': csv() })
    for (const order of ['name DESC', 'name NULLS FIRST'])
      await expect(world.ingest({ onStage: rewritten(order) }), order).rejects.toThrow(fault)
    await world.ingest({ onStage: rewritten('name NULLS LAST') })
  })

  it('are found in one partition of several, and not where partitions only follow each other', async () => {
    await world.model([things({ partitionBy: ['year'] })])
    await world.deliver({ 'THINGS.csv': csv((index) => (index % 3 === 0 ? '1999' : '2000')) })
    const failed = world.ingest({ onStage: rewritten('id', (path) => path.includes('year=2000')) })
    await expect(failed).rejects.toThrow(/^The rows of year=2000\/part-/)
    expect((await world.ingest()).state).toBe('committed')
  })

  it('are found where objects follow each other wrongly', async () => {
    await world.model([things()])
    await world.deliver({ 'THINGS.csv': csv() })
    const swapped: NonNullable<IngestOptions['onStage']> = async (stage, { paths }) => {
      const [first, second] = paths
      if (stage !== 'written') return
      if (first === undefined || second === undefined) throw new Error('One object is too few.')
      await rename(first, join(world.root, 'first'))
      await rename(second, first)
      await rename(join(world.root, 'first'), second)
    }
    await expect(world.ingest({ objectBytes: 50_000, onStage: swapped })).rejects.toThrow(fault)
  })

  it('are found where the footers cannot tell, because they hold the beginning of a long text', async () => {
    await world.model([things()])
    await world.deliver({
      'THINGS.csv': csv()
        .replaceAll(',n', `,${'n'.repeat(300)}`)
        .split('\n')
        .slice(0, 3000)
        .join('\n'),
    })
    await expect(world.ingest({ onStage: rewritten('id') })).rejects.toThrow(fault)
    expect((await world.ingest()).state).toBe('committed')
  })
})
