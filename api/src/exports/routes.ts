import { createRoute, z } from '@hono/zod-openapi'
import { Estimate, Export, ExportAddress, StartExport } from '../contract.ts'
import { exportIdPattern, searchIdPattern } from '../shared/ids.ts'
import { gives } from '../shared/negotiate.ts'
import { actingIn, createRouter, json, problems } from '../shared/router.ts'
import type { Services } from '../shared/services.ts'
import { createExports } from './exports.ts'

const params = z.object({
  id: z
    .string()
    .regex(exportIdPattern, 'an export id is the id of its search, an underscore and twelve hexadecimal digits')
    .openapi({ description: 'Id of the export.' }),
})
const seeOther = {
  description: 'The file is at this address for five minutes.',
  headers: { Location: { schema: { type: 'string' as const }, description: 'Short-lived address of the file.' } },
}

const searchId = z.object({
  id: z
    .string()
    .regex(searchIdPattern, 'a search id looks like 019ab3c4-5d6e-7f80-9a1b-2c3d4e5f6071')
    .openapi({ description: 'Id of the search.' }),
})

const start = createRoute({
  method: 'post',
  path: '/api/searches/{id}/exports',
  tags: ['Exports'],
  summary: 'Export a panel',
  description: 'Runs the query in full into a file, as a job. Poll the address in Location.',
  request: {
    params: searchId,
    body: { required: true, content: { 'application/json': { schema: StartExport } } },
  },
  responses: {
    202: {
      ...json(Export, 'Begun.'),
      headers: { Location: { schema: { type: 'string' }, description: 'Where the export is.' } },
    },
    ...problems(400, 401, 403, 404, 406, 409, 413, 415, 422, 429, 500, 503),
  },
})

const estimate = createRoute({
  method: 'post',
  path: '/api/searches/{id}/exports/estimate',
  tags: ['Exports'],
  summary: 'Cost of an export',
  description: 'What an export would read at most, and whether the budget allows that. Nothing is run.',
  request: {
    params: searchId,
    body: { required: true, content: { 'application/json': { schema: StartExport } } },
  },
  responses: {
    200: json(Estimate, 'The bound.'),
    ...problems(400, 401, 403, 404, 406, 409, 413, 415, 422, 429, 500, 503),
  },
})

const read = createRoute({
  method: 'get',
  path: '/api/exports/{id}',
  tags: ['Exports'],
  summary: 'State of an export',
  request: { params },
  responses: { 200: json(Export, 'The export.'), ...problems(400, 401, 404, 406, 500) },
})

const cancel = createRoute({
  method: 'delete',
  path: '/api/exports/{id}',
  tags: ['Exports'],
  summary: 'Cancel an export',
  description:
    'Stops its work in the engine too and removes what was written. Cancelling an ended export changes nothing.',
  request: { params },
  responses: { 200: json(Export, 'The export as it is now.'), ...problems(400, 401, 403, 404, 406, 500) },
})

const file = createRoute({
  method: 'get',
  path: '/api/exports/{id}/file',
  tags: ['Exports'],
  summary: 'The exported file',
  request: { params },
  responses: { 303: seeOther, ...problems(400, 401, 404, 409, 410, 422, 500, 503) },
})

const companion = createRoute({
  method: 'get',
  path: '/api/exports/{id}/companion',
  tags: ['Exports'],
  summary: 'What the exported file is',
  description: 'JSON that says what was searched, when, by whom, for which purpose, and the hash of the file.',
  request: { params },
  responses: { 303: seeOther, ...problems(400, 401, 404, 409, 410, 422, 500, 503) },
})

const address = createRoute({
  method: 'post',
  path: '/api/exports/{id}/address',
  tags: ['Exports'],
  summary: 'A short-lived address of the exported file',
  description:
    'For browsers, which fetch files by navigating and show no token then. The address itself is the proof: it opens one file, made for ' +
    'one person, for five minutes.',
  request: {
    params,
    body: {
      required: true,
      content: { 'application/json': { schema: z.strictObject({ of: z.enum(['file', 'companion']) }) } },
    },
  },
  responses: {
    200: json(ExportAddress, 'Where it is.'),
    ...problems(400, 401, 403, 404, 406, 409, 410, 413, 415, 422, 500, 503),
  },
})

export function exportRoutes(services: Services) {
  const exports = createExports(services)
  const router = createRouter()

  router.openapi({ ...start, middleware: gives('application/json') }, async (c) => {
    const made = await exports.start(actingIn(c), c.req.valid('param').id, c.req.valid('json'))
    return c.json(made, 202, { Location: `/api/exports/${made.id}`, 'Retry-After': '1' })
  })
  router.openapi({ ...estimate, middleware: gives('application/json') }, async (c) =>
    c.json(await exports.estimate(actingIn(c), c.req.valid('param').id, c.req.valid('json')), 200),
  )
  router.openapi({ ...read, middleware: gives('application/json') }, async (c) =>
    c.json(await exports.read(actingIn(c), c.req.valid('param').id), 200),
  )
  router.openapi({ ...cancel, middleware: gives('application/json') }, async (c) =>
    c.json(await exports.cancel(actingIn(c), c.req.valid('param').id), 200),
  )
  router.openapi(file, async (c) =>
    c.redirect(await exports.address(actingIn(c), c.req.valid('param').id, 'file'), 303),
  )
  router.openapi(companion, async (c) =>
    c.redirect(await exports.address(actingIn(c), c.req.valid('param').id, 'companion'), 303),
  )
  router.openapi({ ...address, middleware: gives('application/json') }, async (c) => {
    const { of } = c.req.valid('json')
    const found = await exports.address(actingIn(c), c.req.valid('param').id, of)
    const until = new Date(services.clock().getTime() + services.limits.fileAddressMs).toISOString()
    return c.json({ address: found, until }, 200)
  })
  return router
}
