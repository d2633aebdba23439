import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Person } from '@muniment/archive/identity/port'
import type { default as OidcProvider } from 'oidc-provider'
import type { ClientAddress } from '../shared/client-address.ts'
import type { OnSignInEvent } from './events.ts'
import { passwordPage, samplePage, troublePage } from './html.ts'
import type { People } from './people.ts'
import { slowDown } from './slow-down.ts'

const MOST_BYTES = 8 * 1024

interface InteractionOptions {
  provider: OidcProvider
  origin: string
  people: People
  clock: () => Date
  onEvent: OnSignInEvent
  addressOf: ClientAddress
}

interface Refusal {
  status: number
  sentence: string
  headers?: Record<string, string>
}

/** The page on which people say who they are. */
export function createInteraction({ provider, origin, people, clock, onEvent, addressOf }: InteractionOptions) {
  const accounts = slowDown({ free: 5, longestMs: 60_000, clock })
  // Many people may share an address; one that guesses at many accounts still gets slow.
  const addresses = slowDown({ free: 30, longestMs: 5 * 60_000, clock })

  return async function interaction(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const begun = await provider.interactionDetails(request, response).catch(() => undefined)
    if (begun?.prompt.name !== 'login' || !request.url?.endsWith(`/${begun.uid}`))
      return send(response, 400, await troublePage('This sign-in was begun too long ago, or in another window.'))
    if (request.method === 'GET' || request.method === 'HEAD') return send(response, 200, await firstPage())
    if (request.method !== 'POST') return send(response, 405, await troublePage('This cannot be done here.'))
    if (!isOwnForm(request, origin)) return send(response, 403, await troublePage('It was sent from another site.'))
    const fields = await readForm(request)
    if (!fields) return send(response, 413, await troublePage('More was sent than a name and a password.'))
    const known = await whoIs(fields, addressOf(request) ?? '')
    if ('sentence' in known) return send(response, known.status, await passwordPage(known.sentence), known.headers)
    await onEvent({ action: 'sign-in', person: known })
    // Without `remember` the cookie ends with the browser; the session itself ends in any case.
    const result = { login: { accountId: known.id, remember: false } }
    return provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false })
  }

  async function firstPage(): Promise<string> {
    const offered = await people.offered()
    return offered ? samplePage(offered) : passwordPage()
  }

  async function whoIs(fields: URLSearchParams, address: string): Promise<Person | Refusal> {
    if (await people.offered()) {
      const person = await people.find(fields.get('person') ?? '')
      return person ?? { status: 400, sentence: 'Nobody was chosen.' }
    }
    const user = (fields.get('user') ?? '').trim().toLowerCase().slice(0, 100)
    const wait = Math.max(accounts.wait(user), addresses.wait(address))
    if (wait > 0) {
      const person = await people.find(user)
      await onEvent({ action: 'refusal', reason: 'slowed-down', ...(person && { person }) })
      const seconds = Math.ceil(wait / 1_000)
      const sentence = `There were too many attempts. Wait ${seconds} ${seconds === 1 ? 'second' : 'seconds'}, then try again.`
      return { status: 429, sentence, headers: { 'Retry-After': String(seconds) } }
    }
    accounts.attempt(user)
    addresses.attempt(address)
    const person = await people.check(user, fields.get('password') ?? '')
    if (person) {
      accounts.succeeded(user)
      return person
    }
    accounts.failed(user)
    addresses.failed(address)
    const guessed = await people.find(user)
    await onEvent({ action: 'refusal', reason: 'password', ...(guessed && { person: guessed }) })
    return { status: 401, sentence: 'The user name or the password is not right.' }
  }
}

function send(response: ServerResponse, status: number, text: string, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'Content-Type': 'text/html; charset=utf-8', ...headers }).end(text)
}

/** With `Referrer-Policy: no-referrer` browsers send a page's own forms with the origin `null`; the site they do tell. */
function isOwnForm({ headers }: IncomingMessage, origin: string): boolean {
  const site = headers['sec-fetch-site']
  if (site !== undefined) return site === 'same-origin'
  return headers.origin === undefined || headers.origin === 'null' || headers.origin === origin
}

async function readForm(request: IncomingMessage): Promise<URLSearchParams | undefined> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > MOST_BYTES) return undefined
    chunks.push(chunk)
  }
  return new URLSearchParams(Buffer.concat(chunks).toString('utf8'))
}
