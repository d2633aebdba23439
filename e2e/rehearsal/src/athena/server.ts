import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Gate } from '../run/gate.ts'
import { controlFaults } from './control.ts'
import { ServiceError } from './errors.ts'
import type { Athena } from './service.ts'

export interface AthenaServer {
  /** `http://127.0.0.1:<port>` */
  readonly endpoint: string
  stop(): Promise<void>
}

const target = 'AmazonAthena.'
/** Far above any query text that is accepted, so that one that is too long is refused by its own rule. */
const mostBytes = 8_000_000

/** The service on a port of this machine, by AWS's JSON 1.1 protocol. */
export async function serveAthena(
  athena: Athena,
  { port = 0, gate }: { port?: number; gate?: Gate | undefined } = {},
): Promise<AthenaServer> {
  const server = createServer((request, response) => {
    answer(athena, gate, request, response).catch((error: unknown) => reply(response, 500, errorBody(internal(error))))
  })
  await new Promise<void>((resolve, reject) => {
    server.on('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  return { endpoint: `http://127.0.0.1:${portOf(server)}`, stop: () => stop(server, athena) }
}

async function stop(server: Server, athena: Athena): Promise<void> {
  await athena.close()
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
}

function portOf(server: Server): number {
  const address = server.address()
  return typeof address === 'object' && address ? address.port : 0
}

async function answer(
  athena: Athena,
  gate: Gate | undefined,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await read(request)
  if (request.url?.startsWith('/_rehearsal/')) {
    const { status, body: text } = controlFaults(athena, request.method ?? 'GET', request.url, body)
    return reply(response, status, text)
  }
  try {
    const named = request.headers['x-amz-target']
    if (request.method !== 'POST' || typeof named !== 'string' || !named.startsWith(target)) {
      throw new ServiceError(
        'UnknownOperationException',
        `Expected POST with the header X-Amz-Target: ${target}...`,
        {},
        404,
      )
    }
    if (!request.headers.authorization?.startsWith('AWS4-')) {
      throw new ServiceError('MissingAuthenticationTokenException', 'Missing Authentication Token', {}, 403)
    }
    const operation = named.slice(target.length)
    const input = parse(body)
    const caller = await gate?.(request, body, athena.resourceOf(operation, input))
    if (caller && 'status' in caller)
      return reply(response, caller.status, caller.body, { 'x-amzn-ErrorType': caller.type })
    const output = await athena.call(operation, input, caller)
    if (athena.faults.losesReply(operation)) return void request.socket.destroy()
    reply(response, 200, JSON.stringify(output, dates))
  } catch (error) {
    const known = error instanceof ServiceError ? error : internal(error)
    reply(response, known.status, errorBody(known), { 'x-amzn-ErrorType': known.code })
  }
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body || '{}')
  } catch {
    throw new ServiceError('SerializationException', 'The body is not JSON')
  }
}

const internal = (error: unknown) =>
  new ServiceError('InternalServerException', error instanceof Error ? error.message : String(error), {}, 500)

const errorBody = ({ code, message, members }: ServiceError) =>
  JSON.stringify({ __type: code, Message: message, ...members })

/** Points in time are seconds since 1970 in this protocol; JSON.stringify would have made text of them already. */
function dates(this: Record<string, unknown>, key: string, value: unknown): unknown {
  const original = this[key]
  return original instanceof Date ? original.getTime() / 1000 : value
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > mostBytes) throw new ServiceError('RequestEntityTooLargeException', 'The body is too large', {}, 413)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function reply(response: ServerResponse, status: number, body: string, headers: Record<string, string> = {}): void {
  response.writeHead(status, {
    'content-type': 'application/x-amz-json-1.1',
    'x-amzn-RequestId': randomUUID(),
    ...headers,
  })
  response.end(body)
}
