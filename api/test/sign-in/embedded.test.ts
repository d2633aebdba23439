import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLog } from '@muniment/archive/log'
import { decodeJwt, decodeProtectedHeader } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startServer } from '../../src/server.ts'
import type { SignInEvent } from '../../src/sign-in/events.ts'
import { openBrowser } from '../support/browser.ts'
import { writeLending } from '../support/lending.ts'

type Server = Awaited<ReturnType<typeof startServer>>
let root: string
let server: Server
const events: SignInEvent[] = []
const lines: string[] = []

async function start(port = 0): Promise<Server> {
  return startServer({
    home: join(root, 'home'),
    templatesRoot: join(root, 'templates'),
    port,
    log: createLog('api', { destination: { write: (line) => void lines.push(line) } }),
    signIn: { host: '127.0.0.1' },
    onSignIn: async (event) => void events.push(event),
  })
}

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'muniment-sign-in-'))
  await writeLending(join(root, 'templates'))
  server = await start()
})
afterAll(async () => {
  await server.close()
  await rm(root, { recursive: true, force: true })
})

const me = (token: string) => fetch(`${server.url}/api/me`, { headers: { authorization: `Bearer ${token}` } })

describe('Without signing in', () => {
  it('nothing is answered but health, sign-in and the application itself', async () => {
    for (const path of ['/api/health', '/sign-in.json']) expect((await fetch(server.url + path)).status).toBe(200)
    for (const path of [
      '/api/me',
      '/api/applications',
      '/api/searches',
      '/api/purposes',
      '/api/openapi.json',
      '/api/x',
    ]) {
      const answer = await fetch(server.url + path)
      expect(answer.status, path).toBe(401)
      expect(answer.headers.get('www-authenticate'), path).toBe('Bearer')
    }
  })

  it('a wrong token is told apart from none, for the client to fetch another', async () => {
    const answer = await me('eyJhbGciOiJub25lIn0.e30.')
    expect(answer.status).toBe(401)
    expect(answer.headers.get('www-authenticate')).toBe('Bearer error="invalid_token"')
  })

  it('a browser is told where to sign in, and that it is a demonstration', async () => {
    expect(await (await fetch(`${server.url}/sign-in.json`)).json()).toEqual({
      issuer: `${server.url}/oidc`,
      clientId: 'muniment-web',
      scope: 'openid profile',
      audience: 'urn:muniment:api',
      demonstration: true,
      origin: server.url,
      authorization: `${server.url}/oidc/auth`,
      token: `${server.url}/oidc/token`,
      endSession: `${server.url}/oidc/session/end`,
    })
  })
})

