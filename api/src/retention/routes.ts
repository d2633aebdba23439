import { createRoute, z } from '@hono/zod-openapi'
import type { Retention } from '@muniment/retention/retention'
import {
  ApproveRun,
  AskRecord,
  CertificateView,
  DomainSchedulesView,
  DueCalendar,
  ProposeSchedules,
  Reasoned,
  RecordStanding,
  RunDetails,
  RunSummary,
  SchedulesProposal,
  StartRun,
} from '../contract.ts'
import { dutyGuard } from '../shared/guards.ts'
import { gives } from '../shared/negotiate.ts'
import { actingIn, createRouter, json, problems } from '../shared/router.ts'
import type { Services } from '../shared/services.ts'
import { createDue } from './due.ts'
import { createSchedulesChanges } from './proposals.ts'
import { recordStanding } from './record.ts'
import { createRuns } from './runs.ts'
import { schedulesInForce } from './schedules.ts'

const tags = ['Retention']
const params = z.object({
  run: z
    .string()
    .regex(/^R-\d{8}-[0-9a-f]{12}$/, 'the id of a run is R-, a day and twelve hexadecimal digits')
    .openapi({ param: { name: 'run', in: 'path' }, description: 'Id of the run.' }),
})
const ofApplication = z.object({ application: z.string().max(100).optional() })
const body = <T extends z.ZodType>(schema: T) => ({ required: true, content: { 'application/json': { schema } } })
const reading = problems(400, 401, 404, 406, 500)
const changing = problems(400, 401, 403, 404, 406, 409, 413, 415, 500, 503)

const schedules = createRoute({
  method: 'get',
  path: '/api/retention/schedules',
  tags,
  summary: 'Retention schedules in force',
  request: { query: ofApplication },
  responses: { 200: json(z.array(DomainSchedulesView), 'By domain.'), ...reading },
})
const list = createRoute({
  method: 'get',
  path: '/api/retention/runs',
  tags,
  summary: 'Destruction runs, newest first',
  request: { query: ofApplication },
  responses: { 200: json(z.array(RunSummary), 'The runs.'), ...reading },
})
const start = createRoute({
  method: 'post',
  path: '/api/retention/runs',
  tags,
  summary: 'Plan a destruction',
  description: 'Freezes what is due in a domain as a list. Nothing is destroyed by it.',
  request: { body: body(StartRun) },
  responses: { 201: json(RunDetails, 'Planned.'), ...changing },
})
const read = createRoute({
  method: 'get',
  path: '/api/retention/runs/{run}',
  tags,
  summary: 'A destruction run',
  request: { params },
  responses: { 200: json(RunDetails, 'The run.'), ...reading },
})
const approve = createRoute({
  method: 'post',
  path: '/api/retention/runs/{run}/approve',
  tags,
  summary: 'Approve exactly this list',
  description: 'By somebody else than who planned it, who types how many records are to be destroyed.',
  request: { params, body: body(ApproveRun) },
  responses: { 200: json(RunDetails, 'Approved.'), ...changing },
})
const sendBack = createRoute({
  method: 'post',
  path: '/api/retention/runs/{run}/send-back',
  tags,
  summary: 'Send a list back',
  request: { params, body: body(Reasoned) },
  responses: { 200: json(RunDetails, 'Sent back.'), ...changing },
})
const execute = createRoute({
  method: 'post',
  path: '/api/retention/runs/{run}/execute',
  tags,
  summary: 'Destroy what was approved',
  description: 'Or go on with a run that stopped. It goes on after the answer.',
  request: { params },
  responses: { 202: json(RunDetails, 'Under way.'), ...changing },
})
const pause = createRoute({
  method: 'post',
  path: '/api/retention/runs/{run}/pause',
  tags,
  summary: 'Stop before the next object',
  request: { params },
  responses: { 200: json(RunDetails, 'It stops.'), ...changing },
})
const cancel = createRoute({
  method: 'post',
  path: '/api/retention/runs/{run}/cancel',
  tags,
  summary: 'End a run for good',
  description: 'What was decided before is finished; nothing more is.',
  request: { params },
  responses: { 200: json(RunDetails, 'It ends.'), ...changing },
})

