import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readStatement } from '@muniment/archive/engine/dialect/check'
import { NotFoundError, OperatorError } from '@muniment/archive/errors'
import { openFileStore } from '@muniment/archive/store/file-store'
import { bind } from '@muniment/query-templates/bind'
import { loadTemplates } from '@muniment/query-templates/load'
import { publishTemplates } from '@muniment/query-templates/publish'
import { createPublishedLibrary, currentKey, versionKey } from '@muniment/query-templates/published'
import { afterAll, beforeAll, expect, test } from 'vitest'

const source = new URL('..', import.meta.url).pathname
const made = mkdtempSync(join(tmpdir(), 'muniment-publish-'))
const root = join(made, 'templates')
const store = openFileStore(join(made, 'bucket'))
const library = createPublishedLibrary({ store, work: join(made, 'work'), lookEvery: 0 })
const publish = () =>
  publishTemplates({ store, root, application: 'nycflights', read: readStatement, now: new Date('2026-11-05') })
let first: string

beforeAll(async () => {
  cpSync(join(source, 'nycflights'), join(root, 'nycflights'), { recursive: true })
  first = (await publish()).version
})
afterAll(() => rmSync(made, { recursive: true, force: true }))

test('what was published is what the folder holds, with what each query reads', async () => {
  const [here, there] = [await loadTemplates(root, 'nycflights'), await library.get('nycflights')]
  expect(await library.list()).toEqual(['nycflights'])
  expect(there.hash).toBe(here.hash)
  expect([...there.useCases.keys()]).toEqual([...here.useCases.keys()])
  expect([...(there.readings ?? new Map()).keys()].sort()).toEqual([...here.queries.keys()].sort())
  const query = [...there.queries.values()].find(({ parameters }) => parameters.every(({ required }) => !required))
  if (!query) throw new Error('no query without required inputs')
  expect(bind(there, query, {}).reading?.columns.map(({ name }) => name)).toEqual(query.columns.map(({ name }) => name))
})

test('publishing the same again changes nothing', async () => {
  expect(await publish()).toEqual({ version: first, changed: false })
})

test('another version is in force at once, whole, and the one before can be published again', async () => {
  const file = join(root, 'nycflights', 'application.json')
  const before = readFileSync(file, 'utf8')
  writeFileSync(file, before.replace(/"title": "[^"]*"/, '"title": "Flights, renamed"'))
  const next = await publish()
  expect(next.changed).toBe(true)
  expect((await library.get('nycflights')).application.title).toBe('Flights, renamed')
  writeFileSync(file, before)
  expect(await publish()).toEqual({ version: first, changed: true })
  expect((await library.get('nycflights')).application.title).not.toBe('Flights, renamed')
})

test('a version that cannot be read leaves the one before in force, and says so', async () => {
  const good = await library.get('nycflights')
  const current = await store.get(currentKey('nycflights'))
  if (!current) throw new Error('nothing is in force')
  const broken = await store.replace(currentKey('nycflights'), JSON.stringify({ version: 'none' }), current.etag)
  const held = await library.get('nycflights')
  expect(held.hash).toBe(good.hash)
  expect(held.problem).toMatch(/newer version/)
  await store.replace(currentKey('nycflights'), current.body, broken.etag)
  expect((await library.get('nycflights')).problem).toBeUndefined()
})

test.each([
  ['that name a file outside their folder', { files: { '../../escaped.json': '{}' } }, /outside/],
  ['whose files are not what was hashed', { hash: 'another' }, /another version of this program/],
])('templates %s are not opened', async (_what, change, message) => {
  const object = await store.get(versionKey('nycflights', first))
  const elsewhere = openFileStore(mkdtempSync(join(made, 'other-')))
  const published = { ...JSON.parse(object?.body.toString() ?? ''), ...change }
  await elsewhere.create(versionKey('nycflights', 'v'), JSON.stringify(published))
  await elsewhere.create(currentKey('nycflights'), JSON.stringify({ version: 'v' }))
  const opened = createPublishedLibrary({ store: elsewhere, work: mkdtempSync(join(made, 'work-')) })
  await expect(opened.get('nycflights')).rejects.toThrow(OperatorError)
  await expect(opened.get('nycflights')).rejects.toThrow(message)
})

test('an application that nobody published is not there', async () => {
  await expect(library.get('nothing')).rejects.toThrow(NotFoundError)
})
