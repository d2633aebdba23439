import { createRoute, z } from '@hono/zod-openapi'
import { Duty } from '@muniment/archive/access/rules'
import { Me, PurposeReason } from '../contract.ts'
import { actingIn, createRouter, json, problems } from '../shared/router.ts'
import type { Services } from '../shared/services.ts'

const me = createRoute({
  method: 'get',
  path: '/api/me',
  tags: ['Service'],
  summary: 'Who is asking',
  responses: { 200: json(Me, 'The person.'), ...problems(401, 500) },
})

const purposes = createRoute({
  method: 'get',
  path: '/api/purposes',
  tags: ['Service'],
  summary: 'Reasons for a search',
  description: 'The list from which the purpose of a search is chosen, where no request stands behind it.',
  responses: { 200: json(z.array(PurposeReason), 'The reasons.'), ...problems(401) },
})

export function meRoutes(services: Services) {
  return createRouter()
    .openapi(me, async (c) => {
      const { person, rights } = actingIn(c)
      const { id, name, groups } = person
      const { roles, rules, contact } = rights
      const duties = Duty.options.filter((duty) => rights.has(duty))
      const limits = await services.usage.of(id, rights.limits)
      return c.json({ id, name, groups, roles, duties, rules, contact, limits }, 200)
    })
    .openapi(purposes, (c) => c.json(services.purposes, 200))
}
