import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createTemplateLibrary } from '@muniment/query-templates/library'
import { afterEach, expect, it } from 'vitest'
import { noteTemplates } from '../src/upkeep/note-templates.ts'
import { answering } from './support/loans.ts'
import { logged } from './support/logged.ts'
import { memoryEngine } from './support/memory-engine.ts'
import { openWorld, problemOf, type World } from './support/world.ts'

let world: World
afterEach(() => world.close())
const { engine } = memoryEngine(answering(3))

it('a flood of one person is refused before any work, and leaves others alone', async () => {
  world = await openWorld({ engine, limits: { requestsPerMinute: 5 } })
  for (let asked = 0; asked < 5; asked++) expect((await world.get('/api/me')).status).toBe(200)
  const refused = await world.get('/api/me')
  expect(refused.status).toBe(429)
  expect((await problemOf(refused)).type).toBe('urn:muniment:problem:too-many-requests')
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
  expect((await world.get('/api/me', { 'x-person': 'bob' })).status).toBe(200)
  world.setNow(new Date(Date.now() + 61_000))
  expect((await world.get('/api/me')).status).toBe(200)
})

it('browsers are held to TLS where the origin has it, and only there', async () => {
  world = await openWorld({ engine, origin: 'https://archive.example' })
  expect((await world.get('/api/health')).headers.get('strict-transport-security')).toBe('max-age=63072000')
  const plain = await openWorld({ engine })
  expect((await plain.get('/api/health')).headers.get('strict-transport-security')).toBeNull()
  await plain.close()
})

it('nothing that is answered is kept by a cache, nor given to another site', async () => {
  world = await openWorld({ engine })
  const { id } = await world.search('find-loan', { holder: 'x' })
  for (const path of [
    '/api/me',
    '/api/searches',
    `/api/searches/${id}`,
    `/api/searches/${id}/panels/loans`,
    '/api/no',
  ]) {
    const { headers } = await world.get(path, { origin: 'https://elsewhere.example' })
    expect(headers.get('cache-control'), path).toBe('no-store')
    expect(headers.get('access-control-allow-origin'), path).toBeNull()
    expect(headers.get('x-content-type-options'), path).toBe('nosniff')
  }
})

it('a change of templates stands in the log once, whoever sees it', async () => {
  world = await openWorld({ engine })
  const templates = () => createTemplateLibrary(world.templates, { lookEvery: 0 })
  const note = () => noteTemplates({ store: world.store, audit: world.audit, templates: templates() })
  expect([await note(), await note()]).toEqual([1, 0])
  await writeFile(join(world.templates, 'lending/queries/loan/query.sql.njk'), 'SELECT loan_number FROM loans\n')
  expect([await note(), await note()]).toEqual([1, 0])
  const [first, second] = await logged(world.store, 'template-change')
  expect(second?.opening.subject).toMatchObject({ application: 'lending', before: first?.opening.subject?.hash })
  expect(second?.closings.map(({ outcome }) => outcome)).toEqual(['done'])
})
