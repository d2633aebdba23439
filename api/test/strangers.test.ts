import { createServer, request as httpRequest } from 'node:http'
import type { AddressInfo } from 'node:net'
import { OperatorError } from '@muniment/archive/errors'
import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { createAddressLimit } from '../src/shared/address-limit.ts'
import { clientAddress } from '../src/shared/client-address.ts'
import { answering } from './support/loans.ts'
import { logged } from './support/logged.ts'
import { memoryEngine } from './support/memory-engine.ts'
import { openWorld, problemOf, type World } from './support/world.ts'

let world: World | undefined
afterEach(async () => {
  await world?.close()
  world = undefined
})

const asked = (remoteAddress: string, forwarded?: string) =>
  ({
    socket: { remoteAddress },
    headers: { ...(forwarded !== undefined && { 'x-forwarded-for': forwarded }) },
  }) as never

describe('where a request comes from', () => {
  it.each([
    ['nobody is trusted', [], '10.0.0.1', '192.0.2.7', '10.0.0.1'],
    ['the caller is no trusted proxy', ['10.0.0.1'], '192.0.2.9', '198.51.100.1', '192.0.2.9'],
    ['a trusted proxy says it', ['10.0.0.1'], '10.0.0.1', '192.0.2.7', '192.0.2.7'],
    ['the caller wrote more in front of it', ['10.0.0.1'], '10.0.0.1', '203.0.113.5, 192.0.2.7', '192.0.2.7'],
    ['two trusted proxies are in a row', ['10.0.0.0/8'], '10.0.0.1', '203.0.113.5, 192.0.2.7, 10.9.9.9', '192.0.2.7'],
    ['a socket for both kinds tells IPv4', ['10.0.0.0/8'], '::ffff:10.0.0.1', '192.0.2.7:4711', '192.0.2.7'],
    ['it is IPv6 with a port', ['::1'], '::1', '[2001:db8::7]:443', '2001:db8::7'],
    ['the header is no address', ['10.0.0.1'], '10.0.0.1', 'unknown', '10.0.0.1'],
    ['there is no header', ['10.0.0.1'], '10.0.0.1', undefined, '10.0.0.1'],
  ])('where %s', (_where, trusted, remote, forwarded, address) => {
    expect(clientAddress(trusted)(asked(remote, forwarded))).toBe(address)
  })

  it.each(['proxy', '10.0.0.0/33', '10.0.0.0/8/1', '10.0.0.0/', ''])('is not told by "%s"', (text) => {
    expect(() => clientAddress([text])).toThrow(OperatorError)
  })

  it('is never what the caller made up, whatever that is', () => {
    const trusted = clientAddress(['10.0.0.1'])
    fc.assert(
      fc.property(fc.string(), fc.ipV4(), (made, real) => {
        fc.pre(real !== '10.0.0.1')
        expect(trusted(asked('10.0.0.1', `${made}, ${real}`))).toBe(real)
        expect(trusted(asked(real, made))).toBe(real)
      }),
    )
  })
})

describe('a limit by address', () => {
  it('of one who changes within an IPv6 network is one, and of IPv4 told either way too', () => {
    const limit = createAddressLimit({ clock: () => new Date(0), most: 2 })
    expect([limit.take('2001:db8:0:1::1'), limit.take('2001:0db8::1:ffff:0:0:7')]).toEqual([undefined, undefined])
    expect([limit.take('2001:db8:0:1:2:3:4:5'), limit.take('2001:db8:0:2::1')]).toEqual([60, undefined])
    expect([limit.take('192.0.2.1'), limit.take('::ffff:192.0.2.1'), limit.take('192.0.2.1')].at(-1)).toBe(60)
  })

  it('of very many addresses does not fill the memory, and holds all of them', () => {
    const limit = createAddressLimit({ clock: () => new Date(0), most: 5, remembered: 100 })
    const waits = Array.from({ length: 300 }, (_, at) => limit.take(`192.0.${Math.floor(at / 200)}.${at % 200}`))
    expect(waits.filter((wait) => wait === undefined)).toHaveLength(105)
  })
})

const open = async (most: number) => {
  let identified = 0
  const limit = createAddressLimit({ clock: () => new Date(), most })
  world = await openWorld({
    engine: memoryEngine(answering(3)).engine,
    visitors: { limit, addressOf: (c) => c.req.header('x-address') },
    identity: {
      authenticate: async (request) => {
        identified++
        const [, id] = /^Bearer good-(.*)$/.exec(request.headers.get('authorization') ?? '') ?? []
        return id === undefined ? undefined : { id, name: id, groups: [] }
      },
    },
  })
  const me = (address: string, token?: string) =>
    (world as World).get('/api/me', { 'x-address': address, ...(token && { authorization: `Bearer ${token}` }) })
  return { me, identified: () => identified }
}

describe('a flood from one address', () => {
  it.each([
    ['of bad tokens', (at: number) => `bad-${at}`],
    ['without a token', () => undefined],
  ])('%s is refused before any token is looked at, and other addresses are not', async (_of, token) => {
    const { me, identified } = await open(5)
    for (let at = 0; at < 5; at++) expect((await me('192.0.2.1', token(at))).status).toBe(401)
    const refused = await me('192.0.2.1', token(6))
    expect(refused.status).toBe(429)
    expect((await problemOf(refused)).type).toBe('urn:muniment:problem:too-many-requests')
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(identified()).toBe(5)
    expect((await me('192.0.2.2')).status).toBe(401)
    await world?.lastWords()
    const [sum] = await logged((world as World).store, 'refusal')
    expect(sum?.closings[0]?.detail).toMatchObject({ tooMany: 1, total: 7 })
  })

  it('leaves those go on who were signed in from there, and does not count what they do', async () => {
    const { me } = await open(5)
    for (let at = 0; at < 20; at++) expect((await me('192.0.2.1', 'good-ada')).status).toBe(200)
    for (let at = 0; at < 5; at++) await me('192.0.2.1', 'bad')
    expect((await me('192.0.2.1', 'bad')).status).toBe(429)
    expect((await me('192.0.2.1', 'good-ada')).status).toBe(200)
    expect((await me('192.0.2.2', 'good-bob')).status).toBe(200)
  })

  it('all at once does not get more than the limit looked at', async () => {
    const { me, identified } = await open(5)
    const answers = await Promise.all(Array.from({ length: 40 }, (_, at) => me('192.0.2.1', `bad-${at}`)))
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(5)
    expect(identified()).toBe(5)
  })
})

it('A connection’s own other end is what is counted', async () => {
  const server = createServer((request, response) => response.end(clientAddress()(request)))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const said = await new Promise<string>((resolve) => {
    const headers = { 'X-Forwarded-For': '192.0.2.7' }
    httpRequest({ port, host: '127.0.0.1', headers }, (response) => {
      response.setEncoding('utf8').on('data', (text: string) => resolve(text))
    }).end()
  })
  server.close()
  expect(said).toBe('127.0.0.1')
})
