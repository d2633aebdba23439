import { type IncomingHttpHeaders, type IncomingMessage, request, type ServerResponse } from 'node:http'

export interface Reply {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

export interface Forwarded {
  readonly method: string
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

/** The same request at MiniStack, which goes by its Host; over what counts as TLS there. */
export function forward(endpoint: string, { method, path, headers, body }: Forwarded): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const call = request(
      endpoint,
      { method, path, headers: { ...headers, 'x-forwarded-proto': 'https' } },
      (incoming) => {
        readAll(incoming).then(
          (read) => resolve({ status: incoming.statusCode ?? 502, headers: incoming.headers, body: read }),
          reject,
        )
      },
    )
    call.on('error', reject)
    call.end(body)
  })
}

export async function readAll(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of message) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

/** What concerns one connection only, and lengths, which are reckoned again. */
const ofTheConnection = new Set(['connection', 'keep-alive', 'transfer-encoding', 'content-length'])

export function answer(response: ServerResponse, { status, headers, body }: Reply): void {
  for (const [name, value] of Object.entries(headers))
    if (value !== undefined && !ofTheConnection.has(name)) response.setHeader(name, value)
  response.writeHead(status)
  response.end(body)
}
