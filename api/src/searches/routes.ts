import { createRoute, z } from '@hono/zod-openapi'
import { AskEstimate, Estimate, Search, StartSearch } from '../contract.ts'
import { searchIdPattern } from '../shared/ids.ts'
import { gives } from '../shared/negotiate.ts'
import { waitSeconds } from '../shared/prefer.ts'
import { actingIn, createRouter, json, problems } from '../shared/router.ts'
import { hasEnded } from '../shared/search-record.ts'
import type { Services } from '../shared/services.ts'
import { createSearches } from './searches.ts'

const id = z
  .string()
  .regex(searchIdPattern, 'a search id looks like 019ab3c4-5d6e-7f80-9a1b-2c3d4e5f6071')
  .openapi({ param: { name: 'id', in: 'path' }, description: 'Id of the search (UUIDv7).' })

const prefer = z.object({
  prefer: z.string().optional().openapi({
    description: '`wait=N`: seconds to wait for the end before answering, at most 25 (RFC 7240).',
    example: 'wait=10',
  }),
})

const whole = (what: string, least: number, most: number) =>
  z.coerce
    .number(`${what} is a whole number`)
    .int(`${what} is a whole number`)
    .min(least, `${what} is ${least} or more`)
    .max(most, `${what} is at most ${most}`)

const pageQuery = z.object({
  page: whole('page', 1, 1_000_000).default(1).openapi({ description: 'Page, from 1.' }),
  size: whole('size', 1, 500).default(50).openapi({ description: 'Rows a page.' }),
  sort: z
    .string()
    .max(100)
    .optional()
    .openapi({ description: "A column or one of the panel's orders; `-` before it descends.", example: '-amount' }),
  columns: z
    .string()
    .max(4_000)
    .optional()
    .openapi({ description: 'Columns to show, in this order, joined by commas; hidden ones may be among them.' }),
  dates: z.enum(['long', 'iso']).default('long').openapi({ description: 'How dates are written.' }),
})

const start = createRoute({
  method: 'post',
  path: '/api/searches',
  tags: ['Searches'],
  summary: 'Search',
  description:
    'Starts one run of a use case for a purpose. Its panels are read independently; poll the address in Location, or ask to wait.',
  request: {
    headers: prefer,
    body: { required: true, content: { 'application/json': { schema: StartSearch } } },
  },
  responses: {
    200: json(Search, 'Ended within the time that `Prefer: wait` allowed.'),
    202: {
      ...json(Search, 'Begun.'),
      headers: { Location: { schema: { type: 'string' }, description: 'Where the search is.' } },
    },
    ...problems(400, 401, 403, 404, 406, 409, 413, 415, 422, 429, 500, 503),
  },
})

const estimate = createRoute({
  method: 'post',
  path: '/api/searches/estimate',
  tags: ['Searches'],
  summary: 'Cost of a search',
  description:
    'What a search would read at most, and whether its budget allows that. Nothing is run, and no purpose is needed.',
  request: { body: { required: true, content: { 'application/json': { schema: AskEstimate } } } },
  responses: {
    200: json(Estimate, 'The bound.'),
    ...problems(400, 401, 403, 404, 406, 409, 413, 415, 429, 500, 503),
  },
})

const read = createRoute({
  method: 'get',
  path: '/api/searches/{id}',
  tags: ['Searches'],
  summary: 'State of a search',
  request: { params: z.object({ id }), headers: prefer },
  responses: { 200: json(Search, 'The search with its panels.'), ...problems(400, 401, 404, 406, 500) },
})

const cancel = createRoute({
  method: 'delete',
  path: '/api/searches/{id}',
  tags: ['Searches'],
  summary: 'Cancel a search',
  description: 'Stops its work in the engine too. Cancelling an ended search changes nothing.',
  request: { params: z.object({ id }) },
  responses: { 200: json(Search, 'The search as it is now.'), ...problems(400, 401, 403, 404, 406, 500) },
})

const panel = createRoute({
  method: 'get',
  path: '/api/searches/{id}/panels/{panel}',
  tags: ['Searches'],
  summary: 'A page of a panel',
  description: 'An HTML fragment rendered from the stored result: paging and sorting never run the query again.',
  request: {
    params: z.object({ id, panel: z.string().max(100).openapi({ description: 'Name of the panel.' }) }),
    query: pageQuery,
    headers: prefer,
  },
  responses: {
    200: { description: 'The fragment.', content: { 'text/html': { schema: z.string() } } },
    ...problems(400, 401, 404, 406, 409, 410, 422, 500, 503),
  },
})

const print = createRoute({
  method: 'post',
  path: '/api/searches/{id}/prints',
  tags: ['Searches'],
  summary: 'Note that a print view opens',
  description: 'Once this has answered it stands in the audit log, and the print view may open.',
  request: { params: z.object({ id }) },
  responses: { 204: { description: 'Noted.' }, ...problems(400, 401, 403, 404, 410, 500, 503) },
})

export function searchRoutes(services: Services) {
  const searches = createSearches(services)
  const router = createRouter()
  const seconds = (header: string | undefined) => waitSeconds(header, services.limits.waitSeconds)

  router.openapi({ ...start, middleware: gives('application/json') }, async (c) => {
    const wait = seconds(c.req.valid('header').prefer)
    const search = await searches.start(actingIn(c), c.req.valid('json'), wait)
    if (wait > 0) c.header('Preference-Applied', `wait=${wait}`)
    const location = `/api/searches/${search.id}`
    if (hasEnded(search.state)) return c.json(search, 200, { 'Content-Location': location })
    return c.json(search, 202, { Location: location, 'Retry-After': '1' })
  })

  router.openapi({ ...estimate, middleware: gives('application/json') }, async (c) =>
    c.json(await searches.estimate(actingIn(c), c.req.valid('json')), 200),
  )

  router.openapi({ ...read, middleware: gives('application/json') }, async (c) =>
    c.json(await searches.read(actingIn(c), c.req.valid('param').id, seconds(c.req.valid('header').prefer)), 200),
  )

  router.openapi({ ...cancel, middleware: gives('application/json') }, async (c) =>
    c.json(await searches.cancel(actingIn(c), c.req.valid('param').id), 200),
  )

  router.openapi(print, async (c) => {
    await searches.print(actingIn(c), c.req.valid('param').id)
    return c.body(null, 204)
  })

  router.openapi({ ...panel, middleware: gives('text/html') }, async (c) => {
    const { id, panel: name } = c.req.valid('param')
    const wait = seconds(c.req.valid('header').prefer)
    return c.html(await searches.fragment(actingIn(c), id, name, c.req.valid('query'), wait))
  })

  return router
}
