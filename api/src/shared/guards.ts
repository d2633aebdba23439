import { NoRulesError } from '@muniment/archive/access/begin-rules'
import type { Access, Rights } from '@muniment/archive/access/port'
import type { Duty } from '@muniment/archive/access/rules'
import { IdentityUnavailableError } from '@muniment/archive/identity/errors'
import type { Identity, Person } from '@muniment/archive/identity/port'
import type { MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { ProblemError } from '../errors.ts'
import type { AppEnv } from './router.ts'

const reading = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * A page elsewhere whose name is pointed at this machine (DNS rebinding) reaches the server, but says its own
 * name in `Host`.
 */
export const hostGuard =
  (hosts: (() => ReadonlySet<string>) | undefined): MiddlewareHandler =>
  async (c, next) => {
    const host = c.req.header('host')?.toLowerCase()
    if (hosts && !(host && hosts().has(host))) {
      const known = [...hosts()].map((name) => `http://${name}`).join(' or ')
      throw new ProblemError('misdirected', `This server answers to ${known} only.`)
    }
    await next()
  }

/** Another site's page may neither read the API nor change anything through it. `own`: the origin that browsers know. */
export const siteGuard =
  (own?: string): MiddlewareHandler =>
  async (c, next) => {
    const site = c.req.header('sec-fetch-site')
    if (site && site !== 'same-origin' && site !== 'none') throw refusal()
    if (!reading.has(c.req.method)) {
      const origin = c.req.header('origin')
      const host = c.req.header('host') ?? new URL(c.req.url).host
      if (origin !== undefined && origin !== own && hostOf(origin) !== host) throw refusal()
    }
    await next()
  }

const refusal = () => new ProblemError('refused', 'The request came from a page of another site.')

function hostOf(origin: string): string | undefined {
  try {
    return new URL(origin).host
  } catch {
    return undefined
  }
}

/** Bodies of told length are refused by it; others are counted as they come, which costs every request that goes through. */
export const sizeGuard = (most: number): MiddlewareHandler => {
  const refuse = (): never => {
    throw new ProblemError('too-large', `A body may have ${Math.floor(most / 1024)} KB: put less into one search.`)
  }
  const counted = bodyLimit({ maxSize: most, onError: refuse })
  return async (c, next) => {
    if (reading.has(c.req.method)) return next()
    const told = c.req.header('content-length')
    if (told === undefined || c.req.header('transfer-encoding') !== undefined) return counted(c, next)
    return Number(told) <= most ? next() : refuse()
  }
}

/** Who asks, and their rights by the rules of this moment: every request asks anew. */
export const personGuard =
  ({ identity, access }: { identity: Identity; access: Access }): MiddlewareHandler<AppEnv> =>
  async (c, next) => {
    const person = await identify(identity, c.req.raw)
    if (!person) throw notSignedIn(c.req.raw)
    c.set('person', person)
    c.set('rights', await rightsOf(access, person))
    await next()
  }

async function rightsOf(access: Access, person: Person): Promise<Rights> {
  try {
    return await access.rightsOf(person)
  } catch (cause) {
    if (cause instanceof NoRulesError) throw new ProblemError('not-begun', cause.message, { cause })
    throw cause
  }
}

/** Of an address at which there is nothing, and of one that is nobody's business but others'. */
export const nothingHere = () =>
  new ProblemError('not-found', 'There is nothing at this address. What the API offers: /api/openapi.json.')

/** Whoever has none of the duties is answered as if there were nothing. */
export const dutyGuard =
  (...duties: Duty[]): MiddlewareHandler<AppEnv> =>
  async (c, next) => {
    if (!duties.some((duty) => c.get('rights').has(duty))) throw nothingHere()
    await next()
  }

/** Who a request is from; undefined where it proves nothing. A provider that cannot be asked is told apart. */
export async function identify(identity: Identity, request: Request): Promise<Person | undefined> {
  try {
    return await identity.authenticate(request)
  } catch (cause) {
    if (!(cause instanceof IdentityUnavailableError)) throw cause
    const detail = 'Who you are cannot be checked: the sign-in provider does not answer. Try again in a moment.'
    throw new ProblemError('interrupted', detail, { cause, headers: { 'Retry-After': '5' } })
  }
}

/** RFC 6750: whether a token was there at all is for the client to know. */
export const notSignedIn = (request: Request): ProblemError => {
  const challenge = request.headers.has('authorization') ? 'Bearer error="invalid_token"' : 'Bearer'
  return new ProblemError('not-signed-in', 'Sign in, then try again.', { headers: { 'WWW-Authenticate': challenge } })
}
