import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { localUsers, type Users } from '@muniment/archive/identity/users'
import { createLog } from '@muniment/archive/log'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startServer } from '../../src/server.ts'
import { checkMayListen } from '../../src/sign-in/open.ts'
import { openBrowser } from '../support/browser.ts'
import { writeLending } from '../support/lending.ts'

const password = 'correct horse battery'
const ada = { id: 'ada', name: 'Ada Byron', groups: ['claims'] }
let root: string
let secrets: string
let users: Users
let server: Awaited<ReturnType<typeof startServer>>

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'muniment-users-'))
  secrets = join(root, 'home', 'secrets')
  await writeLending(join(root, 'templates'))
  const log = createLog('api', { level: 'silent' })
  const templatesRoot = join(root, 'templates')
  server = await startServer({ home: join(root, 'home'), templatesRoot, port: 0, log, signIn: { host: '127.0.0.1' } })
  users = localUsers(secrets)
})
afterAll(async () => {
  await server.close()
  await rm(root, { recursive: true, force: true })
})

const me = (token: string) => fetch(`${server.url}/api/me`, { headers: { authorization: `Bearer ${token}` } })

async function isDemonstration(): Promise<boolean> {
  const signIn = (await (await fetch(`${server.url}/sign-in.json`)).json()) as { demonstration: boolean }
  return signIn.demonstration
}

async function attempt(user: string, given: string): Promise<Response> {
  const browser = openBrowser(server.url)
  return browser.go(await browser.begin(), browser.form({ user, password: given }))
}

describe('Beyond this machine', () => {
  it.each([
    { host: '0.0.0.0', origin: 'https://archive.example' },
    { host: '127.0.0.1', origin: 'https://archive.example' },
  ])('the server does not listen with the sample people (%j)', async (settings) => {
    await expect(checkMayListen(settings, join(root, 'none'))).rejects.toThrow(
      /sample people may sign in without a password.*npx muniment users add.*MUNIMENT_ISSUER/,
    )
    const options = { templatesRoot: join(root, 'templates'), port: 0, log: createLog('api', { level: 'silent' }) }
    await expect(startServer({ ...options, home: join(root, 'public'), signIn: settings })).rejects.toThrow(
      'sample people',
    )
  })
})

describe('Local users', () => {
  it('take the place of the sample people in a running server, whose tokens end with that', async () => {
    const sample = await openBrowser(server.url).signIn({ person: 'mira.kovacs' })
    expect((await me(sample.access_token)).status).toBe(200)
    await users.add(ada, password)
    expect((await me(sample.access_token)).status).toBe(401)
    const browser = openBrowser(server.url)
    const html = await (await browser.go(await browser.begin())).text()
    expect(html).toContain('autocomplete="current-password"')
    expect(html).not.toContain('demonstration')
    expect(await isDemonstration()).toBe(false)
    await expect(openBrowser(server.url).signIn({ person: 'mira.kovacs' })).rejects.toThrow()
  })

  it('let the server listen beyond this machine', async () => {
    await expect(
      checkMayListen({ host: '0.0.0.0', origin: 'https://archive.example' }, secrets),
    ).resolves.toBeUndefined()
  })

  it('sign in with their password', async () => {
    const tokens = await openBrowser(server.url).signIn({ user: ' Ada ', password })
    expect(await (await me(tokens.access_token)).json()).toMatchObject(ada)
  })

  it('are told the same whether the name or the password was wrong, and it takes as long', async () => {
    const [wrong, unknown] = [await attempt('ada', 'x'), await attempt('nobody', 'x')]
    expect([wrong.status, unknown.status]).toEqual([401, 401])
    expect(await wrong.text()).toBe(await unknown.text())
    const times = { ada: 0, nobody2: 0 }
    for (const user of ['ada', 'nobody2'] as const) {
      const began = process.cpuUsage()
      await users.check(user, 'x')
      times[user] = process.cpuUsage(began).user + process.cpuUsage(began).system
    }
    expect(times.nobody2).toBeGreaterThan(times.ada / 4)
    expect(times.nobody2).toBeLessThan(times.ada * 4)
  })

  it('that are guessed at have to wait, those who do not exist too; even the right password then does', async () => {
    await users.add({ ...ada, id: 'bob', name: 'Bob' }, password)
    for (const user of ['bob', 'nobody3']) {
      let last = await attempt(user, 'guess')
      for (let at = 0; at < 6 && last.status === 401; at++) last = await attempt(user, 'guess')
      expect(last.status, user).toBe(429)
      expect(Number(last.headers.get('retry-after')), user).toBeGreaterThan(0)
      expect(await last.text()).toContain('Wait')
      // Not looked at, so that a guess that was right is not found out.
      if (user === 'bob') expect((await attempt('bob', password)).status).toBe(429)
    }
    // Somebody else is not kept out by that.
    expect((await attempt('ada', password)).status).toBe(303)
  })

  it('whose groups change carry other groups from the next request on', async () => {
    await users.add({ ...ada, id: 'eve', name: 'Eve' }, password)
    const browser = openBrowser(server.url)
    const tokens = await browser.signIn({ user: 'eve', password })
    await users.setGroups('eve', ['approval'])
    expect((await me(tokens.access_token)).status).toBe(401)
    const renewed = await browser.token({ grant_type: 'refresh_token', refresh_token: tokens.refresh_token })
    const { access_token: next } = (await renewed.json()) as { access_token: string }
    expect(await (await me(next)).json()).toMatchObject({ groups: ['approval'] })
  })

  it('that are removed to the last do not bring the sample people back', async () => {
    for (const { id } of await users.list()) await users.remove(id)
    expect(await users.configured()).toBe(true)
    expect(await isDemonstration()).toBe(false)
    expect((await attempt('ada', password)).status).not.toBe(303)
  })
})
