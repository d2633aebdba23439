import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Execution } from '@muniment/archive/engine/port'
import { afterEach, describe, expect, it } from 'vitest'
import type { Search, SearchList } from '../src/contract.ts'
import { answering, loans } from './support/loans.ts'
import { type Answer, memoryEngine } from './support/memory-engine.ts'
import { openWorld, problemOf, type World, type WorldOptions } from './support/world.ts'

let world: World
afterEach(() => world.close())

async function open(answer = answering(120), options: Partial<WorldOptions> = {}) {
  const memory = memoryEngine(answer)
  world = await openWorld({ engine: memory.engine, ...options })
  return memory
}

const asked = {
  application: 'lending',
  useCase: 'find-loan',
  inputs: { holder: 'Ødegård', state: ['A', 'Z'], opened_from: '2001-02-03' },
  purpose: { reason: 'court-order', note: 'file 4 Cg 12/26' },
}

const recordOf = async (id: string) => {
  const day = new Date(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)).toISOString().slice(0, 10)
  return JSON.parse(await readFile(join(world.home, 'searches', day, `${id}.json`), 'utf8'))
}

describe('starting a search', () => {
  it('answers 200 with the outcome when it ends within the wait', async () => {
    await open()
    const response = await world.ask('POST', '/api/searches', asked, { prefer: 'wait=10' })
    const search = (await response.json()) as Search
    expect(response.status).toBe(200)
    expect(response.headers.get('preference-applied')).toBe('wait=10')
    expect(search).toMatchObject({
      state: 'done',
      progress: 1,
      price: 0,
      person: 'Person ada',
      loads: ['load-a', 'load-b'],
    })
    expect(search.panels[0]).toMatchObject({ name: 'loans', state: 'done', rows: 120, more: false, bytesScanned: 1000 })
  })

  it('answers 202 with an address when it does not', async () => {
    await open(() => 'never')
    const response = await world.ask('POST', '/api/searches', asked, { prefer: 'wait=0' })
    const begun = (await response.json()) as Search
    expect(response.status).toBe(202)
    expect(response.headers.get('location')).toBe(`/api/searches/${begun.id}`)
    expect((await recordOf(begun.id)).panels[0].execution).toMatch(/^[0-9a-f-]{36}$/)
    await world.ask('DELETE', `/api/searches/${begun.id}`)
  })

  it('without a wait is found done at its address', async () => {
    await open()
    const begun = (await (await world.ask('POST', '/api/searches', asked)).json()) as Search
    const search = (await (await world.get(`/api/searches/${begun.id}`, { prefer: 'wait=5' })).json()) as Search
    expect(search).toMatchObject({ id: begun.id, state: 'done', progress: 1 })
    expect((await recordOf(begun.id)).state).toBe('done')
  })

  it('reads inputs as a person does: labels, words of codes, dates', async () => {
    await open()
    const search = await world.search('find-loan', asked.inputs)
    expect(search.inputsRead).toEqual([
      { name: 'holder', label: 'Holder', value: 'Ødegård' },
      { name: 'state', label: 'State', value: 'Running, Arrears' },
      { name: 'opened_from', label: 'Opened from', value: '3 Feb 2001' },
    ])
    expect(search.title).toBe('Find a loan: Ødegård, Running, Arrears, 3 Feb 2001')
  })

  it('binds what was typed and never writes it into the SQL', async () => {
    const memory = await open()
    await world.search('find-loan', { holder: "x' OR 1=1 --" })
    expect(memory.started[0]?.sql).not.toContain('OR 1=1')
    expect(memory.started[0]?.values).toEqual([{ type: 'varchar', value: "x' OR 1=1 --" }])
  })

  it('has the record on disk before the engine is asked anything', async () => {
    const opened: boolean[] = []
    const keys: string[] = []
    await open(
      () => {
        opened.push(keys.some((key) => key.startsWith('searches/')))
        return { columns: [], rows: [] }
      },
      {
        store: (store) => ({
          ...store,
          create: async (key, body) => {
            const info = await store.create(key, body)
            keys.push(key)
            return info
          },
        }),
      },
    )
    await world.search('find-loan', { holder: 'x' })
    expect(opened).toEqual([true])
  })

  it('asks the engine nothing when the record cannot be written', async () => {
    const memory = await open(answering(1), {
      store: (store) => ({
        ...store,
        create: () => Promise.reject(Object.assign(new Error('no'), { code: 'ENOSPC' })),
      }),
    })
    const response = await world.ask('POST', '/api/searches', asked, { prefer: 'wait=10' })
    expect(response.status).toBe(500)
    expect((await problemOf(response)).detail).toContain('disk of the archive is full')
    expect(memory.started).toEqual([])
  })

  it.each([['   '], [{ request: ' \t' }], [{ request: '' }]])(
    'refuses a purpose that says nothing: %j',
    async (purpose) => {
      await open()
      const problem = await problemOf(await world.ask('POST', '/api/searches', { ...asked, purpose }))
      expect(problem.status).toBe(400)
      expect(Object.keys(problem.fields ?? {}).join()).toMatch(/^purpose/)
    },
  )

  it('gives no result away when its closing cannot be written', async () => {
    await open(answering(1), { store: (store) => ({ ...store, replace: () => Promise.reject(new Error('no')) }) })
    const response = await world.ask('POST', '/api/searches', asked, { prefer: 'wait=10' })
    expect(response.status).toBe(500)
  })

  it('records what makes the search citable: hashes, values, execution, loads, catalog version, who and for what', async () => {
    await open()
    const search = await world.search('find-loan', asked.inputs)
    const record = await recordOf(search.id)
    const hash = createHash('sha256')
    for (const row of loans(120)) hash.update(`${JSON.stringify(row)}\n`)
    expect(record).toMatchObject({
      state: 'done',
      person: { id: 'ada' },
      purpose: { reason: 'system-test', note: 'test' },
      catalogVersion: 'v1',
      loads: ['load-a', 'load-b'],
      panels: [{ outcome: { rows: 120, resultHash: hash.digest('hex'), bytesScanned: 1000 } }],
    })
    expect(record.templateHash).toMatch(/^[0-9a-f]{64}$/)
    expect(record.panels[0].execution).toMatch(/^[0-9a-f-]{36}$/)
    expect(record.panels[0].statement.values).toContainEqual({ type: 'varchar', value: 'Ødegård' })
  })

  it('records the archive that it saw, where a load was committed while it waited', async () => {
    let version = 'v1'
    const answer = answering(1)
    await open(
      (statement) => {
        version = 'v2'
        const told = answer(statement)
        return typeof told === 'object' && 'rows' in told ? { ...told, catalogVersion: 'v2' } : told
      },
      { snapshot: () => ({ application: 'lending', version, crawled: '', tables: [] }) },
    )
    const search = await world.search('find-loan', { holder: 'x' })
    expect(await recordOf(search.id)).toMatchObject({ catalogVersion: 'v2', loads: [] })
  })

  it('tells the engine of a new catalog before it asks', async () => {
    let version = 'v1'
    const memory = await open(answering(1), {
      snapshot: () => ({ application: 'lending', version, crawled: '', tables: [] }),
    })
    await world.search('find-loan', { holder: 'x' })
    await world.search('find-loan', { holder: 'x' })
    const before = memory.refreshed.length
    version = 'v2'
    const search = await world.search('find-loan', { holder: 'x' })
    expect(memory.refreshed.length).toBe(before + 1)
    expect((await recordOf(search.id)).catalogVersion).toBe('v2')
  })
})

