import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { column, createWorld, table, type World } from './world.ts'

let world: World
async function familyWorld(): Promise<World> {
  const family = await createWorld()
  await family.model([
    table('parents', [column('id', { type: 'integer' }), column('name')]),
    table('children', [column('id'), column('parent', { type: 'integer' }), column('born', { type: 'date' })], {
      foreignKeys: [{ columns: ['parent'], references: { table: 'parents', columns: ['id'] } }],
      accept: [{ kind: 'cast', column: 'born', justification: 'Nobody knew these dates.' }],
    }),
  ])
  await family.deliver({
    'PARENTS.csv': 'ID,NAME\n1,a\n2,b\n',
    'CHILDREN.csv': 'ID,PARENT,BORN\nx,1,2020-01-01\ny,2,?\n',
  })
  return family
}
beforeEach(async () => {
  world = await familyWorld()
})
afterEach(() => world.remove())

const committed = async () => (await world.keys('loads/')).filter((key) => key.endsWith('/load.json'))

async function expectClean() {
  const outcome = await world.ingest()
  expect(outcome.tables).toEqual({
    parents: { read: 2, written: 2, refused: 0 },
    children: { read: 2, written: 2, refused: 0 },
  })
  const { objects } = await world.record(outcome)
  expect(await world.keys('archive/')).toEqual(objects.map(({ key }) => key).toSorted())
  expect(await world.rows(outcome, 'children')).toMatchObject([
    { id: 'x', born: '2020-01-01' },
    { id: 'y', born: null },
  ])
  expect((await world.keys('quarantine/')).length).toBe(1)
  expect(await world.keys('loads/app/slot.json')).toEqual([])
  expect(await readdir(join(world.home.work, 'staging', 'app'))).toEqual([])
  return outcome
}

describe('an interrupted load', () => {
  it('leaves nothing visible, wherever it stopped, and is resumed by the next run', async () => {
    const events: string[] = []
    await world.ingest({ onStage: async (stage, { table: name }) => void events.push(`${stage} ${name ?? ''}`) })
    expect(events.length).toBeGreaterThan(10)
    await world.remove()
    for (const [stop, event] of events.entries()) {
      world = await familyWorld()
      let reached = 0
      const failing = world.ingest({
        onStage: async () => {
          if (reached++ === stop) throw new Error('stopped here')
        },
      })
      await expect(failing, event).rejects.toThrow('stopped here')
      expect(await committed(), event).toEqual(event.startsWith('committed') ? [expect.any(String)] : [])
      expect((await expectClean()).state, event).toBe(event.startsWith('committed') ? 'unchanged' : 'committed')
      await world.remove()
    }
  })

  it.each(['measured', 'written', 'placing', 'placed', 'reported', 'committed'])(
    'survives the kill of its process (%s)',
    async (stage) => {
      const script = join(world.root, 'load.mts')
      await writeFile(
        script,
        `import { ingest } from ${JSON.stringify(new URL('../src/ingest.ts', import.meta.url).href)}
       import { openFileStore } from ${JSON.stringify(new URL('../../archive/src/store/file-store.ts', import.meta.url).href)}
       const path = ${JSON.stringify(world.home.path)}
       let seen = 0
       await ingest({
         home: { path, work: path + '/.work', store: openFileStore(path) },
         application: 'app',
         templatesRoot: ${JSON.stringify(join(world.root, 'templates'))},
         from: ${JSON.stringify(world.from)},
         acceptWithoutManifest: true,
         onStage: async (stage) => {
           if (stage === ${JSON.stringify(stage)} && ++seen === (stage === 'placing' ? 2 : 1)) process.kill(process.pid, 'SIGKILL')
         },
       })`,
      )
      const child = spawn(process.execPath, ['--import', 'tsx', script], {
        cwd: new URL('..', import.meta.url),
        stdio: 'inherit',
      })
      const [, signal] = (await once(child, 'exit')) as [number | null, string | null]
      expect(signal).toBe('SIGKILL')
      expect(await committed()).toHaveLength(stage === 'committed' ? 1 : 0)
      expect((await expectClean()).state).toBe(stage === 'committed' ? 'unchanged' : 'committed')
    },
  )

  it('goes on after the tables that were done', async () => {
    const stopped = world.ingest({
      onStage: async (stage) => {
        if (stage === 'referenced') throw new Error('stopped here')
      },
    })
    await expect(stopped).rejects.toThrow('stopped here')
    const again: string[] = []
    await world.ingest({ onStage: async (stage) => void again.push(stage) })
    expect(again).not.toContain('measured')
    expect(again).toContain('committed')
  })

  it('of another delivery is ended, and its objects go', async () => {
    const stopped = world.ingest({
      onStage: async (stage) => {
        if (stage === 'placed') throw new Error('stopped here')
      },
    })
    await expect(stopped).rejects.toThrow('stopped here')
    expect((await world.keys('archive/')).length).toBe(2)
    await world.deliver({
      'PARENTS.csv': 'ID,NAME\n1,a\n2,bb\n',
      'CHILDREN.csv': 'ID,PARENT,BORN\nx,1,2020-01-01\ny,2,?\n',
    })
    await expectClean()
  })
})

