import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { CLOCK_SKEW_SECONDS, oidcIdentity } from '../../src/identity/oidc-identity.ts'
import { audience, issuer, now, type Signer, seconds, signer, stubProvider } from './tokens.ts'

let first: Signer
let second: Signer
let provider: Awaited<ReturnType<typeof stubProvider>>
let time: Date

beforeAll(async () => {
  first = await signer('one')
  second = await signer('one')
})
beforeEach(async () => {
  time = now
  provider = await stubProvider([first.jwk])
})
afterEach(() => provider.close())

const open = () =>
  oidcIdentity({ issuer, audience, jwksUri: provider.uri, clock: () => time, remote: { freshMs: 1, cooldownMs: 1 } })
const later = (ms: number) => {
  time = new Date(time.getTime() + ms)
}

describe('A token that was verified a moment ago', () => {
  it('still says who is asking, and to each who asks in an object of their own', async () => {
    const identity = open()
    const token = await first.sign()
    const once = await identity.verify(token)
    once?.groups.push('archivists')
    later(1_000)
    expect(await identity.verify(token)).toEqual({ id: 'ada', name: 'Ada', groups: ['claims'] })
  })

  it('proves nothing once it has ended, to the second', async () => {
    const identity = open()
    const token = await first.sign({ exp: seconds + 10 })
    expect(await identity.verify(token)).toBeDefined()
    later((10 + CLOCK_SKEW_SECONDS) * 1_000 - 1)
    const fresh = open()
    expect(await fresh.verify(token)).toBeDefined()
    later(1)
    expect(await fresh.verify(token)).toBeUndefined()
    expect(await identity.verify(token)).toBeUndefined()
  })

  it('lends nothing to another signature under the same words', async () => {
    const identity = open()
    const claims = { jti: 'same' }
    const [ours, theirs] = [await first.sign(claims), await second.sign(claims)]
    expect(theirs.split('.').slice(0, 2)).toEqual(ours.split('.').slice(0, 2))
    expect(await identity.verify(ours)).toBeDefined()
    expect(await identity.verify(theirs)).toBeUndefined()
    expect(await identity.verify(`${ours.slice(0, -2)}AA`)).toBeUndefined()
  })

  it('lends nothing to a server of another audience', async () => {
    const token = await first.sign()
    expect(await open().verify(token)).toBeDefined()
    expect(
      await oidcIdentity({ issuer, audience: 'other', jwksUri: provider.uri, clock: () => time }).verify(token),
    ).toBeUndefined()
  })

  it('is held against the keys again within a minute, so that a key that was withdrawn counts no longer', async () => {
    const identity = open()
    const token = await first.sign({ exp: seconds + 5_000 })
    expect(await identity.verify(token)).toBeDefined()
    provider.state.keys = [second.jwk]
    // Keys are looked at in the background: the first who asks begins it.
    later(59_000)
    await identity.verify(await second.sign())
    let next = 0
    await expect.poll(async () => identity.verify(await first.sign({ jti: `after ${next++}` }))).toBeUndefined()
    expect(await identity.verify(token)).toBeDefined()
    later(1_000)
    expect(await identity.verify(token)).toBeUndefined()
  })

  it('is verified anew where the clock was set back', async () => {
    const identity = open()
    const token = await first.sign({ nbf: seconds, iat: seconds })
    expect(await identity.verify(token)).toBeDefined()
    later(-(CLOCK_SKEW_SECONDS + 1) * 1_000)
    expect(await identity.verify(token)).toBeUndefined()
  })
})