describe('A sample person', () => {
  it('is chosen on a page that says it is a demonstration, under the same policy as everything', async () => {
    const browser = openBrowser(server.url)
    const answer = await browser.go(await browser.begin())
    const policy = answer.headers.get('content-security-policy') ?? ''
    expect(policy).toContain("script-src 'self'; style-src 'self'")
    expect(policy).toContain("form-action 'self'")
    expect(policy).not.toMatch(/unsafe|nonce|sha256/)
    expect(answer.headers.get('cache-control')).toBe('no-store')
    const html = await answer.text()
    expect(html).toContain('This is a demonstration.')
    expect(html.match(/<button type="submit" name="person"/g)).toHaveLength(11)
    expect(html).not.toMatch(/<style|style="|<script|\son\w+=/)
  })

  it('is known by an access token that lasts ten minutes and carries the groups', async () => {
    const tokens = await openBrowser(server.url).signIn({ person: 'sofia.marin' })
    expect(decodeProtectedHeader(tokens.access_token)).toMatchObject({ alg: 'ES256', typ: 'at+jwt' })
    const { iat = 0, exp = 0, aud, groups } = decodeJwt(tokens.access_token)
    expect([exp - iat, aud, groups]).toEqual([600, 'urn:muniment:api', ['approval']])
    expect(await (await me(tokens.access_token)).json()).toMatchObject({
      id: 'sofia.marin',
      name: 'Sofia Marin',
      groups: ['approval'],
    })
    expect(events.at(-1)).toMatchObject({ action: 'sign-in', person: { id: 'sofia.marin' } })
  })

  it('is not let in by the ID token, which carries no name', async () => {
    const tokens = await openBrowser(server.url).signIn({ person: 'sofia.marin' })
    expect(Object.keys(decodeJwt(tokens.id_token))).not.toContain('name')
    expect((await me(tokens.id_token)).status).toBe(401)
    expect((await me(tokens.refresh_token)).status).toBe(401)
  })

  it('signs in without a page while the session stands, and not any more after signing out', async () => {
    const browser = openBrowser(server.url)
    const tokens = await browser.signIn({ person: 'noor.aziz' })
    expect((await browser.go(browser.authorization())).headers.get('location')).toContain('/signed-in?code=')
    const asked = await browser.go(
      `/oidc/session/end?${new URLSearchParams({
        id_token_hint: tokens.id_token,
        client_id: 'muniment-web',
        post_logout_redirect_uri: `${server.url}/signed-out`,
      })}`,
    )
    const [, xsrf = ''] = /name="xsrf" value="([^"]+)"/.exec(await asked.text()) ?? []
    const ended = await browser.go('/oidc/session/end/confirm', browser.form({ xsrf, logout: 'yes' }))
    expect(ended.headers.get('location')).toBe(`${server.url}/signed-out`)
    expect(events.at(-1)).toMatchObject({ action: 'sign-out', person: { id: 'noor.aziz' } })
    expect((await browser.go(browser.authorization())).headers.get('location')).toContain('/oidc/sign-in/')
    const renewed = await browser.token({ grant_type: 'refresh_token', refresh_token: tokens.refresh_token })
    expect(renewed.status).toBe(400)
  })

  it('is asked before a page elsewhere signs them out', async () => {
    const browser = openBrowser(server.url)
    await browser.signIn({ person: 'noor.aziz' })
    const html = await (await browser.go('/oidc/session/end')).text()
    expect(html).toContain('Sign out?')
    expect(html).not.toContain('<script')
  })

  it('gets a new refresh token each time, and a stolen one ends them all', async () => {
    const browser = openBrowser(server.url)
    const first = await browser.signIn({ person: 'paul.okafor' })
    const renew = (refresh_token: string) => browser.token({ grant_type: 'refresh_token', refresh_token })
    const second = (await (await renew(first.refresh_token)).json()) as typeof first
    expect(second.refresh_token).not.toBe(first.refresh_token)
    expect((await me(second.access_token)).status).toBe(200)
    expect((await renew(first.refresh_token)).status).toBe(400)
    expect((await renew(second.refresh_token)).status).toBe(400)
  })

  it('stays signed in over a restart of the server', async () => {
    const browser = openBrowser(server.url)
    const tokens = await browser.signIn({ person: 'emil.brandt' })
    const port = Number(new URL(server.url).port)
    await server.close()
    server = await start(port)
    expect((await me(tokens.access_token)).status).toBe(200)
    expect((await browser.go(browser.authorization())).headers.get('location')).toContain('/signed-in?code=')
    const renewed = await browser.token({ grant_type: 'refresh_token', refresh_token: tokens.refresh_token })
    expect(renewed.status).toBe(200)
  })
})

