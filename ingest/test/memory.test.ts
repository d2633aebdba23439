import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { finished } from 'node:stream/promises'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { memoryFor } from '../src/tables/session.ts'
import { column, createWorld, query, table, type World } from './world.ts'

let world: World
beforeEach(async () => {
  world = await createWorld()
})
afterEach(() => world.remove())

const MB = 1 << 20

it('takes tables larger than the memory it is allowed', async () => {
  await world.model([
    table('things', [column('id', { type: 'bigint' }), column('name'), column('note')], {
      sortBy: ['name'],
      foreignKeys: [{ columns: ['id'], references: { table: 'things', columns: ['id'] } }],
    }),
  ])
  const rows = 200_000
  const out = createWriteStream(join(world.from, 'THINGS.csv'))
  out.write('ID,NAME,NOTE\n')
  for (let id = 0; id < rows; id += 1000) {
    let lines = ''
    for (let n = id; n < id + 1000; n++) {
      const name = `${(n * 7919) % 1_000_003}-${'x'.repeat(50)}`
      lines += `${n},${name},"${String((n * 104_729) % 999_983).repeat(80)}"\n`
    }
    if (!out.write(lines)) await once(out, 'drain')
  }
  out.end()
  await finished(out)
  const outcome = await world.ingest({ memoryBytes: 90 * MB })
  expect(outcome).toMatchObject({ state: 'committed', tables: { things: { read: rows, written: rows } } })
  const [object] = (await world.record(outcome)).objects
  const path = join(world.home.path, object?.key ?? '')
  const [found] = await query(
    `SELECT count(*) FILTER (name < before) AS unsorted FROM (SELECT name, lag(name) OVER (ORDER BY _row) AS before FROM '${path}')`,
  )
  expect(found).toEqual({ unsorted: '0' })
  expect(await readdir(join(world.home.work, 'staging', 'app'))).toEqual([])
})

it('derives the memory it takes from the machine, within bounds', () => {
  expect(memoryFor(24 * 1024 * MB, 20 * 1024 * MB)).toBe(8192 * MB)
  expect(memoryFor(8 * 1024 * MB, 4 * 1024 * MB)).toBe(2048 * MB)
  expect(memoryFor(8 * 1024 * MB, 100 * MB)).toBe(512 * MB)
  expect(memoryFor(512 * MB, 500 * MB)).toBe(384 * MB)
})
