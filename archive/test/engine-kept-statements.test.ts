import { readdir, readlink, rename } from 'node:fs/promises'
import path from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { makeArchive, rowsOf, run, type TestArchive, text } from './engine-archive.ts'

type Engine = Awaited<ReturnType<TestArchive['engine']>>

const notes = (select: string) => ({
  notes: { domain: 'd', columns: { id: 'varchar', note: 'varchar' }, objects: [{ select }] },
})

let archive: TestArchive
let engine: Engine

beforeEach(async () => {
  archive = await makeArchive({ pas: notes("SELECT 'A' || i AS id, 'old' AS note FROM range(5000) t(i)") })
  engine = await archive.engine({ catalogAge: 60_000 })
})

afterEach(async () => {
  await engine.close()
  await archive.close()
})

const lookup = 'SELECT id, note FROM notes WHERE id = ?'

async function filesOf(): Promise<string[]> {
  const snapshot = await archive.catalog.read('pas')
  return (snapshot?.tables[0]?.objects ?? []).map(({ key }) => path.join(archive.home, key))
}

/** Parquet files that engine processes hold open. */
async function openFiles(): Promise<string[]> {
  const links = await Promise.all(
    engine.pids().map(async (pid) => {
      const folder = `/proc/${pid}/fd`
      const names = await readdir(folder)
      return Promise.all(names.map((name) => readlink(path.join(folder, name)).catch(() => '')))
    }),
  )
  return links.flat().filter((link) => link.includes('.parquet'))
}

it('runs a statement again by the values it is given then', async () => {
  expect(await rowsOf(engine, lookup, [text('A7')])).toEqual([['A7', 'old']])
  expect(await rowsOf(engine, lookup, [text('A4999')])).toEqual([['A4999', 'old']])
  expect(await rowsOf(engine, lookup, [text(null)])).toEqual([])
  expect(await rowsOf(engine, lookup, [text('A8')])).toEqual([['A8', 'old']])
})

it('reads an object that was replaced in place between two runs of a statement', async () => {
  expect(await rowsOf(engine, lookup, [text('A7')])).toEqual([['A7', 'old']])
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  for (const file of await filesOf()) {
    await connection.run(`COPY (SELECT 'A7' AS id, 'new' AS note) TO '${archive.home}/new' (FORMAT parquet)`)
    await rename(`${archive.home}/new`, file)
  }
  connection.closeSync()
  instance.closeSync()
  expect(await rowsOf(engine, lookup, [text('A7')])).toEqual([['A7', 'new']])
  expect(await rowsOf(engine, lookup, [text('A8')])).toEqual([])
})

it('runs a statement again that was cut at its row limit, and one that failed', async () => {
  const all = 'SELECT id FROM notes ORDER BY id'
  for (let times = 0; times < 3; times++) {
    const { execution, rows } = await run(engine, all, [], { rowLimit: 10 })
    expect([execution.result?.more, rows.length]).toEqual([true, 10])
  }
  const divide = 'SELECT cast(? AS integer) AS x FROM notes LIMIT 1'
  expect(await rowsOf(engine, divide, [text('1')])).toEqual([['1']])
  expect((await run(engine, divide, [text('x')])).execution.state).toBe('FAILED')
  expect(await rowsOf(engine, divide, [text('2')])).toEqual([['2']])
})

it.runIf(process.platform === 'linux')('holds no object open between two runs of a statement', async () => {
  const { notes: table } = notes("SELECT 'A7' AS id, 'one' AS note")
  const [first] = table.objects
  await archive.put('pas', { notes: { ...table, objects: [...table.objects, ...(first ? [first] : [])] } })
  await engine.refresh('pas')
  for (let times = 0; times < 2; times++) {
    expect(await rowsOf(engine, lookup, [text('A7')])).toHaveLength(2)
    // A streamed result lets go of its files when its turn is over.
    await vi.waitFor(async () => expect(await openFiles()).toEqual([]))
  }
})
