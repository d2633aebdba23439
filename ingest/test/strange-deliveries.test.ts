import { mkdir, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { column, createWorld, query, table, type World } from './world.ts'

let world: World
beforeEach(async () => {
  world = await createWorld()
  await world.model([table('cust', [column('id'), column('name')])])
})
afterEach(() => world.remove())

async function folderWith(name: string, csv: string): Promise<string> {
  const from = join(world.root, name)
  await mkdir(from, { recursive: true })
  await writeFile(join(from, 'CUST.csv'), csv)
  return from
}

describe('a delivery in a folder with a strange name', () => {
  it.each([
    ['d[1]', 'd1'],
    ['d*', 'd2'],
    ['d?', 'd3'],
  ])('is read from %s, and nothing from %s beside it', async (name, beside) => {
    await folderWith(beside, 'ID,NAME\n2,wrong\n')
    const from = await folderWith(name, 'ID,NAME\n1,right\n')
    const outcome = await world.ingest({ from })
    expect(outcome.state).toBe('committed')
    expect(await world.rows(outcome, 'cust')).toEqual([{ _row: '0', id: '1', name: 'right' }])
  })

  it('keeps its Parquet values where a folder above is called as a column', async () => {
    const from = join(world.root, 'ID=9')
    await mkdir(from)
    await query(`COPY (SELECT '77' AS "ID", 'x' AS "NAME") TO '${join(from, 'CUST.parquet')}'`)
    expect(await world.rows(await world.ingest({ from }), 'cust')).toEqual([{ _row: '0', id: '77', name: 'x' }])
  })
})

describe('a Parquet file whose texts are not marked as such', () => {
  it('is read as UTF-8', async () => {
    await query(`COPY (SELECT '77' AS "ID", encode('Müller') AS "NAME") TO '${join(world.from, 'CUST.parquet')}'`)
    expect(await world.rows(await world.ingest(), 'cust')).toEqual([{ _row: '0', id: '77', name: 'Müller' }])
  })

  it('is refused where the bytes are no UTF-8', async () => {
    await query(`COPY (SELECT '77' AS "ID", '\\xFFA'::BLOB AS "NAME") TO '${join(world.from, 'CUST.parquet')}'`)
    expect((await world.ingest()).state).toBe('refused')
  })
})

it('a file without names of columns is refused without repeating its first record', async () => {
  await world.deliver({ 'CUST.csv': '4711,Meier\n4712,"Huber"x\n' })
  const outcome = await world.ingest()
  expect(outcome.state).toBe('refused')
  expect(outcome.deviations.map(({ message }) => message)).toEqual([
    'text follows a closing quote',
    'the first line holds none of the names of the columns',
  ])
  expect(JSON.stringify(outcome)).not.toMatch(/4711|Meier/)
  for (const key of await world.keys('loads/')) expect(await world.text(key)).not.toMatch(/4711|Meier/)
})

describe('a manifest that says something else about a file', () => {
  it.each([
    ['of which table it is', 'the manifest says that the file is another table', [{ table: 'claims' }]],
    ['twice', 'the manifest describes the file twice', [{ table: 'cust' }, { table: 'cust' }]],
  ])('is a deviation: %s', async (_, message, files) => {
    await world.deliver({ 'CUST.csv': 'ID,NAME\n1,a\n' })
    await world.manifest(files.map((file) => ({ name: 'CUST.csv', rows: 1, ...file })))
    const outcome = await world.ingest()
    expect(outcome.state).toBe('refused')
    expect(outcome.deviations).toMatchObject([{ kind: 'manifest', message }])
  })
})

it('a load that stopped is ended by the next one, also when its staging folder was removed meanwhile', async () => {
  await world.deliver({ 'CUST.csv': 'ID,NAME\n1,a\n' })
  const stopped = world.ingest({
    onStage: async (stage) => {
      if (stage === 'placed') throw new Error('stopped')
    },
  })
  await expect(stopped).rejects.toThrow('stopped')
  await rm(join(world.home.work, 'staging'), { recursive: true })
  await world.deliver({ 'CUST.csv': 'ID,NAME\n2,b\n' })
  const outcome = await world.ingest()
  expect(outcome.state).toBe('committed')
  const { objects } = await world.record(outcome)
  expect(await world.keys('archive/')).toEqual(objects.map(({ key }) => key))
})

it('a load that is ended keeps its lock until its slot is gone', async () => {
  await world.deliver({ 'CUST.csv': 'ID,NAME\n1,a\n' })
  const stopped = world.ingest({ onStage: () => Promise.reject(new Error('stopped')) })
  await expect(stopped).rejects.toThrow('stopped')
  const staging = join(world.home.work, 'staging', 'app')
  const [abandoned = ''] = await readdir(staging)
  const seen: boolean[] = []
  const store: typeof world.home.store = {
    ...world.home.store,
    async remove(key, etag) {
      if (key === 'loads/app/slot.json' && seen.length === 0) seen.push((await readdir(staging)).includes(abandoned))
      await world.home.store.remove(key, etag)
    },
  }
  await world.deliver({ 'CUST.csv': 'ID,NAME\n2,b\n' })
  expect((await world.ingest({ home: { ...world.home, store } })).state).toBe('committed')
  expect(seen).toEqual([true])
  expect(await readdir(staging)).toEqual([])
})

describe('keys without a value', () => {
  const accept = [{ kind: 'null', column: 'id', justification: 'Nobody knows who they were.' }]

  it('are refused, also where the model does not call the column required', async () => {
    await world.deliver({ 'CUST.csv': 'ID,NAME\n,a\n1,b\n' })
    const outcome = await world.ingest()
    expect(outcome.state).toBe('refused')
    expect(outcome.deviations).toMatchObject([{ kind: 'null', line: 2, column: 'ID' }])
  })

  it('are told as duplicates where a rule accepts that they are missing', async () => {
    await world.model([table('cust', [column('id'), column('name')], { accept })])
    await world.deliver({ 'CUST.csv': 'ID,NAME\n,a\n,b\n1,c\n' })
    const outcome = await world.ingest()
    expect(outcome).toMatchObject({ state: 'refused', tables: { cust: { refused: 2 } } })
    const refused = outcome.deviations.filter(({ accepted }) => !accepted)
    expect(refused).toMatchObject([
      { kind: 'duplicate-key', line: 2 },
      { kind: 'duplicate-key', line: 3 },
    ])
  })
})

it.each(['CUST.csv', 'manifest.json'])(
  '%s that is a link to a folder or to nothing is told in a sentence',
  async (name) => {
    for (const target of [world.root, join(world.root, 'nothing')]) {
      await world.deliver(name === 'CUST.csv' ? {} : { 'CUST.csv': 'ID,NAME\n1,a\n' })
      await symlink(target, join(world.from, name))
      if (name === 'manifest.json' && target !== world.root) continue
      await expect(world.ingest()).rejects.toThrow(/is no file that can be read/)
    }
  },
)
