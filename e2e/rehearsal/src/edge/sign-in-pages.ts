import { randomBytes } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { type Forwarded, forward, type Reply } from './forward.ts'

export type SignInPages = (call: Forwarded) => Promise<Reply>

/** True where the code is the person's second factor now; what else is wrong is thrown. */
export type CheckCode = (username: string, password: string, code: string) => Promise<boolean>

interface Person {
  readonly username: string
  readonly password: string
}

const COOKIE = 'cognito'

/**
 * Cognito's sign-in pages: MiniStack's, with the two things that it leaves out and the real ones have. After the password they
 * ask for the second factor, and a browser that has signed in is sent back at once as long as its session lasts.
 */
export function createSignInPages(aws: string, checkCode: CheckCode): SignInPages {
  const sessions = new Map<string, Person>()
  /** Right passwords whose code is still to come, with where the browser goes then. */
  const halfway = new Map<string, Person & { readonly location: string }>()

  return async (call) => {
    const { pathname, searchParams } = new URL(call.path, 'https://pages')
    const session = sessionIn(call.headers)
    if (pathname === '/oauth2/authorize' && call.method === 'GET') {
      const known = sessions.get(session ?? '')
      const page = await forward(aws, call)
      // What is wrong with the request is told to everybody.
      return known && page.status === 200 ? signIn(call, known, searchParams) : page
    }
    if (pathname === '/login' && call.method === 'POST') return password(call)
    if (pathname === '/mfa' && call.method === 'POST') return code(call)
    if (pathname === '/logout') {
      sessions.delete(session ?? '')
      const left = await forward(aws, call)
      return { ...left, headers: { ...left.headers, 'set-cookie': [cookie('', 0)] } }
    }
    return forward(aws, call)
  }

  async function signIn(call: Forwarded, person: Person, asked: URLSearchParams): Promise<Reply> {
    const form = new URLSearchParams(asked)
    for (const [name, value] of Object.entries(person)) form.set(name, value)
    const body = Buffer.from(form.toString())
    const headers = { host: call.headers.host, 'content-type': 'application/x-www-form-urlencoded' }
    return forward(aws, {
      method: 'POST',
      path: '/login',
      headers: { ...headers, 'content-length': String(body.length) },
      body,
    })
  }

  async function password(call: Forwarded): Promise<Reply> {
    const reply = await forward(aws, call)
    const { location } = reply.headers
    if (reply.status !== 302 || location === undefined) return reply
    const form = new URLSearchParams(call.body.toString('utf8'))
    const token = randomBytes(18).toString('base64url')
    halfway.set(token, { username: form.get('username') ?? '', password: form.get('password') ?? '', location })
    return codePage(token, false)
  }

  async function code(call: Forwarded): Promise<Reply> {
    const form = new URLSearchParams(call.body.toString('utf8'))
    const token = form.get('token') ?? ''
    const begun = halfway.get(token)
    if (!begun) return page(400, '<p role="alert">Begin again.</p>')
    const { location, ...person } = begun
    if (!(await checkCode(person.username, person.password, form.get('code') ?? ''))) return codePage(token, true)
    halfway.delete(token)
    const id = randomBytes(18).toString('base64url')
    sessions.set(id, person)
    const headers = { location, 'cache-control': 'no-store', 'set-cookie': [cookie(id, 3_600)] }
    return { status: 302, headers, body: Buffer.alloc(0) }
  }
}

const cookie = (value: string, seconds: number) =>
  `${COOKIE}=${value}; Path=/; Max-Age=${seconds}; Secure; HttpOnly; SameSite=Lax`

const sessionIn = ({ cookie: text = '' }: IncomingHttpHeaders): string | undefined =>
  new RegExp(`(?:^|; )${COOKIE}=([\\w-]+)`).exec(text)?.[1]

const codePage = (token: string, wrong: boolean): Reply =>
  page(
    200,
    `${wrong ? '<p role="alert">The code is not right.</p>' : ''}
<form method="post" action="/mfa"><input type="hidden" name="token" value="${token}">
<label for="code">Code</label> <input id="code" name="code" inputmode="numeric" autocomplete="one-time-code" required autofocus>
<button type="submit">Sign in</button></form>`,
  )

const page = (status: number, content: string): Reply => ({
  status,
  headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' },
  body: Buffer.from(`<!doctype html><html lang="en"><title>Sign in</title><h1>Enter your code</h1>${content}</html>`),
})
