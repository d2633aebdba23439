import { rightsBy } from '@muniment/archive/access/rights'
import { afterEach, expect, it } from 'vitest'
import { loanResult, loans } from '../support/loans.ts'
import type { Answer } from '../support/memory-engine.ts'
import { memoryEngine } from '../support/memory-engine.ts'
import { everything, openWorld, type World } from '../support/world.ts'

const canary = 'Kanarienvogel'
let world: World
afterEach(() => world.close())

it('a person’s data, and what was typed, is in no line of the log, no entry of the audit log, no key, header or address', async () => {
  const found = loans(3).map((row) => [row[0] ?? null, `Jane ${canary}`, ...row.slice(2)])
  let failing: Answer | undefined
  const { engine } = memoryEngine(() => failing ?? { columns: loanResult, rows: found })
  const rights = rightsBy(
    { ...everything, limits: { 'case-officer': { searchesPerMinute: 5 } } },
    1,
    { groups: ['all'] },
    new Date(),
  )
  world = await openWorld({ engine, rights })
  const headers: string[] = []
  const problems: string[] = []
  const ask = async (method: string, path: string, body?: unknown, more: Record<string, string> = {}) => {
    const answer = await world.ask(method, path, body, { prefer: 'wait=10', ...more })
    headers.push(JSON.stringify([...answer.headers]))
    const text = await answer.text()
    // What a problem says of one's own inputs is said to oneself; of faults, denials and limits it is not.
    if (answer.status >= 400 && answer.status !== 400) problems.push(text)
    return { status: answer.status, text }
  }
  const start = (inputs: object, more: object = {}) =>
    ask('POST', '/api/searches', {
      application: 'lending',
      useCase: 'find-loan',
      inputs,
      purpose: { reason: 'system-test', note: `called by ${canary}` },
      ...more,
    })
  const first = await start({ holder: canary })
  const { id } = JSON.parse(first.text) as { id: string }
  expect(first.text).toContain(canary)
  expect((await ask('GET', `/api/searches/${id}/panels/loans`)).text).toContain(canary)
  const made = await world.exported(id, { panel: 'loans', format: 'csv' })
  await ask('GET', `/api/exports/${made.id}/file`)
  await ask('POST', `/api/searches/${id}/prints`)
  await start({ holder: canary }, { purpose: { request: `DSAR-1-${canary}` } })
  await start({ state: [canary] })
  await start({ holder: canary }, { useCase: canary })
  await start({ holder: canary }, { application: canary })
  await ask('POST', '/api/searches', `{"inputs": "${canary}`)
  await ask('GET', `/api/${canary}?q=${canary}`)
  await ask('GET', `/api/searches/${id}/panels/${canary}`)
  await ask('GET', `/api/searches/${id}/panels/loans?sort=${canary}`)
  await ask('GET', `/api/applications/${canary}/model`, undefined, { 'x-person': 'bob' })
  failing = { fails: 'user', message: `conversion of '${canary}' failed` }
  await start({ holder: canary })
  failing = { throws: new Error(`near "${canary}"`) }
  await start({ holder: canary })
  failing = { fails: 'limit', message: 'too much' }
  await start({ holder: canary })
  expect((await start({ holder: canary })).status).toBe(429)
  await world.settled()
  await world.lastWords()

  const stored: string[] = []
  for (const prefix of ['audit/', 'usage/'])
    for await (const { key } of world.store.list(prefix)) stored.push(`${key} ${(await world.store.get(key))?.body}`)
  const keys: string[] = []
  for await (const { key } of world.store.list('')) keys.push(key)
  expect(stored.length).toBeGreaterThan(10)
  expect(world.lines.length).toBeGreaterThan(10)
  for (const [where, texts] of Object.entries({ stored, keys, lines: world.lines, headers, problems }))
    expect(
      texts.filter((text) => text.includes(canary) || text.includes(encodeURIComponent(canary))),
      where,
    ).toEqual([])
  // The scan would see it where it is allowed to be.
  const record = keys.find((key) => key.startsWith('searches/') && key.includes(id)) ?? ''
  expect((await world.store.get(record))?.body.toString()).toContain(canary)
})