describe('panels', () => {
  it('gives the title block of a record from its first row, in words', async () => {
    await open()
    const search = await world.search('loan-file', { loan_number: 'L-000001' })
    expect(search.record).toEqual({
      kind: 'Loan',
      number: 'L-000001',
      holder: 'Holder 1',
      state: 'Arrears',
      panel: 'loan',
    })
    expect(search.panels.map(({ honours }) => honours)).toEqual([[], ['valid_on']])
  })

  it('are read independently: one that fails leaves the others', async () => {
    await open((statement) =>
      statement.sql.includes('payments')
        ? { fails: 'limit', message: 'It took longer than 2 minutes.' }
        : answering(1)(statement),
    )
    const search = await world.search('loan-file', { loan_number: 'L-000001' })
    expect(search.state).toBe('done')
    expect(search.panels.map(({ state }) => state)).toEqual(['done', 'failed'])
    expect(search.panels[1]?.problem).toMatchObject({ status: 422, detail: 'It took longer than 2 minutes.' })
    const page = await world.get(`/api/searches/${search.id}/panels/payments`)
    expect(page.status).toBe(422)
  })

  it.each([
    ['user', 422],
    ['limit', 422],
    ['changed', 503],
    ['system', 503],
  ] as const)('that fail by %s answer %i', async (kind, status) => {
    await open(() => ({ fails: kind, message: 'Told by the engine.' }))
    const search = await world.search('find-loan', { holder: 'Müller' })
    expect(search.state).toBe('failed')
    expect((await world.get(`/api/searches/${search.id}/panels/loans`)).status).toBe(status)
  })

  it('fail alone when the engine throws, and the log has no message that may quote a record', async () => {
    await open((statement) =>
      statement.sql.includes('payments')
        ? { throws: new Error('could not cast "Secret Name"') }
        : answering(1)(statement),
    )
    const search = await world.search('loan-file', { loan_number: 'L-000001' })
    expect(search.panels.map(({ state }) => state)).toEqual(['done', 'failed'])
    const incident = search.panels[1]?.problem?.instance ?? 'none'
    expect(world.lines.some((line) => line.includes(incident))).toBe(true)
    expect(world.lines.join('')).not.toContain('Secret Name')
  })

  it('fail with the author as addressee when the query does not give what it declares', async () => {
    await open(() => ({ columns: [{ name: 'holder', type: 'varchar' }], rows: [['x']] }))
    const search = await world.search('find-loan', { holder: 'x' })
    expect(search.panels[0]?.problem?.type).toBe('urn:muniment:problem:template-fault')
  })

  it('still running are told by 409 until they have ended', async () => {
    await open(() => 'never')
    const begun = (await (await world.ask('POST', '/api/searches', asked)).json()) as Search
    const early = await world.get(`/api/searches/${begun.id}/panels/loans`)
    expect(early.status).toBe(409)
    expect(early.headers.get('retry-after')).toBe('1')
    await world.ask('DELETE', `/api/searches/${begun.id}`)
  })
})

