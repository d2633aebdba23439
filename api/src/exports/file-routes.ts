import { Readable } from 'node:stream'
import { createRoute, z } from '@hono/zod-openapi'
import { NotFoundError } from '@muniment/archive/errors'
import { identify, notSignedIn } from '../shared/guards.ts'
import { createRouter, problems } from '../shared/router.ts'
import type { Services } from '../shared/services.ts'
import { type FileAddress, readFileToken } from './file-address.ts'

const download = createRoute({
  method: 'get',
  path: '/api/files/{token}',
  tags: ['Exports'],
  summary: 'A file by its short-lived address',
  description:
    'The address was made for one person who may have the file, and opens it for five minutes. Whoever shows a token besides has to be ' +
    'that person.',
  request: { params: z.object({ token: z.string().max(4_000).openapi({ description: 'As given.' }) }) },
  responses: {
    200: {
      description: 'The file.',
      content: { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } },
    },
    ...problems(401, 404, 410, 500),
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
    return streamFile(services, address, c.req.method === 'HEAD')
  })
  return router
}

async function streamFile(
  { store }: Services,
  { key, fileName, contentType }: FileAddress,
  headOnly: boolean,
): Promise<Response> {
  const found = await store.head(key)
  if (!found) throw new NotFoundError()
  // A body that nobody reads would keep its file open.
  const stream = headOnly ? undefined : await store.stream(key, { etag: found.etag })
  return new Response(stream ? (Readable.toWeb(stream) as ReadableStream<Uint8Array>) : null, {
    headers: {
      'Content-Type': contentType,
      'Content-Length': String(found.size),
      // RFC 6266: the plain name for all, the encoded one for names beyond ASCII.
      'Content-Disposition': `attachment; filename="${fileName.replace(/[^\w.-]/g, '_')}"; filename*=UTF-8''${encodeURIComponent(fileName)}`,
    },
  })
}