describe('To an attack', () => {
  const refused = async (more: Record<string, string>) => {
    const browser = openBrowser(server.url)
    const answer = await browser.go(browser.authorization(more))
    return answer.headers.get('location') ?? `${answer.status} ${await answer.text()}`
  }

  it('by a code without a proof key (PKCE), or with a plain one, no code is given', async () => {
    expect(await refused({ code_challenge: '' })).toContain('error=invalid_request')
    expect(await refused({ code_challenge_method: 'plain' })).toContain('error=invalid_request')
  })

  it('by another address to come back to, the browser is sent nowhere', async () => {
    for (const address of ['https://evil.example/', `${server.url}/signed-in/../x`, `${server.url}/signed-in?x=1`])
      expect(await refused({ redirect_uri: address })).toMatch(/^400 /)
  })

  it('by another client, flow or audience, no code is given', async () => {
    expect(await refused({ client_id: 'evil' })).toMatch(/^400 /)
    expect(await refused({ response_type: 'token' })).toMatch(/error=unsupported_response_type|^400 /)
    expect(await refused({ response_type: 'code id_token' })).toMatch(/error=unsupported_response_type|^400 /)
  })

  it('by a stolen code, no token is given without the verifier, and none twice', async () => {
    const [victim, thief] = [openBrowser(server.url), openBrowser(server.url)]
    const answer = await victim.go(await victim.begin(), victim.form({ person: 'lena.hart' }))
    const code = (await victim.follow(answer)).searchParams.get('code') ?? ''
    await expect(thief.redeem(code)).rejects.toThrow('invalid_grant')
    const again = openBrowser(server.url)
    const next = await again.go(await again.begin(), again.form({ person: 'lena.hart' }))
    const used = (await again.follow(next)).searchParams.get('code') ?? ''
    await again.redeem(used)
    await expect(again.redeem(used)).rejects.toThrow('invalid_grant')
  })

  it('by a form of another site, nobody is signed in', async () => {
    const browser = openBrowser(server.url)
    const page = await browser.begin()
    for (const headers of [{ 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'same-site' }])
      expect((await browser.go(page, browser.form({ person: 'kim.nguyen' }, headers))).status).toBe(403)
    expect((await openBrowser(server.url).go(page, browser.form({ person: 'kim.nguyen' }))).status).toBe(400)
  })

  it('by a name that is nobody’s, or a body without end, nobody is signed in', async () => {
    const browser = openBrowser(server.url)
    const page = await browser.begin()
    expect((await browser.go(page, browser.form({ person: 'root' }))).status).toBe(400)
    expect((await browser.go(page, browser.form({ person: 'x'.repeat(10_000) }))).status).toBe(413)
  })

  it('by DNS rebinding, the sign-in page is not shown', async () => {
    const { request } = await import('node:http')
    const status = await new Promise((resolve) => {
      const { port } = new URL(server.url)
      const asked = request(
        { port, host: '127.0.0.1', path: '/oidc/auth', headers: { host: 'evil.example' } },
        (answer) => {
          answer.resume()
          resolve(answer.statusCode)
        },
      )
      asked.end()
    })
    expect(status).toBe(421)
  })
})

describe('What is kept', () => {
  it('is for the user of the server alone', async () => {
    const secrets = join(root, 'home', 'secrets')
    const modes = new Set<string>()
    for (const entry of await readdir(secrets, { recursive: true, withFileTypes: true })) {
      const { mode } = await stat(join(entry.parentPath, entry.name))
      modes.add(`${entry.isDirectory() ? 'folder' : 'file'} ${(mode & 0o777).toString(8)}`)
    }
    expect([...modes].sort()).toEqual(['file 600', 'folder 700'])
    expect(((await stat(secrets)).mode & 0o777).toString(8)).toBe('700')
  })

  it('of cookies reaches no script, no other site and no part of the API', async () => {
    const browser = openBrowser(server.url)
    const begun = await browser.go(await browser.begin(), browser.form({ person: 'kim.nguyen' }))
    const answer = await browser.go(begun.headers.get('location') ?? '')
    const cookies = answer.headers.getSetCookie().filter((line) => line.startsWith('muniment_session'))
    expect(cookies).toHaveLength(2)
    for (const line of cookies) expect(line).toMatch(/path=\/oidc; samesite=strict; httponly$/)
  })

  it('in the log names no session, code or token', async () => {
    const tokens = await openBrowser(server.url).signIn({ person: 'kim.nguyen' })
    const text = lines.join('')
    expect(text).toContain('"route":"/oidc/sign-in/:uid"')
    for (const secret of [tokens.access_token, tokens.refresh_token, tokens.id_token])
      expect(text).not.toContain(secret)
    expect(text).not.toMatch(/code=|muniment_session/)
  })
})

describe('Files of the sign-in pages', () => {
  it('are the styles, and the fonts that these name and no other', async () => {
    const get = (path: string) => fetch(`${server.url}/oidc/${path}`)
    const css = await (await get('pages.css')).text()
    const [, font] = /url\("\/oidc\/(fonts\/[\w-]+\.woff2)"\)/.exec(css) ?? []
    const answer = await get(font ?? '')
    expect(answer.headers.get('content-type')).toBe('font/woff2')
    expect(answer.headers.get('cache-control')).toBe('public, max-age=604800')
    expect(
      Buffer.from(await answer.arrayBuffer())
        .subarray(0, 4)
        .toString(),
    ).toBe('wOF2')
    for (const other of ['fonts/', 'fonts/no.woff2', 'fonts/..%2f..%2fpages.css', 'fonts/../pages.ts'])
      expect((await get(other)).status).toBe(404)
  })
})