describe('cancelling', () => {
  it('stops the engine and is recorded', async () => {
    await open(() => 'never')
    const begun = (await (await world.ask('POST', '/api/searches', asked)).json()) as Search
    const response = await world.ask('DELETE', `/api/searches/${begun.id}`)
    expect(response.status).toBe(200)
    expect((await response.json()) as Search).toMatchObject({ state: 'cancelled' })
    expect((await recordOf(begun.id)).state).toBe('cancelled')
    expect((await world.get(`/api/searches/${begun.id}/panels/loans`)).status).toBe(409)
  })

  it('changes nothing about a search that has ended', async () => {
    await open()
    const search = await world.search('find-loan', { holder: 'x' })
    const again = await world.ask('DELETE', `/api/searches/${search.id}`)
    expect((await again.json()) as Search).toEqual(search)
  })
})

describe('another process', () => {
  it('follows a search that this one began, from its record', async () => {
    let answer: Answer = 'never'
    const memory = await open(() => answer)
    const begun = (await (await world.ask('POST', '/api/searches', asked)).json()) as Search
    const other = await openWorld({ engine: memory.engine, folder: world.root })
    const cancelled = (await (await other.ask('DELETE', `/api/searches/${begun.id}`)).json()) as Search
    expect(cancelled.state).toBe('cancelled')
    await Promise.all([world.settled(), other.settled()])
    expect((await recordOf(begun.id)).state).toBe('cancelled')
    answer = { columns: [], rows: [] }
  })

  it('shows a panel that the first one has told is done, though it has yet to learn so itself', async () => {
    let over = false
    const memory = memoryEngine(answering(3))
    const engine = {
      ...memory.engine,
      wait: async (id: string, ms: number): Promise<Execution> => {
        if (over) return memory.engine.wait(id, ms)
        await sleep(Math.min(ms, 50))
        return { ...(await memory.engine.status(id)), state: 'RUNNING' }
      },
    }
    world = await openWorld({ engine })
    const begun = (await (await world.ask('POST', '/api/searches', asked)).json()) as Search
    const other = await openWorld({ engine, folder: world.root })
    const shown = other.get(`/api/searches/${begun.id}/panels/loans`)
    await sleep(300)
    over = true
    expect((await shown).status).toBe(200)
    await Promise.all([world.settled(), other.settled()])
  })

  it('closes a search whose execution nobody knows any more, with the advice to run it again', async () => {
    const memory = await open(() => 'never')
    const begun = (await (await world.ask('POST', '/api/searches', asked)).json()) as Search
    memory.forget()
    const other = await openWorld({ engine: memoryEngine(() => 'never').engine, folder: world.root })
    const search = (await (await other.get(`/api/searches/${begun.id}`, { prefer: 'wait=5' })).json()) as Search
    expect(search.state).toBe('failed')
    expect(search.panels[0]?.problem?.detail).toContain('Run the search again')
    await Promise.all([world.settled(), other.settled()])
  })
})

