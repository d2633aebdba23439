import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { oidcIdentity } from '../../src/identity/oidc-identity.ts'
import { audience, issuer, now, type Signer, seconds, signer, stubProvider } from './tokens.ts'

const minuteMs = 60_000
let [first, second]: Signer[] = []
let provider: Awaited<ReturnType<typeof stubProvider>>
let time: Date

beforeAll(async () => {
  first = await signer('first')
  second = await signer('second')
})
beforeEach(async () => {
  time = now
  provider = await stubProvider(first ? [first.jwk] : [])
})
afterEach(() => provider.close())

const open = (remote = {}) => oidcIdentity({ issuer, audience, jwksUri: provider.uri, clock: () => time, remote })
const later = (ms: number) => {
  time = new Date(time.getTime() + ms)
}
const lasting = { exp: seconds + 200_000 }
const token = async (of: Signer | undefined, header = {}) => (await of?.sign(lasting, header)) ?? ''

describe('Keys of a provider', () => {
  it('are asked for once, however many tokens come at once', async () => {
    const identity = open()
    const tokens = await Promise.all(Array.from({ length: 50 }, () => token(first)))
    const people = await Promise.all(tokens.map((one) => identity.verify(one)))
    expect(people.every((person) => person?.id === 'ada')).toBe(true)
    expect(provider.state.asked).toBe(1)
  })

  it('may be rotated: a token by a new key is taken at once, and those by the old one while it is published', async () => {
    const identity = open()
    expect(await identity.verify(await token(first))).toBeDefined()
    later(minuteMs)
    provider.state.keys = [first, second].flatMap((one) => one?.jwk ?? [])
    const both = await Promise.all([identity.verify(await token(second)), identity.verify(await token(second))])
    expect(both.map((person) => person?.id)).toEqual(['ada', 'ada'])
    expect(await identity.verify(await token(first))).toBeDefined()
    expect(provider.state.asked).toBe(2)
  })

  it('that were withdrawn are no longer taken once they were looked at again', async () => {
    const identity = open()
    expect(await identity.verify(await token(first))).toBeDefined()
    provider.state.keys = second ? [second.jwk] : []
    later(11 * minuteMs)
    await identity.verify(await token(first))
    await expect.poll(async () => identity.verify(await token(first))).toBeUndefined()
  })

  it('in a flood of unknown key ids reach the provider once a cooldown', async () => {
    const identity = open()
    await identity.verify(await token(first))
    later(minuteMs)
    for (let at = 0; at < 300; at++)
      expect(await identity.verify(await token(second, { kid: `unknown-${at}` }))).toBeUndefined()
    expect(provider.state.asked).toBe(2)
    expect(await identity.verify(await token(first))).toBeDefined()
    later(minuteMs)
    await Promise.all(
      Array.from({ length: 100 }, async (_, at) => identity.verify(await token(second, { kid: `more-${at}` }))),
    )
    expect(provider.state.asked).toBe(3)
  })

  it('go on being used while the provider is down, but not for more than a day', async () => {
    const identity = open()
    await identity.verify(await token(first))
    provider.state.answer = 'down'
    later(23 * 60 * minuteMs)
    expect(await identity.verify(await token(first))).toBeDefined()
    expect(await identity.verify(await token(second))).toBeUndefined()
    later(2 * 60 * minuteMs)
    await expect(identity.verify(await token(first))).rejects.toMatchObject({ name: 'IdentityUnavailableError' })
  })

  it.each(['down', 'huge', 'silent', 'elsewhere'] as const)(
    'of a provider that is %s from the start are said to be missing, and are had as soon as it answers',
    async (answer) => {
      provider.state.answer = answer
      const identity = open({ timeoutMs: 200 })
      await expect(identity.verify(await token(first))).rejects.toMatchObject({ name: 'IdentityUnavailableError' })
      await expect(identity.verify(await token(first))).rejects.toMatchObject({ name: 'IdentityUnavailableError' })
      expect(provider.state.asked).toBe(1)
      provider.state.answer = 'keys'
      later(minuteMs)
      expect(await identity.verify(await token(first))).toBeDefined()
    },
  )
})
