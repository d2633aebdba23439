import { readFile } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { default as OidcProvider } from 'oidc-provider'
import type { Logger } from 'pino'
import type { ClientAddress } from '../shared/client-address.ts'
import { securityHeaderList } from '../shared/security-headers.ts'
import type { OnSignInEvent } from './events.ts'
import { sendOnPage, sendScript, troublePage } from './html.ts'
import { createInteraction } from './interaction.ts'
import type { People } from './people.ts'
import { MOUNT } from './provider.ts'
import { signInStyles } from './styles.ts'

const headers = securityHeaderList({ formAction: "'self'" })

interface HandlerOptions {
  provider: OidcProvider
  origin: string
  people: People
  clock: () => Date
  log: Logger
  onEvent: OnSignInEvent
  addressOf: ClientAddress
}

export type OidcHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>

/** Everything below /oidc: the provider's endpoints and our pages. */
export function createHandler(options: HandlerOptions): OidcHandler {
  const { provider, origin, log, onEvent, people } = options
  const { protocol, host } = new URL(origin)
  const interaction = createInteraction(options)
  tellOfSignOut(provider, people, onEvent)
  replaceScriptedPages(provider)
  const serve = provider.callback()
  const { css, fonts } = signInStyles()

  async function route(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    if (path === '/pages.css') return file(response, 'text/css; charset=utf-8', css)
    if (path === '/send.js') return file(response, 'text/javascript; charset=utf-8', sendScript)
    const font = fonts.get(path.replace(/^\/fonts\//, ''))
    if (font !== undefined) return file(response, 'font/woff2', await readFile(font), 'public, max-age=604800')
    if (path.startsWith('/sign-in/')) return interaction(request, response)
    // The provider makes addresses of these; what a browser says of itself is not asked.
    delete request.headers.forwarded
    delete request.headers['x-forwarded-for']
    request.headers['x-forwarded-proto'] = protocol.slice(0, -1)
    request.headers['x-forwarded-host'] = host
    Object.assign(request, { originalUrl: request.url })
    request.url = (request.url ?? '').slice(MOUNT.length) || '/'
    return serve(request, response)
  }

  return async function handle(request, response) {
    const began = performance.now()
    const path = (request.url ?? '').slice(MOUNT.length).split('?')[0] ?? ''
    for (const [name, value] of headers) response.setHeader(name, value)
    response.setHeader('Cache-Control', 'no-store')
    try {
      await route(request, response, path)
    } catch (error) {
      log.error({ err: error }, 'sign-in')
      if (response.headersSent) response.destroy()
      else await page(response, 500, await troublePage('Something failed here.'))
    }
    const ms = Math.round((performance.now() - began) * 10) / 10
    // The ids in these addresses are worth something for a while.
    const pattern = path.replace(/^\/(sign-in|auth)\/.+/, '/$1/:uid')
    log.info(
      { method: request.method, route: `${MOUNT}${pattern}`.slice(0, 80), status: response.statusCode, ms },
      'request',
    )
  }
}

async function page(response: ServerResponse, status: number, text: string): Promise<void> {
  response.writeHead(status, { 'Content-Type': 'text/html; charset=utf-8' }).end(text)
}

function file(response: ServerResponse, type: string, body: string | Buffer, cache = 'no-cache'): void {
  response.writeHead(200, { 'Content-Type': type, 'Cache-Control': cache }).end(body)
}

/** The provider submits some forms by inline scripts, which our policy refuses. */
function replaceScriptedPages(provider: OidcProvider): void {
  provider.use(async (ctx, next) => {
    await next()
    if (typeof ctx.body !== 'string' || !ctx.body.includes('document.forms[0].submit()')) return
    const action = /<form method="post" action="([^"]*)"/.exec(ctx.body)?.[1] ?? ''
    const fields = [...ctx.body.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)]
    // The values were escaped for HTML by the provider and are again by the page.
    const plain = (text = '') => text.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&amp;', '&')
    ctx.body = await sendOnPage(
      'One moment',
      plain(action),
      Object.fromEntries(fields.map(([, name, value]) => [plain(name), plain(value)])),
    )
    ctx.remove('Content-Security-Policy')
    for (const [name, value] of headers) ctx.set(name, value)
  })
}

function tellOfSignOut(provider: OidcProvider, people: People, onEvent: OnSignInEvent): void {
  provider.use(async (ctx, next) => {
    if (ctx.path !== '/session/end/confirm') return next()
    const { accountId } = await provider.Session.get(ctx as Parameters<typeof provider.Session.get>[0])
    await next()
    const person = accountId === undefined || ctx.status !== 303 ? undefined : await people.find(accountId)
    if (person) await onEvent({ action: 'sign-out', person })
  })
}