describe('persons', () => {
  it('cannot tell a search of somebody else from one that never was', async () => {
    await open()
    const hers = await world.search('find-loan', { holder: 'x' }, { 'x-person': 'ada' })
    const never = `${hers.id.slice(0, -4)}0000`
    for (const path of ['', '/panels/loans']) {
      const foreign = await world.get(`/api/searches/${hers.id}${path}`, { 'x-person': 'bob' })
      const unknown = await world.get(`/api/searches/${never}${path}`, { 'x-person': 'bob' })
      expect(foreign.status).toBe(404)
      expect(await foreign.text()).toBe(await unknown.text())
    }
    const cancelled = await world.ask('DELETE', `/api/searches/${hers.id}`, undefined, { 'x-person': 'bob' })
    expect(cancelled.status).toBe(404)
    const exported = await world.ask(
      'POST',
      `/api/searches/${hers.id}/exports`,
      { panel: 'loans', format: 'csv' },
      { 'x-person': 'bob' },
    )
    expect(exported.status).toBe(404)
  })

  it('see their own history only, newest first and page by page', async () => {
    await open()
    const hers: string[] = []
    for (let index = 0; index < 5; index += 1) {
      hers.unshift((await world.search('find-loan', { holder: `${index}` }, { 'x-person': 'ada' })).id)
      await world.search('find-loan', { holder: 'his' }, { 'x-person': 'bob' })
    }
    const seen: string[] = []
    let next: string | undefined
    do {
      const path: string = `/api/searches?limit=2${next ? `&before=${next}` : ''}`
      const page = (await (await world.get(path)).json()) as SearchList
      seen.push(...page.searches.map(({ id }) => id))
      next = page.next
    } while (next)
    expect(seen).toEqual(hers)
  })

  it('with an id of the far future as "before" get an answer at once', async () => {
    await open()
    await world.search('find-loan', { holder: 'x' })
    const page = await world.get('/api/searches?before=ffffffff-ffff-7fff-bfff-ffffffffffff')
    expect(((await page.json()) as SearchList).searches).toHaveLength(1)
  })
})
