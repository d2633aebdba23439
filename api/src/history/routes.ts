import { createRoute, z } from '@hono/zod-openapi'
import { SearchList } from '../contract.ts'
import { searchIdPattern } from '../shared/ids.ts'
import { actingIn, createRouter, json, problems } from '../shared/router.ts'
import type { Services } from '../shared/services.ts'
import { listSearches, seesBy } from './history.ts'

const list = createRoute({
  method: 'get',
  path: '/api/searches',
  tags: ['Searches'],
  summary: "One's own searches",
  description:
    'Newest first. `next` of one page is `before` of the next. What one may not see any more is left out and not counted; where one sees less ' +
    'than then, `rows` is absent.',
  request: {
    query: z.object({
      before: z
        .string()
        .regex(searchIdPattern, 'before is the id of a search')
        .optional()
        .openapi({ description: 'Only searches older than this one.' }),
      limit: z.coerce
        .number('limit is a whole number')
        .int('limit is a whole number')
        .min(1, 'limit is 1 or more')
        .max(200, 'limit is at most 200')
        .default(50)
        .openapi({ description: 'Searches a page.' }),
    }),
  },
  responses: { 200: json(SearchList, 'A page of the history.'), ...problems(400, 401, 500) },
})

export function historyRoutes(services: Services) {
  return createRouter().openapi(list, async (c) => {
    const { before, limit } = c.req.valid('query')
    const acting = actingIn(c)
    return c.json(await listSearches(services, acting.person, { before, limit, sees: seesBy(services, acting) }), 200)
  })
}
