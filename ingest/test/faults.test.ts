import { readFile, rename, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { LoadOutcome } from '../src/ingest.ts'
import type { ReachStage, Stage } from '../src/load/stages.ts'
import { column, createWorld, query, table, type World } from './world.ts'

let world: World
beforeEach(async () => {
  world = await createWorld()
  await world.model([
    table(
      'things',
      [
        column('id', { type: 'integer' }),
        column('name'),
        column('amount', { type: 'decimal(8,2)' }),
        column('sound', { derived: { from: ['name'], function: 'phonetic' } }),
      ],
      { totals: ['amount'], sortBy: ['name'] },
    ),
  ])
})
afterEach(() => world.remove())

const rows = ['1,Müller,10.00', '2,Meier,20.50', '3,Şahin,-3.25', '4,Lee,0.00']
const csv = (lines: readonly string[]) => `ID,NAME,AMOUNT\n${lines.join('\n')}\n`

/** Something happens to one record on the way. */
const toText: Record<string, (text: string) => string | Buffer> = {
  drop: (text) => text.replace('2,Meier,20.50\n', ''),
  duplicate: (text) => text.replace('2,Meier,20.50\n', '2,Meier,20.50\n2,Meier,20.50\n'),
  truncate: (text) => text.slice(0, -9),
  're-encode': (text) => Buffer.from(text.replace('Müller', 'MÃ¼ller')),
  exchange: (text) => text.replace('10.00', '20.50').replace('Meier,20.50', 'Meier,10.00'),
}
const toRows: Record<string, string> = {
  drop: 'SELECT * FROM rows WHERE id <> 2',
  duplicate: 'SELECT * FROM rows UNION ALL SELECT * FROM rows WHERE id = 2 ORDER BY name, id',
  're-encode': `SELECT * REPLACE (replace(name, 'ü', 'Ã¼') AS name) FROM rows`,
  null: 'SELECT * REPLACE (CASE WHEN id <> 2 THEN amount END AS amount) FROM rows',
  exchange:
    'SELECT * REPLACE (CASE id WHEN 1 THEN 20.50 WHEN 2 THEN 10.00 ELSE amount END::DECIMAL(8,2) AS amount) FROM rows',
  'replace a key': 'SELECT * REPLACE (CASE id WHEN 2 THEN 5 ELSE id END AS id) FROM rows',
  'derive wrongly': `SELECT * REPLACE (sound || '0' AS sound) FROM rows`,
  reorder: 'SELECT * FROM rows ORDER BY _row DESC',
  renumber: 'SELECT * REPLACE (_row + 1 AS _row) FROM rows',
}

const at = (wanted: Stage, act: (path: string) => Promise<void>): ReachStage => {
  return async (stage, { paths: [path = ''] }) => {
    if (stage === wanted) await act(path)
  }
}
const changeText = (change: string) => async (path: string) => {
  await writeFile(path, toText[change]?.(await readFile(path, 'utf8')) ?? '')
}
const changeRows = (change: string) => async (path: string) => {
  const sql = toRows[change]?.replaceAll('rows', `read_parquet('${path}')`)
  await query(`COPY (${sql}) TO '${path}.changed' (FORMAT parquet)`)
  await rename(`${path}.changed`, path)
}
const cut = async (path: string) => truncate(path, (await readFile(path)).length - 20)

async function expectRefused(outcome: LoadOutcome, kinds: string[]) {
  expect(outcome.state).toBe('refused')
  expect(kinds).toContain(outcome.deviations[0]?.kind)
  expect(await world.keys('archive/')).toEqual([])
  expect((await world.keys('loads/')).filter((key) => key.endsWith('/load.json'))).toEqual([])
}

async function expectLoadedLater() {
  await world.deliver({ 'THINGS.csv': csv(rows) })
  const outcome = await world.ingest()
  expect(outcome).toMatchObject({ state: 'committed', tables: { things: { read: 4, written: 4 } } })
}

describe('one record altered', () => {
  it.each(Object.keys(toText))('after the manifest was written: %s', async (change) => {
    await world.deliver({ 'THINGS.csv': csv(rows) })
    await world.manifest([{ name: 'THINGS.csv', table: 'things', rows: 4, totals: { AMOUNT: '27.25' } }])
    await changeText(change)(join(world.from, 'THINGS.csv'))
    await expectRefused(await world.ingest(), ['hash', 'structure'])
    await expectLoadedLater()
  })

  it.each(['drop', 'duplicate', 'truncate'])(
    'before the manifest, which still knows the rows or the sum: %s',
    async (change) => {
      await world.deliver({ 'THINGS.csv': csv(rows) })
      await changeText(change)(join(world.from, 'THINGS.csv'))
      await world.manifest([{ name: 'THINGS.csv', table: 'things', rows: 4, totals: { AMOUNT: '27.25' } }])
      await expectRefused(await world.ingest(), ['total', 'structure', 'duplicate-key'])
    },
  )

  it.each(Object.keys(toText))('after the delivery was hashed: %s', async (change) => {
    await world.deliver({ 'THINGS.csv': csv(rows) })
    const act = changeText(change)
    const outcome = await world.ingest({ onStage: at('hashed', act) })
    await expectRefused(outcome, ['reconciliation', 'structure'])
    await expectLoadedLater()
  })

  it.each(Object.keys(toText))('in the decoded copy, before it is measured: %s', async (change) => {
    await world.deliver({ 'THINGS.csv.gz': gzipSync(csv(rows)) })
    const outcome = await world.ingest({ onStage: at('prepared', changeText(change)) })
    await expectRefused(outcome, ['reconciliation', 'structure'])
    await expectLoadedLater()
  })

  it.each(Object.keys(toText))('between measuring and writing: %s', async (change) => {
    await world.deliver({ 'THINGS.csv': csv(rows) })
    const outcome = await world.ingest({ onStage: at('measured', changeText(change)) })
    await expectRefused(outcome, ['reconciliation', 'structure'])
    await expectLoadedLater()
  })

  it.each(Object.keys(toRows))('in what was written: %s', async (change) => {
    await world.deliver({ 'THINGS.csv': csv(rows) })
    const outcome = await world.ingest({ onStage: at('written', changeRows(change)) })
    await expectRefused(outcome, ['reconciliation'])
    await expectLoadedLater()
  })

  it('in what was written: truncate', async () => {
    await world.deliver({ 'THINGS.csv': csv(rows) })
    await expectRefused(await world.ingest({ onStage: at('written', cut) }), ['reconciliation'])
    await expectLoadedLater()
  })

  it.each(['verified', 'placing'] as const)(
    'after it was verified (%s): the load stops and can be resumed',
    async (stage) => {
      for (const act of [...Object.keys(toRows).map(changeRows), cut]) {
        await world.deliver({ 'THINGS.csv': csv(rows) })
        await expect(world.ingest({ onStage: at(stage, act) })).rejects.toThrow(/is not the file that was verified/)
        expect((await world.keys('loads/')).filter((key) => key.endsWith('/load.json'))).toEqual([])
      }
      await expectLoadedLater()
    },
  )

  it('in its place, before the commit: the load stops and can be resumed', async () => {
    await world.deliver({ 'THINGS.csv': csv(rows) })
    const act = (key: string) => changeRows('drop')(join(world.home.path, key))
    await expect(world.ingest({ onStage: at('placed', act) })).rejects.toThrow(
      /was changed before the load was committed/,
    )
    expect((await world.keys('loads/')).filter((key) => key.endsWith('/load.json'))).toEqual([])
    await expectLoadedLater()
  })
})
