import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startOptions, statement, text } from './engine-archive.ts'
import { openUnloads, type Unloads } from './unloads.ts'

let world: Unloads
const unload: Unloads['unload'] = (...asked) => world.unload(...asked)
beforeAll(async () => {
  world = await openUnloads()
})
afterAll(() => world.close())

describe('an export', () => {
  it('runs once for a token', async () => {
    const options = startOptions({ lane: 'export' })
    const folder = path.join(world.folders, 'once')
    const target = { folder, format: 'csv' as const, columns: [{ name: 'cell', heading: 'c' }] }
    const first = await world.engine.unload(statement('SELECT cell FROM cells'), target, options)
    await world.engine.wait(first, 20_000)
    expect(await world.engine.unload(statement('SELECT cell FROM cells'), target, options)).toBe(first)
  })

  it('refuses a folder that is not empty', async () => {
    const folder = path.join(world.folders, 'full')
    await mkdir(folder)
    await writeFile(path.join(folder, 'x'), '')
    const target = { folder, format: 'csv' as const, columns: [{ name: 'cell', heading: 'c' }] }
    await expect(world.engine.unload(statement('SELECT cell FROM cells'), target, startOptions())).rejects.toThrow(
      'not empty',
    )
  })

  it('fails for a column that the query does not give', async () => {
    const { execution } = await unload('SELECT cell FROM cells', {
      format: 'csv',
      columns: [{ name: 'nothing', heading: 'c' }],
    })
    expect(execution.error).toMatchObject({ kind: 'user', message: 'The query gives no column "nothing".' })
  })

  it('is as jailed as a search', async () => {
    const { execution } = await unload("SELECT content FROM read_text('/etc/passwd')", {
      format: 'csv',
      columns: [{ name: 'content', heading: 'c' }],
    })
    expect(execution.error).toMatchObject({ kind: 'user' })
  })

  it('does not let headings and words become SQL', async () => {
    const evil = `x" FROM read_text('/etc/passwd')) TO '/tmp/muniment-unload.csv'; --`
    const { execution, file } = await unload('SELECT code FROM cells WHERE id = 3', {
      format: 'csv',
      columns: [{ name: 'code', heading: evil, words: { A: `' || (SELECT 1) || '` } }],
    })
    expect(execution.state).toBe('SUCCEEDED')
    expect(await readFile(file, 'utf8')).toBe(`"${evil.replaceAll('"', '""')}"\r\n' || (SELECT 1) || '\r\n`)
  })

  it('leaves nothing behind when it is cancelled', async () => {
    const folder = path.join(world.folders, 'cancelled')
    const sql = 'SELECT a.note || b.note AS x FROM policies a CROSS JOIN policies b'
    const id = await world.engine.unload(
      statement(sql),
      { folder, format: 'csv', columns: [{ name: 'x', heading: 'x' }] },
      startOptions({ lane: 'export', timeLimit: 60_000, rowLimit: Number.MAX_SAFE_INTEGER }),
    )
    while ((await world.engine.status(id)).state === 'QUEUED') await sleep(10)
    await sleep(300)
    await world.engine.cancel(id)
    expect((await world.engine.status(id)).state).toBe('CANCELLED')
    expect(await readdir(folder)).toEqual([])
    const work = path.join(world.archive.home, '.work')
    const [own = ''] = (await readdir(work)).filter((name) => name.startsWith('engine-'))
    await sleep(50)
    expect(await readdir(path.join(work, own, 'exports'))).toEqual([])
  })

  it('tells how far it is', async () => {
    const folder = path.join(world.folders, 'progress')
    const sql =
      'SELECT a.note || b.note AS x FROM policies a JOIN policies b ON a.units = b.units WHERE a.note < ? ORDER BY 1'
    const id = await world.engine.unload(
      statement(sql, [text('Größe 3')]),
      { folder, format: 'parquet', columns: [{ name: 'x', heading: 'x' }] },
      startOptions({ lane: 'export', timeLimit: 60_000, rowLimit: Number.MAX_SAFE_INTEGER }),
    )
    const seen: number[] = []
    for (;;) {
      const { state, progress } = await world.engine.status(id)
      if (progress !== undefined) seen.push(progress)
      if (state !== 'QUEUED' && state !== 'RUNNING') break
      await sleep(20)
    }
    expect(seen.length).toBeGreaterThan(0)
    expect(seen.every((one) => one > 0 && one <= 1)).toBe(true)
  })
})

describe('a file of more rows than it may have', () => {
  it.each([
    ['', undefined],
    ['with keys', [[['policy_number']]]],
  ])('is not written, nor worked out to its end %s', async (_, keys) => {
    const endless = 'SELECT a.policy_number FROM policies a CROSS JOIN policies b CROSS JOIN policies c'
    const { execution, folder } = await unload(
      endless,
      { format: 'csv', columns: [{ name: 'policy_number', heading: 'n' }], ...(keys && { keys }) },
      [],
      { rowLimit: 500 },
    )
    expect(execution.error).toBeUndefined()
    expect(execution).toMatchObject({ state: 'SUCCEEDED', result: { rows: 0, more: true } })
    expect(await readdir(folder)).toEqual([])
  })

  it.each([
    [10_000, false],
    [9_999, true],
  ])('is told from one of just as many: %i', async (rowLimit, more) => {
    const { execution } = await unload(
      'SELECT policy_number FROM policies ORDER BY units LIMIT 20000',
      { format: 'csv', columns: [{ name: 'policy_number', heading: 'n' }] },
      [],
      { rowLimit },
    )
    expect(execution.result).toMatchObject({ rows: more ? 0 : 10_000, more })
  })
})
