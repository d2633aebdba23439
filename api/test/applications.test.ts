import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { tablesIn } from '@muniment/query-templates/sql/tables-of'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ApplicationSummary, ModelDescription, UseCaseDescription } from '../src/contract.ts'
import { answering } from './support/loans.ts'
import { memoryEngine } from './support/memory-engine.ts'
import { openWorld, type World } from './support/world.ts'

describe('applications', () => {
  let world: World
  beforeAll(async () => {
    world = await openWorld({ engine: memoryEngine(answering(3)).engine })
  })
  afterAll(() => world.close())

  it('are listed with what is in the archive of them', async () => {
    const list = (await (await world.get('/api/applications')).json()) as ApplicationSummary[]
    expect(list).toMatchObject([{ name: 'lending', title: 'Lending', useCases: 2, rows: 14, retired: '2019-12-31' }])
  })

  it('describe use cases with resolved parameters, options, examples and tables', async () => {
    const list = (await (await world.get('/api/applications/lending/use-cases')).json()) as UseCaseDescription[]
    const find = list.find(({ name }) => name === 'find-loan')
    expect(find).toMatchObject({
      requireOneOf: [['holder', 'state', 'opened_from']],
      tables: ['loans'],
      examples: [{ title: 'By state', inputs: { state: ['A'] } }],
    })
    expect(find?.parameters.find(({ name }) => name === 'state')).toMatchObject({
      list: true,
      options: [
        { value: 'A', label: 'Running' },
        { value: 'Z', label: 'Arrears' },
        { value: 'X', label: 'Repaid' },
      ],
      example: 'A',
    })
    const file = list.find(({ name }) => name === 'loan-file')
    expect(file?.parameters.map(({ name }) => name)).toEqual(['loan_number', 'valid_on'])
    expect(file?.tables).toEqual(['loans', 'payments'])
  })

  it('describe their model with rows, keys and the use cases that read a table', async () => {
    const model = (await (await world.get('/api/applications/lending/model')).json()) as ModelDescription
    expect(model.tables.find(({ name }) => name === 'payments')).toMatchObject({
      rows: 7,
      primaryKey: ['loan_number', 'paid_on'],
      foreignKeys: [{ columns: ['loan_number'], table: 'loans', to: ['loan_number'] }],
      useCases: ['loan-file'],
    })
    expect(model.codeLists.loan_state?.values[1]).toEqual({ code: 'Z', label: 'Arrears' })
  })

  it('show a new use case without a restart', async () => {
    const useCase = {
      title: 'Another',
      description: 'New.',
      domain: 'loans',
      kind: 'report',
      panels: [{ name: 'p', query: 'loans-found', title: 'P' }],
    }
    await writeFile(join(world.templates, 'lending', 'use-cases', 'another.json'), JSON.stringify(useCase))
    const list = (await (await world.get('/api/applications/lending/use-cases')).json()) as UseCaseDescription[]
    expect(list.map(({ name }) => name)).toContain('another')
  })

  it('with a fault in their templates are listed with a sentence, and the old version serves', async () => {
    await writeFile(join(world.templates, 'lending', 'use-cases', 'broken.json'), '{')
    const list = (await (await world.get('/api/applications')).json()) as ApplicationSummary[]
    expect(list[0]?.problem).toContain('broken.json')
    expect((await world.search('find-loan', { holder: 'x' })).state).toBe('done')
  })
})

describe('the tables of a query', () => {
  it.each([
    [
      'SELECT * FROM a, b AS x, (SELECT 1 FROM c) y JOIN d ON d.e = x.f WHERE g IN (SELECT h FROM i)',
      ['a', 'b', 'c', 'd', 'i'],
    ],
    ['SELECT \'FROM z\' FROM a -- FROM y\n/* JOIN x */ LEFT JOIN "b" ON true', ['a', 'b']],
    ['WITH w AS (SELECT 1 FROM a) SELECT (w.x, b) FROM w GROUP BY q, r ORDER BY s, t', ['a']],
    ['SELECT 1 FROM a UNION ALL SELECT 2 FROM b', ['a', 'b']],
  ])('%s', (sql, names) => {
    expect([...tablesIn(sql)].sort()).toEqual(names)
  })

  it('counts a known table also where WITH gives its name to something read from it', () => {
    const sql = 'WITH a AS (SELECT 1 FROM a), b AS (SELECT 2 FROM c) SELECT 1 FROM a, b'
    expect([...tablesIn(sql, new Set(['a']))].sort()).toEqual(['a', 'c'])
  })
})

describe('the web application', () => {
  let world: World
  let root: string
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'muniment-web-'))
    await mkdir(join(root, 'dist', 'assets'), { recursive: true })
    await writeFile(join(root, 'secret.txt'), 'secret')
    await writeFile(join(root, 'dist', 'index.html'), '<!doctype html><title>Muniment</title>')
    await writeFile(join(root, 'dist', 'assets', 'a-1.js'), `// ${'x'.repeat(5_000)}`)
    await symlink(join(root, 'secret.txt'), join(root, 'dist', 'link.txt'))
    world = await openWorld({ engine: memoryEngine(answering(3)).engine, webRoot: join(root, 'dist') })
  })
  afterAll(async () => {
    await world.close()
    await rm(root, { recursive: true })
  })

  it('is served packed, its hashed assets to be kept for ever', async () => {
    const response = await world.get('/assets/a-1.js', { 'accept-encoding': 'gzip' })
    expect(response.headers.get('content-type')).toMatch(/^text\/javascript/)
    expect(response.headers.get('content-encoding')).toBe('gzip')
    expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
    expect(gunzipSync(Buffer.from(await response.arrayBuffer())).length).toBe(5_003)
  })

  it('answers addresses of its own router with its page, which no browser keeps', async () => {
    for (const path of ['/', '/searches/019ab3c4-5d6e-7f80-9a1b-2c3d4e5f6071']) {
      const response = await world.get(path)
      expect(await response.text()).toContain('<title>Muniment</title>')
      expect(response.headers.get('cache-control')).toBe('no-store')
      expect(response.headers.get('content-security-policy')).toContain("script-src 'self'")
    }
  })

  it('answers 304 to who has it already', async () => {
    const etag = (await world.get('/')).headers.get('etag') ?? ''
    expect((await world.get('/', { 'if-none-match': etag })).status).toBe(304)
  })

  it.each([
    '/../secret.txt',
    '/..%2fsecret.txt',
    '/%2e%2e/secret.txt',
    '/link.txt',
    '/assets/missing.js',
    '/assets/',
    '/assets',
    '/assets/folder/',
    '/assets/..%5c..%5csecret.txt',
  ])('gives nothing outside its folder away (%s)', async (path) => {
    const response = await world.get(path)
    expect(response.status).toBe(404)
    expect(await response.text()).not.toContain('secret\n')
  })

  it('is not the answer to an unknown address of the API', async () => {
    expect((await world.get('/api/unknown')).status).toBe(404)
  })
})
