import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { answering } from './support/loans.ts'
import { memoryEngine } from './support/memory-engine.ts'
import { openWorld, problemOf, type World } from './support/world.ts'

const asked = {
  application: 'lending',
  useCase: 'find-loan',
  inputs: { holder: 'x' },
  purpose: { reason: 'customer-enquiry', note: 'asked by the holder' },
}
const hosts = new Set(['localhost:8080', '127.0.0.1:8080', '[::1]:8080'])
const ours = { host: 'localhost:8080' }

describe('every answer', () => {
  let world: World
  const memory = memoryEngine(answering(3))
  beforeAll(async () => {
    world = await openWorld({ engine: memory.engine, hosts: () => hosts })
  })
  afterAll(() => world.close())

  const post = (body: unknown, headers: Record<string, string> = {}) =>
    world.ask('POST', '/api/searches', body, { ...ours, ...headers })

  it.each(['/api/health', '/api/me', '/api/nothing', '/api/searches/x', '/', '/api/openapi.json'])(
    'of %s forbids scripts, styles and frames of others, and is kept by no cache',
    async (path) => {
      const { headers } = await world.get(path, ours)
      const policy = headers.get('content-security-policy') ?? ''
      expect(policy).toContain("default-src 'none'")
      expect(policy).toContain("require-trusted-types-for 'script'")
      expect(policy).not.toContain('unsafe')
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('referrer-policy')).toBe('no-referrer')
      expect(headers.get('cross-origin-opener-policy')).toBe('same-origin')
      expect(headers.get('cache-control')).toBe('no-store')
    },
  )

  describe('to an attack', () => {
    it.each(['evil.example', 'localhost:9999', 'localhost.evil.example:8080', ''])(
      'by DNS rebinding (Host: %j) is a refusal',
      async (host) => {
        const response = await world.get('/api/me', { host })
        expect(response.status).toBe(421)
        expect(await response.text()).not.toContain('Person')
      },
    )

    it.each(['http://evil.example', 'null', 'http://localhost:3000', 'not an origin'])(
      'by cross-site request forgery (Origin: %s) is a refusal',
      async (origin) => {
        const before = memory.started.length
        expect((await post(asked, { origin })).status).toBe(403)
        expect(memory.started.length).toBe(before)
      },
    )

    it.each(['cross-site', 'same-site'])(
      'by a page of another site (Sec-Fetch-Site: %s) is a refusal',
      async (site) => {
        expect((await world.get('/api/searches', { ...ours, 'sec-fetch-site': site })).status).toBe(403)
        expect((await post(asked, { 'sec-fetch-site': site })).status).toBe(403)
      },
    )

    it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])(
      'by a form of another site (%s) is 415',
      async (type) => {
        expect((await post(JSON.stringify(asked), { 'content-type': type })).status).toBe(415)
      },
    )

    it('by an oversized body is 413, with and without its length being told', async () => {
      const inputs = { holder: 'x'.repeat(300 * 1024) }
      const told = await post({ ...asked, inputs }, { 'content-length': String(300 * 1024 + 100) })
      expect(told.status).toBe(413)
      const untold = await world.app.request('/api/searches', {
        method: 'POST',
        headers: { ...ours, 'content-type': 'application/json' },
        body: new Blob([JSON.stringify({ ...asked, inputs })]).stream(),
        duplex: 'half',
      } as RequestInit)
      expect(untold.status).toBe(413)
      expect((await problemOf(untold)).detail).toContain('256 KB')
    })

    it.each(['../../../etc/passwd', '..%2f..%2fetc%2fpasswd', 'con\u0000', '%00', "' OR 1=1 --"])(
      'by path traversal in an id (%s) never reaches the store',
      async (id) => {
        for (const path of [`/api/searches/${encodeURIComponent(id)}`, `/api/exports/${encodeURIComponent(id)}/file`]) {
          const response = await world.get(path, ours)
          expect([400, 404]).toContain(response.status)
        }
      },
    )

    it.each(['__proto__', 'constructor', 'toString', '../lending', 'LENDING', ''])(
      'by an application named %j is not found',
      async (application) => {
        expect((await post({ ...asked, application })).status).toBe(404)
        const path = `/api/applications/${encodeURIComponent(application)}/model`
        expect((await world.get(path, ours)).status).toBe(404)
      },
    )

    it.each(['__proto__', 'constructor', 'toString'])('by an input named %s is refused with its name', async (name) => {
      const body = `{"application":"lending","useCase":"find-loan","purpose":{"request":"R-1"},"inputs":{"holder":"x","${name}":"y"}}`
      const response = await post(body)
      expect(response.status).toBe(400)
      expect((await problemOf(response)).fields?.[name]).toContain(name)
      expect(({} as Record<string, unknown>).y).toBeUndefined()
    })
  })

  describe('to a mistake', () => {
    it.each([
      ['a missing input', { ...asked, useCase: 'loan-file', inputs: {} }, 'loan_number', 'Loan number is needed'],
      [
        'a broken pattern',
        { ...asked, useCase: 'loan-file', inputs: { loan_number: '42' } },
        'loan_number',
        'looks like L-000042',
      ],
      ['an unknown input', { ...asked, inputs: { holdr: 'x' } }, 'holdr', 'Did you mean holder?'],
      ['none of several', { ...asked, inputs: {} }, 'holder', 'Give at least one of'],
      ['a code off the list', { ...asked, inputs: { state: ['B'] } }, 'state', 'must be one of its choices'],
      ['a day that is none', { ...asked, inputs: { opened_from: '2001-02-30' } }, 'opened_from', 'Opened from'],
      ['an unknown reason', { ...asked, purpose: { reason: 'curiosity' } }, 'purpose', 'no reason of the list'],
    ])('(%s) is 400 and says it beside the field', async (_, body, field, sentence) => {
      const response = await post(body)
      expect(response.status).toBe(400)
      expect(response.headers.get('content-type')).toBe('application/problem+json')
      const problem = await problemOf(response)
      expect(problem.fields?.[field]).toContain(sentence)
      expect(problem).toMatchObject({ status: 400, type: 'urn:muniment:problem:invalid-input' })
    })

    it.each([
      ['JSON that ends too early', '{"application":'],
      ['no body', ''],
      ['a list', '[]'],
      ['no purpose', { application: 'lending', useCase: 'find-loan', inputs: {} }],
      ['an empty purpose', { ...asked, purpose: '' }],
      ['inputs that are numbers', { ...asked, inputs: { holder: 7 } }],
    ])('(%s) is 400', async (_, body) => {
      const response = await post(body)
      expect(response.status).toBe(400)
      expect((await problemOf(response)).detail.length).toBeGreaterThan(10)
    })

    const exported = '/api/searches/019ab3c4-5d6e-7f80-9a1b-2c3d4e5f6071/exports'
    it.each<[string, string, unknown, Record<string, string>]>([
      [
        'nothing',
        '/api/searches',
        {},
        { application: 'application is missing.', purpose: 'purpose is missing. Say what' },
      ],
      ['no purpose', '/api/searches', { ...asked, purpose: undefined }, { purpose: 'purpose is missing. Say what' }],
      ['an empty purpose', '/api/searches', { ...asked, purpose: ' ' }, { purpose: 'purpose is empty. Say what' }],
      [
        'a long purpose',
        '/api/searches',
        { ...asked, purpose: 'x'.repeat(501) },
        { purpose: 'at most 500 characters' },
      ],
      ['a number as purpose', '/api/searches', { ...asked, purpose: 7 }, { purpose: 'purpose cannot be a number' }],
      ['no reason in it', '/api/searches', { ...asked, purpose: { request: '' } }, { 'purpose.request': 'is empty' }],
      [
        'more than a request',
        '/api/searches',
        { ...asked, purpose: { request: 'R', nte: 'x' } },
        { 'purpose.nte': 'There is no property nte in purpose' },
      ],
      [
        'a number as application',
        '/api/searches',
        { ...asked, application: 7 },
        { application: 'application is a text; a number was sent.' },
      ],
      [
        'no inputs',
        '/api/searches',
        { ...asked, inputs: undefined },
        { inputs: 'inputs is missing. They are written' },
      ],
      [
        'a text as inputs',
        '/api/searches',
        { ...asked, inputs: 'x' },
        { inputs: 'inputs is an object; a text was sent.' },
      ],
      [
        'an object as an input',
        '/api/searches',
        { ...asked, inputs: { holder: {} } },
        { 'inputs.holder': 'The input holder is a text, or a list of texts; an object was sent.' },
      ],
      [
        'null as an input',
        '/api/searches',
        { ...asked, inputs: { holder: null } },
        { 'inputs.holder': 'null was sent' },
      ],
      [
        'a number in a list',
        '/api/searches',
        { ...asked, inputs: { state: ['A', 7] } },
        { 'inputs.state': 'The input state' },
      ],
      [
        'an unknown property',
        '/api/searches',
        { ...asked, purpse: 'x' },
        { purpse: 'There is no property purpse: take it out' },
      ],
      ['a list', '/api/searches', [], { body: 'body is an object; a list was sent.' }],
      [
        'an unknown format',
        exported,
        { panel: 'loans', format: 'xslx' },
        { format: 'format is one of csv, xlsx, json, parquet; what was sent is none of them. Did you mean xlsx?' },
      ],
      ['no format', exported, { panel: 'loans' }, { format: 'format is missing.' }],
      [
        'more than a panel',
        exported,
        { panel: 'loans', format: 'csv', sorted: 'x' },
        { sorted: 'There is no property sorted' },
      ],
    ])('(%s at %s) is 400 in words of our own', async (_, path, body, fields) => {
      const response = await world.ask('POST', path, body, ours)
      expect(response.status).toBe(400)
      const problem = await problemOf(response)
      for (const [name, sentence] of Object.entries(fields)) expect(problem.fields?.[name]).toContain(sentence)
      expect(problem.detail).not.toMatch(/Invalid|expected|Too small|received|undefined/)
    })

    it('(an unknown use case) is 404 with a sentence', async () => {
      const response = await post({ ...asked, useCase: 'find-laon' })
      expect(response.status).toBe(404)
      expect((await problemOf(response)).detail).toContain('no use case of this name in Lending')
    })

    it('(an unknown search) is 404, a malformed id 400 that shows what one looks like', async () => {
      expect((await world.get('/api/searches/019ab3c4-5d6e-7f80-9a1b-2c3d4e5f6071', ours)).status).toBe(404)
      const malformed = await world.get('/api/searches/17', ours)
      expect(malformed.status).toBe(400)
      expect((await problemOf(malformed)).detail).toContain('019ab3c4-5d6e-7f80-9a1b-2c3d4e5f6071')
    })

    it.each([
      ['PUT', '/api/searches', 'GET, HEAD, POST'],
      ['POST', '/api/me', 'GET, HEAD'],
      ['DELETE', '/api/applications', 'GET, HEAD'],
      ['PATCH', '/api/searches/019ab3c4-5d6e-7f80-9a1b-2c3d4e5f6071', 'GET, HEAD, DELETE'],
      ['POST', '/api/health', 'GET, HEAD'],
    ])('(%s %s) is 405 and names what is allowed', async (method, path, allow) => {
      const response = await world.ask(method, path, undefined, ours)
      expect(response.status).toBe(405)
      expect(response.headers.get('allow')).toBe(allow)
      expect((await problemOf(response)).detail).toContain(allow)
    })

    it('(asking for what an address does not give) is 406', async () => {
      const search = await world.search('find-loan', { holder: 'x' }, ours)
      const path = `/api/searches/${search.id}`
      expect((await world.get(path, { ...ours, accept: 'text/html' })).status).toBe(406)
      expect((await world.get(`${path}/panels/loans`, { ...ours, accept: 'application/json' })).status).toBe(406)
      expect((await world.get(path, { ...ours, accept: 'text/html, application/json;q=0' })).status).toBe(406)
      expect((await world.get(path, { ...ours, accept: 'text/html, */*;q=0.1' })).status).toBe(200)
    })

    it('(nobody signed in) is 401', async () => {
      expect((await world.get('/api/searches', { ...ours, 'x-person': 'nobody' })).status).toBe(401)
      expect((await world.get('/api/health', { ...ours, 'x-person': 'nobody' })).status).toBe(200)
    })
  })

  it('to an application of which nothing was loaded says what the archivist does', async () => {
    const empty = await openWorld({ engine: memory.engine, snapshot: () => undefined })
    const response = await empty.ask('POST', '/api/searches', asked)
    expect(response.status).toBe(409)
    expect((await problemOf(response)).detail).toContain('muniment ingest')
    await empty.close()
  })

  it('leaves no trace of what was typed or found in the log', async () => {
    await world.search('find-loan', { holder: 'Unmistakable Person' }, ours)
    await post({ ...asked, inputs: { opened_from: 'Unmistakable Person' } })
    const log = world.lines.join('')
    expect(log).toContain('"route":"/api/searches"')
    expect(log).not.toContain('Unmistakable')
    expect(log).not.toContain('Holder 1')
  })
})