const certificate = createRoute({
  method: 'get',
  path: '/api/retention/runs/{run}/certificate',
  tags,
  summary: 'The certificate of a run',
  description: 'As it was signed, for a stranger to check (docs/certificates.md), and whether it holds here.',
  request: { params },
  responses: { 200: json(CertificateView, 'The certificate.'), ...reading },
})
const proposalParams = z.object({
  id: z
    .string()
    .regex(/^[0-9a-f]{32}$/, 'the id of a proposal has 32 hexadecimal digits')
    .openapi({ param: { name: 'id', in: 'path' }, description: 'Id of the proposal.' }),
})
const proposals = createRoute({
  method: 'get',
  path: '/api/retention/proposals',
  tags,
  summary: 'Proposals of schedules, newest first',
  request: { query: ofApplication },
  responses: { 200: json(z.array(SchedulesProposal), 'The proposals.'), ...reading },
})
const proposal = createRoute({
  method: 'get',
  path: '/api/retention/proposals/{id}',
  tags,
  summary: 'A proposal of schedules',
  request: { params: proposalParams },
  responses: { 200: json(SchedulesProposal, 'The proposal.'), ...reading },
})
const propose = createRoute({
  method: 'post',
  path: '/api/retention/proposals',
  tags,
  summary: 'Propose other schedules of a domain',
  description: 'They come into force when a second person approves them. What would become due is worked out.',
  request: { body: body(ProposeSchedules) },
  responses: { 201: json(SchedulesProposal, 'Proposed.'), ...changing },
})
const approveProposal = createRoute({
  method: 'post',
  path: '/api/retention/proposals/{id}/approve',
  tags,
  summary: 'Put proposed schedules in force',
  request: { params: proposalParams },
  responses: { 200: json(SchedulesProposal, 'In force.'), ...changing },
})
const withdrawProposal = createRoute({
  method: 'post',
  path: '/api/retention/proposals/{id}/withdraw',
  tags,
  summary: "Withdraw one's own proposal of schedules",
  request: { params: proposalParams },
  responses: { 200: json(SchedulesProposal, 'Withdrawn.'), ...changing },
})
const refuseProposal = createRoute({
  method: 'post',
  path: '/api/retention/proposals/{id}/refuse',
  tags,
  summary: 'Refuse proposed schedules',
  request: { params: proposalParams, body: body(Reasoned) },
  responses: { 200: json(SchedulesProposal, 'Refused.'), ...changing },
})
const due = createRoute({
  method: 'get',
  path: '/api/retention/due',
  tags,
  summary: 'What falls due, as it was worked out last',
  request: { query: z.object({ application: z.string().max(100) }) },
  responses: { 200: json(DueCalendar, 'What falls due.'), ...reading },
})
const renewDue = createRoute({
  method: 'post',
  path: '/api/retention/due',
  tags,
  summary: 'Work out anew what falls due',
  request: { query: z.object({ application: z.string().max(100) }) },
  responses: { 202: json(DueCalendar, 'Being worked out.'), ...changing },
})
const record = createRoute({
  method: 'post',
  path: '/api/retention/record',
  tags,
  summary: 'Why a record is still here',
  description: 'Asked in a body: a key belongs into no address.',
  request: { body: body(AskRecord) },
  responses: { 200: json(RecordStanding, 'Why.'), ...changing },
})

