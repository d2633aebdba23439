import { createRoute, z } from '@hono/zod-openapi'
import { createRouter, json } from '../shared/router.ts'
import type { Services } from '../shared/services.ts'

const Health = z.object({ status: z.literal('ok'), engine: z.string() }).openapi('Health')

const health = createRoute({
  method: 'get',
  path: '/api/health',
  tags: ['Service'],
  summary: 'Whether the server is up',
  responses: { 200: json(Health, 'It is.') },
})

export function healthRoutes({ engine }: Services) {
  return createRouter().openapi(health, (c) => c.json({ status: 'ok' as const, engine: engine.name }, 200))
}
