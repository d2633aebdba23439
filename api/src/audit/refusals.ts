import { setImmediate as answered } from 'node:timers/promises'
import type { Actor } from '@muniment/archive/audit/port'
import { NotFoundError } from '@muniment/archive/errors'
import type { Context, MiddlewareHandler } from 'hono'
import { routePath } from 'hono/route'
import { ProblemError } from '../errors.ts'
import { actorOf } from '../shared/acting.ts'
import { exportIdPattern, searchIdPattern } from '../shared/ids.ts'
import { logFault, newIncident } from '../shared/problem.ts'
import { type AppEnv, actingIn } from '../shared/router.ts'
import type { Services } from '../shared/services.ts'
import { createSums, mostEach } from './sums.ts'

const nobody: Actor = { id: 'nobody', roles: [], groups: [], rules: 0 }

/** Writes down what was refused, after the answer, so that what is denied and what is absent cost the same. */
export function createRefusals(services: Services) {
  const { audit, log, later, clock, atEnd } = services
  const sums = createSums({ audit, log, clock, ...(atEnd && { atEnd }) })

  async function note(c: Context<AppEnv>): Promise<void> {
    const acting = actingIn(c)
    // What the request holds is read here: the answer ends it.
    const asked = { method: c.req.method, route: routePath(c, -1), ids: idsIn(c.req.param()), names: await namesIn(c) }
    await later(
      answered().then(async () => {
        // An address that is there for other methods.
        if (c.res.status === 405) return
        const actor = actorOf(acting)
        if (sums.count(actor, 'refused') > mostEach) return
        const subject = { method: asked.method, route: asked.route, ...asked.ids, ...(await known(asked.names)) }
        await audit
          .note({ action: 'refusal', actor, subject }, { outcome: 'refused' })
          .catch((error: unknown) => logFault(log, newIncident(), error, { refusal: asked.route }))
      }),
    )
  }

  /** Names that the templates have; whatever else was typed is not kept. */
  async function known({ application, useCase }: Names): Promise<Record<string, string>> {
    if (application === undefined || !(await services.templates.list()).includes(application)) return {}
    // Templates with a fault name no use case, and what was refused stands in the log all the same.
    const useCases = (await services.templates.get(application).catch(() => undefined))?.useCases
    return { application, ...(useCase !== undefined && useCases?.has(useCase) && { useCase }) }
  }

  const ofPersons: MiddlewareHandler<AppEnv> = async (c, next) => {
    await next()
    if (isRefusal(c.error) || (!c.error && c.res.status === 404)) await note(c)
  }

  /** In sum once a minute, so that a flood of them does not become one of entries. */
  const ofNobody: MiddlewareHandler<AppEnv> = async (c, next) => {
    await next()
    if (c.get('person') !== undefined) return
    const what = kindOfNobody(c)
    if (what) sums.count(nobody, what, false)
  }

  return { ofPersons, ofNobody }
}

interface Names {
  application?: string
  useCase?: string
}

const refusedKinds = new Set<ProblemError['kind']>([
  'refused',
  'masked',
  'not-found',
  'over-limit-person',
  'over-budget',
])
const isRefusal = (error: unknown): boolean =>
  error instanceof NotFoundError || (error instanceof ProblemError && refusedKinds.has(error.kind))

function kindOfNobody(c: Context): string | undefined {
  if (c.res.status === 401) return c.req.header('authorization') === undefined ? 'withoutToken' : 'withBadToken'
  if (c.res.status === 404) return 'withoutRightAddress'
  if (c.res.status === 429) return 'tooMany'
  return c.res.status === 403 ? 'fromOtherSites' : undefined
}

/** Of parameters those that are ids of ours: whatever else stands in an address may have been typed. */
function idsIn(params: Record<string, string>): Record<string, string> {
  const { id = '' } = params
  if (searchIdPattern.test(id)) return { search: id }
  return exportIdPattern.test(id) ? { export: id } : {}
}

const namedInBody = new Set(['/api/searches', '/api/searches/estimate'])

async function namesIn(c: Context): Promise<Names> {
  const { application } = c.req.param() as Names
  if (application !== undefined) return { application }
  if (c.req.method !== 'POST' || !namedInBody.has(c.req.path)) return {}
  const body: unknown = await c.req.json().catch(() => undefined)
  if (typeof body !== 'object' || body === null) return {}
  const { application: asked, useCase } = body as Record<string, unknown>
  return {
    ...(typeof asked === 'string' && { application: asked }),
    ...(typeof useCase === 'string' && { useCase }),
  }
}
