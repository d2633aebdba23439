import { createRoute, z } from '@hono/zod-openapi'
import type { Retention } from '@muniment/retention/retention'
import {
  AskScope,
  HoldView,
  PlacedHold,
  PlaceHold,
  Reasoned,
  ReviewHold,
  ScopePreview,
  WidenHold,
} from '../contract.ts'
import { dutyGuard } from '../shared/guards.ts'
import { gives } from '../shared/negotiate.ts'
import { actingIn, createRouter, json, problems } from '../shared/router.ts'
import type { Services } from '../shared/services.ts'
import { createHolds } from './holds.ts'

const tags = ['Holds']
const params = z.object({
  id: z
    .string()
    .regex(/^H-[0-9a-f]{12}$/, 'the id of a hold is H- and twelve hexadecimal digits')
    .openapi({ param: { name: 'id', in: 'path' }, description: 'Id of the hold.' }),
})
const body = <T extends z.ZodType>(schema: T) => ({ required: true, content: { 'application/json': { schema } } })
const reading = problems(400, 401, 404, 406, 500)
const changing = problems(400, 401, 403, 404, 406, 413, 415, 500, 503)

const list = createRoute({
  method: 'get',
  path: '/api/holds',
  tags,
  summary: 'Holds, newest first',
  request: { query: z.object({ application: z.string().max(100).optional() }) },
  responses: { 200: json(z.array(HoldView), 'The holds.'), ...reading },
})
const read = createRoute({
  method: 'get',
  path: '/api/holds/{id}',
  tags,
  summary: 'A hold',
  request: { params },
  responses: { 200: json(HoldView, 'The hold.'), ...reading },
})
const preview = createRoute({
  method: 'post',
  path: '/api/holds/preview',
  tags,
  summary: 'What a hold would protect',
  description: 'Of what one may see. Nothing is placed.',
  request: { body: body(AskScope) },
  responses: { 200: json(ScopePreview, 'What it would protect.'), ...changing },
})
const place = createRoute({
  method: 'post',
  path: '/api/holds',
  tags,
  summary: 'Place a hold',
  description: 'It stands at once. What it came too late for is named.',
  request: { body: body(PlaceHold) },
  responses: { 201: json(PlacedHold, 'Placed.'), ...changing },
})
const widen = createRoute({
  method: 'post',
  path: '/api/holds/{id}/widen',
  tags,
  summary: 'Let a hold protect more',
  request: { params, body: body(WidenHold) },
  responses: { 200: json(PlacedHold, 'Widened.'), ...changing },
})
const review = createRoute({
  method: 'post',
  path: '/api/holds/{id}/review',
  tags,
  summary: 'Say that a hold was looked at',
  description: 'And when it is to be looked at next. Releases nothing.',
  request: { params, body: body(ReviewHold) },
  responses: { 200: json(HoldView, 'Reviewed.'), ...changing },
})
const propose = createRoute({
  method: 'post',
  path: '/api/holds/{id}/propose-release',
  tags,
  summary: 'Propose to release a hold',
  description: 'It stands until somebody else approves.',
  request: { params, body: body(Reasoned) },
  responses: { 200: json(HoldView, 'Proposed.'), ...changing },
})
const approve = createRoute({
  method: 'post',
  path: '/api/holds/{id}/approve-release',
  tags,
  summary: 'Release a hold',
  description: 'By somebody else than who proposed it.',
  request: { params },
  responses: { 200: json(HoldView, 'Released.'), ...changing },
})
const refuse = createRoute({
  method: 'post',
  path: '/api/holds/{id}/refuse-release',
  tags,
  summary: 'Let a hold stand that somebody proposed to release',
  request: { params, body: body(Reasoned) },
  responses: { 200: json(HoldView, 'It stands.'), ...changing },
})

export function holdRoutes(services: Services, retention: Pick<Retention, 'holds'>) {
  const holds = createHolds(services, retention)
  const router = createRouter()
  const manage = dutyGuard('manage-holds')
  const either = dutyGuard('manage-holds', 'approve-destruction')
  router.use('/api/holds', async (c, next) => (c.req.method === 'POST' ? manage(c, next) : either(c, next)))
  for (const act of ['widen', 'review', 'propose-release']) router.use(`/api/holds/:id/${act}`, manage)
  router.use('/api/holds/preview', manage)
  router.use('/api/holds/:id', either)
  router.use('/api/holds/:id/:act', either)

  const answer = gives('application/json')
  const idIn = (c: { req: { valid(target: 'param'): { id: string } } }) => c.req.valid('param').id
  router.openapi({ ...list, middleware: answer }, async (c) =>
    c.json(await holds.list(actingIn(c), c.req.valid('query').application), 200),
  )
  router.openapi({ ...preview, middleware: answer }, async (c) =>
    c.json(await holds.preview(actingIn(c), c.req.valid('json')), 200),
  )
  router.openapi({ ...read, middleware: answer }, async (c) => c.json(await holds.read(actingIn(c), idIn(c)), 200))
  router.openapi({ ...place, middleware: answer }, async (c) =>
    c.json(await holds.place(actingIn(c), c.req.valid('json')), 201),
  )
  router.openapi({ ...widen, middleware: answer }, async (c) =>
    c.json(await holds.widen(actingIn(c), idIn(c), c.req.valid('json')), 200),
  )
  router.openapi({ ...review, middleware: answer }, async (c) =>
    c.json(await holds.review(actingIn(c), idIn(c), c.req.valid('json')), 200),
  )
  router.openapi({ ...propose, middleware: answer }, async (c) =>
    c.json(await holds.proposeRelease(actingIn(c), idIn(c), c.req.valid('json').reason), 200),
  )
  router.openapi({ ...approve, middleware: answer }, async (c) =>
    c.json(await holds.approveRelease(actingIn(c), idIn(c)), 200),
  )
  router.openapi({ ...refuse, middleware: answer }, async (c) =>
    c.json(await holds.refuseRelease(actingIn(c), idIn(c), c.req.valid('json').reason), 200),
  )
  return router
}
