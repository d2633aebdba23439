import type { Context } from 'hono'
import { methodNotAllowed } from 'hono/method-not-allowed'
import { accessRoutes } from './access/routes.ts'
import { applicationRoutes } from './applications/routes.ts'
import { createRefusals } from './audit/refusals.ts'
import { auditRoutes } from './audit/routes.ts'
import type { AppDeps } from './deps.ts'
import { fileRoutes } from './exports/file-routes.ts'
import { exportRoutes } from './exports/routes.ts'
import { healthRoutes } from './health/routes.ts'
import { historyRoutes } from './history/routes.ts'
import { holdRoutes } from './holds/routes.ts'
import { meRoutes } from './me/routes.ts'
import { retentionRoutes } from './retention/routes.ts'
import { searchRoutes } from './searches/routes.ts'
import { addressGuard } from './shared/address-limit.ts'
import { hostGuard, nothingHere, personGuard, siteGuard, sizeGuard } from './shared/guards.ts'
import { answerError, problem, sendProblem } from './shared/problem.ts'
import { rateGuard } from './shared/rate-guard.ts'
import { requestLog } from './shared/request-log.ts'
import { createRouter } from './shared/router.ts'
import { securityHeaders } from './shared/security-headers.ts'
import { createServices } from './shared/services.ts'
import { signInRoutes } from './sign-in/routes.ts'
import { watchUse } from './unusual-use/watch.ts'
import { createWebFiles } from './web/files.ts'

/** The whole of the HTTP side; makes nothing happen until it is asked. */
export function createApp(deps: AppDeps) {
  const made = createServices(deps)
  const { asking, audit } = watchUse(made)
  const services = { ...made, audit }
  const web = deps.webRoot === undefined ? undefined : createWebFiles(deps.webRoot)
  const app = createRouter()

  app.onError(answerError(services.log))
  app.use(requestLog(services.log))
  const https = deps.origin?.startsWith('https://') === true
  app.use(securityHeaders({ connectTo: deps.connectTo ?? [], https }))
  app.use(hostGuard(deps.hosts))
  const refusals = createRefusals(services)
  app.use('/api/*', refusals.ofNobody)
  if (deps.visitors) app.use('/api/*', addressGuard(deps.visitors))
  app.use('/api/*', siteGuard(deps.origin))
  app.use('/api/*', methodNotAllowed({ app, onMethodNotAllowed: refuseMethod }))
  app.route('/', healthRoutes(services))
  if (deps.signIn) app.route('/', signInRoutes(deps.signIn))
  app.route('/', fileRoutes(services))
  app.use('/api/*', personGuard(services))
  const { requestsPerMinute: most } = services.limits
  app.use('/api/*', rateGuard({ clock: services.clock, most, of: (c) => c.get('person')?.id }))
  app.use('/api/*', asking)
  app.use('/api/*', refusals.ofPersons)
  app.use('/api/*', sizeGuard(services.limits.bodyBytes))
  app.route('/', meRoutes(services))
  app.route('/', applicationRoutes(services))
  app.route('/', historyRoutes(services))
  app.route('/', searchRoutes(services))
  app.route('/', exportRoutes(services))
  app.route('/', auditRoutes(services))
  app.route('/', accessRoutes(services))
  if (deps.retention) {
    app.route('/', holdRoutes(services, deps.retention))
    app.route('/', retentionRoutes(services, deps.retention))
  }
  app.doc31('/api/openapi.json', description)
  app.notFound(async (c) => {
    const reads = c.req.method === 'GET' || c.req.method === 'HEAD'
    const file = reads && !c.req.path.startsWith('/api/') ? await web?.(c.req.path, c.req.raw) : undefined
    if (file) return file
    const { kind, message } = nothingHere()
    return sendProblem(problem(kind, message))
  })
  return app
}

function refuseMethod(_c: Context, methods: string[]): Response {
  const allowed = methods.join(', ')
  return sendProblem(problem('method-not-allowed', `This address takes ${allowed}.`), { Allow: allowed })
}

const description = {
  openapi: '3.1.0',
  info: {
    title: 'Muniment',
    version: '1',
    description:
      'Searches the records of retired systems. A search runs a use case for a purpose; its panels are read ' +
      'independently and shown as HTML fragments, page by page, from a stored result. Errors are problem documents (RFC 9457).',
  },
  tags: [
    { name: 'Applications', description: 'Retired systems: what they held and what can be searched for.' },
    { name: 'Searches', description: 'Running use cases and reading what they found.' },
    { name: 'Exports', description: 'Taking a whole result along.' },
    { name: 'Access rules', description: 'Who may see what, and how two people change it.' },
    { name: 'Retention', description: 'Schedules, what falls due, and destruction by two people.' },
    { name: 'Holds', description: 'Orders that stop destruction.' },
    { name: 'Audit log', description: 'For auditors: who saw what, and whether the log is whole.' },
    { name: 'Service', description: 'The server itself and who is asking.' },
  ],
}
