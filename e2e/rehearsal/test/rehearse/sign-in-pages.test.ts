import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createSignInPages, type SignInPages } from '../../src/edge/sign-in-pages.ts'

const asked = '/oauth2/authorize?client_id=web&state=s'
let server: Server
let pages: SignInPages

// As MiniStack does: a form, a way back for the right password, and no memory of who was there.
beforeAll(async () => {
  server = createServer((request, response) => {
    void text(request).then((body) => {
      const form = new URLSearchParams(body)
      const back = `https://site/signed-in?code=1&state=${form.get('state')}`
      if (request.url === '/login' && form.get('password') === 'right') response.writeHead(302, { location: back })
      else if (request.url?.startsWith('/logout')) response.writeHead(302, { location: 'https://site/signed-out' })
      else response.writeHead(request.url?.includes('client_id=web') || request.url === '/login' ? 200 : 400)
      response.end('form')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  pages = createSignInPages(
    `http://127.0.0.1:${port}`,
    async (name, password, code) => [name, password, code].join() === 'ada,right,123456',
  )
})
afterAll(() => server.close())

const get = (path: string, cookie = '') =>
  pages({ method: 'GET', path, headers: { host: 'pages', cookie }, body: Buffer.alloc(0) })
const post = (path: string, fields: Record<string, string>) => {
  const body = Buffer.from(new URLSearchParams(fields).toString())
  return pages({ method: 'POST', path, headers: { host: 'pages', 'content-length': String(body.length) }, body })
}
const login = (password: string) => post('/login', { username: 'ada', password, state: 's' })
const tokenIn = (page: Buffer) => /name="token" value="([^"]+)"/.exec(page.toString())?.[1] ?? ''
const cookieOf = (headers: { 'set-cookie'?: string[] | undefined }) => headers['set-cookie']?.[0]?.split(';')[0] ?? ''

async function signedIn(): Promise<string> {
  const { headers } = await post('/mfa', { token: tokenIn((await login('right')).body), code: '123456' })
  return cookieOf(headers)
}

it('the right password alone leads nowhere: a code is asked for', async () => {
  const page = await login('right')
  expect([page.status, page.headers.location]).toEqual([200, undefined])
  expect(page.body.toString()).toContain('name="code"')
  expect((await login('wrong')).body.toString()).toBe('form')
})

it('a wrong code is asked for again, the right one leads back and begins a session', async () => {
  const token = tokenIn((await login('right')).body)
  const wrong = await post('/mfa', { token, code: '000000' })
  expect([wrong.status, wrong.headers['set-cookie']]).toEqual([200, undefined])
  const right = await post('/mfa', { token, code: '123456' })
  expect([right.status, right.headers.location]).toEqual([302, 'https://site/signed-in?code=1&state=s'])
  expect((await post('/mfa', { token, code: '123456' })).status).toBe(400)
})

it('who has a session is sent back without a question, and after signing out is asked again', async () => {
  const cookie = await signedIn()
  const again = await get(asked, cookie)
  expect([again.status, again.headers.location]).toEqual([302, 'https://site/signed-in?code=1&state=s'])
  expect((await get('/oauth2/authorize?client_id=other', cookie)).status).toBe(400)
  const left = await get('/logout', cookie)
  expect(cookieOf(left.headers)).toBe('cognito=')
  expect((await get(asked, cookie)).status).toBe(200)
  expect((await get(asked, 'cognito=guessed')).status).toBe(200)
})
