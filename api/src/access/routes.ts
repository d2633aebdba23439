import { createRoute, z } from '@hono/zod-openapi'
import { AccessExplanation, AccessProposal, AccessVersion, ProposeRules, RefuseRules } from '../contract.ts'
import { dutyGuard } from '../shared/guards.ts'
import { gives } from '../shared/negotiate.ts'
import { actingIn, createRouter, json, problems } from '../shared/router.ts'
import type { Services } from '../shared/services.ts'
import { explainToOneself } from './explain.ts'
import { createRulesChanges } from './rules-changes.ts'

const id = z
  .string()
  .regex(/^[0-9a-f]{32}$/, 'the id of a proposal has 32 hexadecimal digits')
  .openapi({ param: { name: 'id', in: 'path' }, description: 'Id of the proposal: from the hash of what it proposes.' })
const tags = ['Access rules']

const rules = createRoute({
  method: 'get',
  path: '/api/access/rules',
  tags,
  summary: 'The access rules in force',
  description: 'For whoever proposes, approves or audits them.',
  responses: { 200: json(AccessVersion, 'The version in force.'), ...problems(401, 404, 406, 500) },
})

const list = createRoute({
  method: 'get',
  path: '/api/access/proposals',
  tags,
  summary: 'Proposals, newest first',
  responses: { 200: json(z.array(AccessProposal), 'The proposals.'), ...problems(401, 404, 406, 500) },
})

const read = createRoute({
  method: 'get',
  path: '/api/access/proposals/{id}',
  tags,
  summary: 'A proposal',
  request: { params: z.object({ id }) },
  responses: { 200: json(AccessProposal, 'The proposal.'), ...problems(400, 401, 404, 406, 500) },
})

const propose = createRoute({
  method: 'post',
  path: '/api/access/proposals',
  tags,
  summary: 'Propose other access rules',
  description: 'They come into force when a second person approves them.',
  request: { body: { required: true, content: { 'application/json': { schema: ProposeRules } } } },
  responses: {
    201: json(AccessProposal, 'Proposed.'),
    ...problems(400, 401, 403, 404, 406, 409, 413, 415, 500, 503),
  },
})

const approve = createRoute({
  method: 'post',
  path: '/api/access/proposals/{id}/approve',
  tags,
  summary: 'Approve a proposal',
  description: 'By somebody else than who proposed it. Counts for the next request of anybody.',
  request: { params: z.object({ id }) },
  responses: { 200: json(AccessVersion, 'Now in force.'), ...problems(400, 401, 403, 404, 406, 500, 503) },
})

const withdraw = createRoute({
  method: 'post',
  path: '/api/access/proposals/{id}/withdraw',
  tags,
  summary: 'Withdraw a proposal',
  description: 'By the person who made it, while it is open.',
  request: { params: z.object({ id }) },
  responses: { 200: json(AccessProposal, 'Withdrawn.'), ...problems(400, 401, 403, 404, 406, 500, 503) },
})

const refuse = createRoute({
  method: 'post',
  path: '/api/access/proposals/{id}/refuse',
  tags,
  summary: 'Refuse a proposal',
  description: 'By whoever might approve it, with a reason, while it is open.',
  request: {
    params: z.object({ id }),
    body: { required: true, content: { 'application/json': { schema: RefuseRules } } },
  },
  responses: { 200: json(AccessProposal, 'Refused.'), ...problems(400, 401, 403, 404, 406, 413, 415, 500, 503) },
})

const explanation = createRoute({
  method: 'get',
  path: '/api/access/explain',
  tags,
  summary: 'Why one sees what one sees of a use case',
  request: { query: z.object({ application: z.string().max(100), useCase: z.string().max(100) }) },
  responses: { 200: json(AccessExplanation, 'Why.'), ...problems(400, 401, 404, 406, 500) },
})

export function accessRoutes(services: Services) {
  const changes = createRulesChanges(services)
  const router = createRouter()
  const readers = dutyGuard('propose-rules', 'approve-rules', 'read-log')
  router.use('/api/access/rules', readers)
  router.use('/api/access/proposals', async (c, next) =>
    c.req.method === 'POST' ? dutyGuard('propose-rules')(c, next) : readers(c, next),
  )
  router.use('/api/access/proposals/:id', readers)
  router.use('/api/access/proposals/:id/approve', dutyGuard('approve-rules'))
  router.use('/api/access/proposals/:id/refuse', dutyGuard('approve-rules'))
  router.use('/api/access/proposals/:id/withdraw', dutyGuard('propose-rules'))

  const answer = gives('application/json')
  router.openapi({ ...rules, middleware: answer }, async (c) => c.json(await changes.inForce(), 200))
  router.openapi({ ...list, middleware: answer }, async (c) => c.json(await changes.list(), 200))
  router.openapi({ ...read, middleware: answer }, async (c) => c.json(await changes.read(c.req.valid('param').id), 200))
  router.openapi({ ...propose, middleware: answer }, async (c) =>
    c.json(await changes.propose(actingIn(c), c.req.valid('json')), 201),
  )
  router.openapi({ ...approve, middleware: answer }, async (c) =>
    c.json(await changes.approve(actingIn(c), c.req.valid('param').id), 200),
  )
  router.openapi({ ...withdraw, middleware: answer }, async (c) =>
    c.json(await changes.withdraw(actingIn(c), c.req.valid('param').id), 200),
  )
  router.openapi({ ...refuse, middleware: answer }, async (c) =>
    c.json(await changes.refuse(actingIn(c), c.req.valid('param').id, c.req.valid('json').reason), 200),
  )
  router.openapi({ ...explanation, middleware: answer }, async (c) => {
    const { application, useCase } = c.req.valid('query')
    return c.json(await explainToOneself(services, actingIn(c), application, useCase), 200)
  })
  return router
}