describe('the ledger', () => {
  it('knows a delivery again: nothing is written', async () => {
    const first = await world.ingest()
    const keys = await world.keys()
    const second = await world.ingest()
    expect(second).toEqual({ ...first, state: 'unchanged', deviations: [] })
    expect(await world.keys()).toEqual(keys)
  })

  it('does not load again what was destroyed, nor under a changed model, nor file by file', async () => {
    await world.ingest()
    for (const key of await world.keys('archive/')) await world.home.store.remove(key)
    expect((await world.ingest()).state).toBe('unchanged')
    await world.model([
      table('parents', [column('id', { type: 'integer' }), column('name', { label: 'Renamed' })]),
      table('children', [column('id'), column('parent', { type: 'integer' }), column('born', { type: 'date' })]),
    ])
    expect((await world.ingest()).state).toBe('unchanged')
    await world.deliver({ 'PARENTS.csv': 'ID,NAME\n1,a\n2,b\n', 'CHILDREN.csv': 'ID,PARENT,BORN\nz,1,2020-01-01\n' })
    const outcome = await world.ingest()
    expect(outcome.tables).toEqual({ children: { read: 1, written: 1, refused: 0 } })
    expect(await world.keys('archive/')).toEqual([expect.stringContaining('/children/')])
    expect(JSON.parse(await world.text(outcome.report))).toMatchObject({
      tables: { parents: { alreadyLoaded: expect.any(String) } },
    })
  })

  it('stops loads when one of its records cannot be read', async () => {
    const { load } = await world.ingest()
    await writeFile(join(world.home.path, `loads/app/${load}/load.json`), '{}')
    await expect(world.ingest()).rejects.toThrow(/is not a record of a load/)
  })
})

describe('the work slot', () => {
  it('lets one load at a time in', async () => {
    let inside: (() => void) | undefined
    const blocked = new Promise<void>((resolve) => {
      inside = resolve
    })
    let entered: (() => void) | undefined
    const reached = new Promise<void>((resolve) => {
      entered = resolve
    })
    const first = world.ingest({
      onStage: async (stage) => {
        if (stage !== 'hashed') return
        entered?.()
        await blocked
      },
    })
    await reached
    await expect(world.ingest()).rejects.toThrow(/is being loaded by another process/)
    await world.manifest([{ name: 'PARENTS.csv', table: 'parents', rows: 2 }])
    await expect(world.ingest()).rejects.toThrow(/is under way/)
    inside?.()
    expect((await first).state).toBe('committed')
  })

  it('is respected when something else than a load holds it', async () => {
    await world.home.store.create('loads/app/slot.json', JSON.stringify({ kind: 'retention', work: 'run', begun: '' }))
    await expect(world.ingest()).rejects.toThrow(/Other work on app is under way/)
    expect(await world.keys('archive/')).toEqual([])
  })
})

describe('a refused load', () => {
  it('leaves a report, one however often it is tried, and no objects', async () => {
    await world.deliver({ 'PARENTS.csv': 'ID,NAME\nx,a\n', 'CHILDREN.csv': 'ID,PARENT,BORN\nx,1,2020-01-01\n' })
    const first = await world.ingest()
    const keys = await world.keys()
    expect(await world.ingest()).toEqual(first)
    expect(await world.keys()).toEqual(keys)
    expect(first.report).toMatch(new RegExp(`^loads/app/${first.load}/report-refused-[0-9a-f]{8}\\.json$`))
    expect(
      keys.some((key) => key.startsWith('archive/') || key.endsWith('/load.json') || key.endsWith('slot.json')),
    ).toBe(false)
    expect(existsSync(join(world.home.work, 'staging', 'app', first.load))).toBe(false)
  })
})
