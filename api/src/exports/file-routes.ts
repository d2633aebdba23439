import { createRoute, z } from '@hono/zod-openapi'
import { identify, notSignedIn } from '../shared/guards.ts'
import { createRouter, problems } from '../shared/router.ts'
import type { Services } from '../shared/services.ts'
import { readFileToken } from './file-address.ts'
import { takeFile } from './take-file.ts'

const download = createRoute({
  method: 'get',
  path: '/api/files/{token}',
  tags: ['Exports'],
  summary: 'A file by its short-lived address',
  description:
    'The address was made for one person who may have the file, and opens it three times within five minutes, as long as that person may ' +
    'have it. Whoever shows a token besides has to be that person.',
  request: { params: z.object({ token: z.string().max(4_000).openapi({ description: 'As given.' }) }) },
  responses: {
    200: {
      description: 'The file.',
      content: { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } },
    },
    ...problems(401, 404, 410, 500, 503),
  },
})

/** Browsers fetch files by navigating, without a token: here the address is the proof. */
export function fileRoutes(services: Services) {
  const { identity, secret, clock } = services
  const router = createRouter()
  router.openapi(download, async (c) => {
    const person = await identify(identity, c.req.raw)
    if (!person && c.req.header('authorization') !== undefined) throw notSignedIn(c.req.raw)
    const address = readFileToken(secret, c.req.valid('param').token, person?.id, clock())
    return takeFile(services, address, c.req.method === 'HEAD')
  })
  return router
}
