import type { TokenIdentity } from '@muniment/archive/identity/oidc-identity'
import type { Person } from '@muniment/archive/identity/port'
import { SignJWT } from 'jose'
import { expect, it } from 'vitest'
import type { SignInEvent } from '../../src/sign-in/events.ts'
import { firstOfSession } from '../../src/sign-in/first-of-session.ts'
import { signInLog } from '../../src/sign-in/sign-in-log.ts'
import { tokenLogged } from '../../src/sign-in/token-logged.ts'

const ada: Person = { id: 'ada', name: 'Ada', groups: ['claims'] }
const issuer = 'https://login.example'
const tokens: TokenIdentity = {
  verify: async (token) => (token === 'bad' ? undefined : ada),
  authenticate: async () => ada,
}
const token = (claims: Record<string, unknown>) =>
  new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(new Uint8Array(32))
const request = (text: string) => new Request('http://x', { headers: { authorization: `Bearer ${text}` } })

function watched(fails = () => false) {
  const events: SignInEvent[] = []
  const identity = firstOfSession(tokens, issuer, async (event) => {
    if (fails()) throw new Error('the log cannot be written')
    events.push(event)
  })
  return { identity, events }
}

it.each([
  ['sid', { sid: 's1', auth_time: 1 }, { sid: 's2', auth_time: 1 }],
  ['the time of signing in', { auth_time: 1 }, { auth_time: 2 }],
  ['the session of origin', { origin_jti: 'a', auth_time: 1 }, { origin_jti: 'b', auth_time: 1 }],
])('A session of another provider, by %s, is told once, whatever number of tokens it has', async (_, one, two) => {
  const { identity, events } = watched()
  const of = (claims: object, jti: string) => token({ ...claims, jti })
  const [first, renewed, other] = [await of(one, '1'), await of(one, '2'), await of(two, '3')]
  await Promise.all([identity.authenticate(request(first)), identity.authenticate(request(first))])
  expect(await identity.verify(renewed)).toEqual(ada)
  expect(events).toEqual([{ action: 'sign-in', person: ada, issuer }])
  await identity.authenticate(request(other))
  expect(events).toHaveLength(2)
})

it('A token that proves nothing, and no token, are no sign-in', async () => {
  const { identity, events } = watched()
  expect(await identity.authenticate(request('bad'))).toBeUndefined()
  expect(await identity.authenticate(new Request('http://x'))).toBeUndefined()
  expect(events).toEqual([])
})

it('A token does not count while the log cannot be written, and the next request tries again', async () => {
  let broken = true
  const { identity, events } = watched(() => broken)
  const one = await token({ sid: 's' })
  await expect(identity.verify(one)).rejects.toThrow('cannot be written')
  broken = false
  expect(await identity.verify(one)).toEqual(ada)
  expect(events).toHaveLength(1)
})

it('The entries name the person and the provider; a token for a script names the account that took it', async () => {
  const noted: unknown[] = []
  const audit = {
    open: async () => '',
    close: async () => {},
    note: async (entry: object) => String(noted.push(entry)),
  }
  const access = { rightsOf: async () => Promise.reject(new Error('no rules')) }
  await signInLog({ access: access as never, audit })({ action: 'sign-in', person: ada, issuer })
  const given = await tokenLogged({ tokenFor: async (person) => `t-${person}` }, audit, 'mira.kovacs')
  expect(given).toBe('t-mira.kovacs')
  expect(noted).toMatchObject([
    { action: 'sign-in', actor: { id: 'ada', groups: ['claims'] }, subject: { what: 'session', issuer } },
    { action: 'token', actor: { id: expect.stringMatching(/^account:/) }, subject: { person: 'mira.kovacs' } },
  ])
  const nobody = tokenLogged({ tokenFor: async () => Promise.reject(new Error('no such person')) }, audit, 'x')
  await expect(nobody).rejects.toThrow('no such person')
  expect(noted).toHaveLength(2)
})
