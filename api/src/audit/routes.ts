import { createRoute, z } from '@hono/zod-openapi'
import { AuditEntries, AuditFilters, AuditNames, AuditVerification } from '../contract.ts'
import { actorOf } from '../shared/acting.ts'
import { dutyGuard } from '../shared/guards.ts'
import { searchIdPattern } from '../shared/ids.ts'
import { gives } from '../shared/negotiate.ts'
import { actingIn, createRouter, json, problems } from '../shared/router.ts'
import type { Services } from '../shared/services.ts'
import { createEntries, type EntriesAsked } from './entries.ts'
import { namesOf } from './names.ts'

const page = AuditFilters.extend({
  before: z.string().regex(searchIdPattern, 'before is the id of an entry').optional(),
  limit: z.coerce
    .number('limit is a whole number')
    .int('limit is a whole number')
    .min(1, 'limit is 1 or more')
    .max(500, 'limit is at most 500')
    .default(100),
})

const entries = createRoute({
  method: 'get',
  path: '/api/audit/entries',
  tags: ['Audit log'],
  summary: 'Who did what, newest first',
  description: 'Of the last thirty days where no beginning is named. Reading the log stands in the log.',
  request: { query: page },
  responses: { 200: json(AuditEntries, 'A page of the log.'), ...problems(400, 401, 404, 406, 500, 503) },
})

const linesDescription =
  'The first line (AuditLinesHead) says which period was looked through, of which months nobody can tell any more who saw a record, and which files do not verify.'

const lines = createRoute({
  method: 'get',
  path: '/api/audit/entries.jsonl',
  tags: ['Audit log'],
  summary: 'All entries that answer, a line of JSON each',
  description: linesDescription,
  request: { query: AuditFilters },
  responses: {
    200: { description: 'The entries.', content: { 'text/jsonl': { schema: { type: 'string' } } } },
    ...problems(400, 401, 404, 500, 503),
  },
})

const inBody = <Schema extends z.ZodType>(schema: Schema) => ({
  body: { required: true, content: { 'application/json': { schema } } },
})

/** The same in a body: neither the key of a record nor a person's id belongs into an address. */
const entriesByBody = createRoute({
  method: 'post',
  path: '/api/audit/entries',
  tags: ['Audit log'],
  summary: 'Who did what, asked without an address that names a record or a person',
  request: inBody(page.strict()),
  responses: {
    200: json(AuditEntries, 'A page of the log.'),
    ...problems(400, 401, 403, 404, 406, 413, 415, 500, 503),
  },
})

const linesByBody = createRoute({
  method: 'post',
  path: '/api/audit/entries.jsonl',
  tags: ['Audit log'],
  summary: 'All entries that answer, asked without an address that names a record or a person',
  description: linesDescription,
  request: inBody(AuditFilters.strict()),
  responses: {
    200: { description: 'The entries.', content: { 'text/jsonl': { schema: { type: 'string' } } } },
    ...problems(400, 401, 403, 404, 413, 415, 500, 503),
  },
})

const names = createRoute({
  method: 'get',
  path: '/api/audit/names',
  tags: ['Audit log'],
  summary: 'By what a record is asked for',
  description:
    'Names of applications, tables and the columns of their keys: no records, and nothing else of the model.',
  responses: { 200: json(AuditNames, 'The names.'), ...problems(401, 404, 406, 500) },
})

const verification = createRoute({
  method: 'get',
  path: '/api/audit/verification',
  tags: ['Audit log'],
  summary: 'Whether the log is whole',
  responses: { 200: json(AuditVerification, 'As it was last checked.'), ...problems(401, 404, 406, 500) },
})

const verifyNow = createRoute({
  method: 'post',
  path: '/api/audit/verification',
  tags: ['Audit log'],
  summary: 'Check the log now',
  responses: { 202: json(AuditVerification, 'Begun.'), ...problems(401, 403, 404, 406, 500, 503) },
})

/** Dropped where absent, so that what is asked has only what was said; a day as an end counts whole. */
function asked(query: EntriesAsked): EntriesAsked {
  const said = Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined)) as EntriesAsked
  const { until } = said
  if (until === undefined || until.includes('T')) return said
  return { ...said, until: new Date(Date.parse(until) + 86_400_000).toISOString() }
}

const ofLines = {
  'Content-Type': 'text/jsonl; charset=utf-8',
  'Content-Disposition': 'attachment; filename="audit-log.jsonl"',
}

export function auditRoutes(services: Services) {
  const { auditing } = services
  const log = createEntries(services)
  const router = createRouter()
  if (!auditing) return router
  const auditors = dutyGuard('read-log')
  router.use('/api/audit/*', auditors)

  router.openapi({ ...entries, middleware: gives('application/json') }, async (c) => {
    const { limit, ...query } = c.req.valid('query')
    return c.json(await log.page(actingIn(c), asked(query), limit), 200)
  })
  router.openapi({ ...entriesByBody, middleware: gives('application/json') }, async (c) => {
    const { limit, ...query } = c.req.valid('json')
    return c.json(await log.page(actingIn(c), asked(query), limit), 200)
  })
  router.openapi(
    lines,
    async (c) => new Response(await log.lines(actingIn(c), asked(c.req.valid('query'))), { headers: ofLines }),
  )
  router.openapi(
    linesByBody,
    async (c) => new Response(await log.lines(actingIn(c), asked(c.req.valid('json'))), { headers: ofLines }),
  )
  router.openapi({ ...names, middleware: gives('application/json') }, async (c) => c.json(await namesOf(services), 200))
  router.openapi({ ...verification, middleware: gives('application/json') }, async (c) =>
    c.json(await auditing.verification.state(), 200),
  )
  router.openapi({ ...verifyNow, middleware: gives('application/json') }, async (c) => {
    const opening = { action: 'log-view' as const, actor: actorOf(actingIn(c)), subject: { what: 'verification' } }
    await services.audit.note(opening, { outcome: 'done' })
    await services.later(auditing.verification.now())
    return c.json(await auditing.verification.state(), 202)
  })
  return router
}