export function retentionRoutes(services: Services, retention: Retention) {
  const runs = createRuns(services, retention)
  const changes = createSchedulesChanges(services, retention)
  const calendar = createDue(services, retention)
  const router = createRouter()
  const readers = dutyGuard('manage-holds', 'plan-destruction', 'approve-destruction', 'read-log')
  const planners = dutyGuard('plan-destruction')
  router.use('/api/retention/schedules', readers)
  router.use('/api/retention/due', readers)
  const proposers = dutyGuard('propose-schedules')
  const approvers = dutyGuard('approve-schedules')
  router.use('/api/retention/proposals', async (c, next) =>
    c.req.method === 'POST' ? proposers(c, next) : readers(c, next),
  )
  router.use('/api/retention/proposals/:id', readers)
  router.use('/api/retention/proposals/:id/withdraw', proposers)
  for (const act of ['approve', 'refuse']) router.use(`/api/retention/proposals/:id/${act}`, approvers)
  router.use('/api/retention/runs', async (c, next) => (c.req.method === 'POST' ? planners(c, next) : readers(c, next)))
  router.use('/api/retention/runs/:run', readers)
  router.use('/api/retention/runs/:run/certificate', readers)
  for (const act of ['execute', 'pause', 'cancel']) router.use(`/api/retention/runs/:run/${act}`, planners)
  for (const act of ['approve', 'send-back'])
    router.use(`/api/retention/runs/:run/${act}`, dutyGuard('approve-destruction'))

  const answer = gives('application/json')
  const idIn = (c: { req: { valid(target: 'param'): { run: string } } }) => c.req.valid('param').run
  router.openapi({ ...schedules, middleware: answer }, async (c) =>
    c.json(await schedulesInForce(services, retention, actingIn(c), c.req.valid('query').application), 200),
  )
  router.openapi({ ...list, middleware: answer }, async (c) =>
    c.json(await runs.list(actingIn(c), c.req.valid('query').application), 200),
  )
  router.openapi({ ...start, middleware: answer }, async (c) =>
    c.json(await runs.start(actingIn(c), c.req.valid('json')), 201),
  )
  router.openapi({ ...read, middleware: answer }, async (c) => c.json(await runs.read(actingIn(c), idIn(c)), 200))
  router.openapi({ ...approve, middleware: answer }, async (c) =>
    c.json(await runs.approve(actingIn(c), idIn(c), c.req.valid('json')), 200),
  )
  router.openapi({ ...sendBack, middleware: answer }, async (c) =>
    c.json(await runs.sendBack(actingIn(c), idIn(c), c.req.valid('json').reason), 200),
  )
  router.openapi({ ...execute, middleware: answer }, async (c) => c.json(await runs.execute(actingIn(c), idIn(c)), 202))
  router.openapi({ ...pause, middleware: answer }, async (c) => c.json(await runs.pause(actingIn(c), idIn(c)), 200))
  router.openapi({ ...cancel, middleware: answer }, async (c) => c.json(await runs.cancel(actingIn(c), idIn(c)), 200))
  const proposalIn = (c: { req: { valid(target: 'param'): { id: string } } }) => c.req.valid('param').id
  router.openapi({ ...certificate, middleware: answer }, async (c) =>
    c.json(await runs.certificate(actingIn(c), idIn(c)), 200),
  )
  router.openapi({ ...proposals, middleware: answer }, async (c) =>
    c.json(await changes.list(c.req.valid('query').application), 200),
  )
  router.openapi({ ...proposal, middleware: answer }, async (c) => c.json(await changes.read(proposalIn(c)), 200))
  router.openapi({ ...propose, middleware: answer }, async (c) =>
    c.json(await changes.propose(actingIn(c), c.req.valid('json')), 201),
  )
  router.openapi({ ...approveProposal, middleware: answer }, async (c) =>
    c.json(await changes.approve(actingIn(c), proposalIn(c)), 200),
  )
  router.openapi({ ...withdrawProposal, middleware: answer }, async (c) =>
    c.json(await changes.withdraw(actingIn(c), proposalIn(c)), 200),
  )
  router.openapi({ ...refuseProposal, middleware: answer }, async (c) =>
    c.json(await changes.refuse(actingIn(c), proposalIn(c), c.req.valid('json').reason), 200),
  )
  router.openapi({ ...due, middleware: answer }, async (c) =>
    c.json(await calendar.read(actingIn(c), c.req.valid('query').application), 200),
  )
  router.openapi({ ...renewDue, middleware: answer }, async (c) =>
    c.json(await calendar.renew(actingIn(c), c.req.valid('query').application), 202),
  )
  router.openapi({ ...record, middleware: answer }, async (c) =>
    c.json(await recordStanding(services, retention, actingIn(c), c.req.valid('json')), 200),
  )
  return router
}
