import { createHash } from 'node:crypto'
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createBucket, type FakeBucket } from './bucket.ts'
import { createFaults } from './faults.ts'
import { Refusal } from './refusal.ts'
import { element, errorXml, listXml, versionsXml } from './xml.ts'

interface Call {
  operation: string
  key: string
  query: URLSearchParams
  headers: IncomingHttpHeaders
  body: Buffer
}

interface Answer {
  status: number
  headers?: Record<string, string>
  body?: Buffer | string
}

const OPERATIONS: [string, (query: URLSearchParams, key: string) => boolean, string][] = [
  ['GET', (query) => query.has('versions'), 'ListObjectVersions'],
  ['GET', (query) => query.has('versioning'), 'GetBucketVersioning'],
  ['GET', (query) => query.get('list-type') === '2', 'ListObjectsV2'],
  ['GET', (_query, key) => key !== '', 'GetObject'],
  ['HEAD', (_query, key) => key !== '', 'HeadObject'],
  ['PUT', (query) => query.has('uploadId'), 'UploadPart'],
  ['PUT', (_query, key) => key !== '', 'PutObject'],
  ['POST', (query) => query.has('uploads'), 'CreateMultipartUpload'],
  ['POST', (query) => query.has('uploadId'), 'CompleteMultipartUpload'],
  ['DELETE', (query) => query.has('uploadId'), 'AbortMultipartUpload'],
  ['DELETE', (_query, key) => key !== '', 'DeleteObject'],
]

function metadataIn(headers: IncomingHttpHeaders): Record<string, string> {
  const own = Object.entries(headers).filter(([name]) => name.startsWith('x-amz-meta-'))
  return Object.fromEntries(own.map(([name, value]) => [name, String(value)]))
}

/** Headers that a presigned address asks for. */
function asked(query: URLSearchParams): Record<string, string> {
  const names = [...query.keys()].filter((name) => /^response-(content-(type|disposition)|cache-control)$/.test(name))
  return Object.fromEntries(names.map((name) => [name.slice('response-'.length), query.get(name) ?? '']))
}

function read(bucket: FakeBucket, { key, headers, operation, query }: Call): Answer {
  const object = bucket.current(key)
  if (!object) throw new Refusal(404, 'NoSuchKey')
  const { body, etag, modified, metadata } = object
  if (headers['if-match'] !== undefined && headers['if-match'] !== `"${etag}"`)
    throw new Refusal(412, 'PreconditionFailed')
  const common = { etag: `"${etag}"`, 'last-modified': modified.toUTCString(), ...metadata, ...asked(query) }
  if (operation === 'HeadObject') return { status: 200, headers: { ...common, 'content-length': String(body.length) } }
  const range = /^bytes=(\d+)-(\d*)$/.exec(headers.range ?? '')
  if (!range) return { status: 200, headers: common, body }
  const start = Number(range[1])
  const end = range[2] === '' ? body.length : Math.min(body.length, Number(range[2]) + 1)
  if (start >= body.length || start >= end) throw new Refusal(416, 'InvalidRange')
  const shown = { ...common, 'content-range': `bytes ${start}-${end - 1}/${body.length}` }
  return { status: 206, headers: shown, body: body.subarray(start, end) }
}

function completed(body: Buffer): { number: number; etag: string }[] {
  return [...body.toString().matchAll(/<Part>(.*?)<\/Part>/gs)].map(([, part = '']) => ({
    number: Number(/<PartNumber>(\d+)</.exec(part)?.[1]),
    etag: (/<ETag>(.*?)</.exec(part)?.[1] ?? '').replaceAll('&quot;', '"'),
  }))
}

function carryOut(
  bucket: FakeBucket,
  call: Call,
  { pageSize, versioned }: { pageSize: number; versioned: boolean },
): Answer {
  const { operation, key, query, headers, body } = call
  const conditions = { ifMatch: headers['if-match'], ifNoneMatch: headers['if-none-match'] }
  const upload = query.get('uploadId') ?? ''
  switch (operation) {
    case 'GetObject':
    case 'HeadObject':
      return read(bucket, call)
    case 'PutObject': {
      const { etag, id } = bucket.put(key, body, metadataIn(headers), conditions)
      return { status: 200, headers: { etag: `"${etag}"`, ...(versioned ? { 'x-amz-version-id': id } : {}) } }
    }
    case 'DeleteObject': {
      const version = query.get('versionId')
      if (version === null) bucket.remove(key, conditions)
      else bucket.removeVersion(key, version)
      return { status: 204 }
    }
    case 'ListObjectsV2':
      return { status: 200, body: listXml(bucket, query, pageSize) }
    case 'ListObjectVersions':
      return { status: 200, body: versionsXml(bucket, query, pageSize) }
    case 'GetBucketVersioning':
      return { status: 200, body: element('VersioningConfiguration', versioned ? element('Status', 'Enabled') : '') }
    case 'CreateMultipartUpload': {
      const id = bucket.begin(key, metadataIn(headers))
      return { status: 200, body: element('InitiateMultipartUploadResult', element('UploadId', id)) }
    }
    case 'UploadPart':
      return { status: 200, headers: { etag: `"${bucket.addPart(upload, Number(query.get('partNumber')), body)}"` } }
    case 'CompleteMultipartUpload': {
      const { etag } = bucket.complete(upload, completed(body), conditions)
      return { status: 200, body: element('CompleteMultipartUploadResult', element('ETag', `&quot;${etag}&quot;`)) }
    }
    case 'AbortMultipartUpload':
      bucket.abort(upload)
      return { status: 204 }
    default:
      throw new Refusal(501, 'NotImplemented')
  }
}

async function callOf(request: IncomingMessage): Promise<Call & { bucket: string }> {
  const url = new URL(request.url ?? '/', 'http://fake')
  const [, bucket = '', ...rest] = url.pathname.split('/')
  const key = rest.map(decodeURIComponent).join('/')
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const operation = OPERATIONS.find(([method, fits]) => method === request.method && fits(url.searchParams, key))?.[2]
  const body = Buffer.concat(chunks)
  const call = { operation: operation ?? 'unknown', key, query: url.searchParams, headers: request.headers, body }
  return { ...call, bucket: decodeURIComponent(bucket) }
}

/** Bytes that were harmed on the way are refused, as S3 does. */
function checkBody({ headers, body }: Call) {
  const sha256 = headers['x-amz-content-sha256']
  if (typeof sha256 !== 'string' || !/^[0-9a-f]{64}$/.test(sha256)) return
  if (createHash('sha256').update(body).digest('hex') !== sha256) throw new Refusal(400, 'XAmzContentSHA256Mismatch')
}

function answerTo(act: () => Answer): Answer {
  try {
    return act()
  } catch (error) {
    if (error instanceof Refusal) return { status: error.status, body: errorXml(error.code) }
    throw error
  }
}

function send(response: ServerResponse, method: string, { status, headers = {}, body = '' }: Answer, cutAt?: number) {
  const length = method === 'HEAD' ? {} : { 'content-length': String(Buffer.byteLength(body)) }
  response.writeHead(status, { ...length, ...headers })
  if (method === 'HEAD') return response.end()
  if (cutAt === undefined) return response.end(body)
  // The bytes must be on their way before the connection breaks.
  return response.write(Buffer.from(body).subarray(0, cutAt), () => setTimeout(() => response.destroy(), 20))
}

/** One bucket, `bucket`, of an S3 on loopback. It holds what it is given in memory. */
export async function startFakeS3({ versioned = false, opaqueEtags = false, pageSize = 1000 } = {}) {
  const bucket = createBucket({ versioned, opaqueEtags })
  const faults = createFaults()
  const calls: string[] = []
  let late: (() => Answer)[] = []

  async function handle(request: IncomingMessage, response: ServerResponse) {
    const call = await callOf(request)
    calls.push(call.operation)
    for (const act of late.splice(0)) answerTo(act)
    const act = () => {
      if (call.bucket !== 'bucket') throw new Refusal(404, 'NoSuchBucket')
      checkBody(call)
      return carryOut(bucket, call, { pageSize, versioned })
    }
    const fault = faults.take(call.operation)
    const method = request.method ?? ''
    const told = (status: number) =>
      fault && 'code' in fault ? { status, body: errorXml(fault.code) } : { status: 500, body: '' }
    switch (fault?.kind) {
      case undefined:
        return send(response, method, answerTo(act))
      case 'loseRequest':
        return response.destroy()
      case 'late':
        late.push(act)
        return response.destroy()
      case 'loseReply':
        answerTo(act)
        return response.destroy()
      case 'hang':
        return answerTo(act)
      case 'echo':
        answerTo(act)
        return send(response, method, answerTo(act))
      case 'error':
        return send(response, method, told(fault.status))
      case 'errorAfter':
        answerTo(act)
        return send(response, method, told(fault.status))
      case 'errorIn200':
        return send(response, method, told(200))
      case 'cut':
        return send(response, method, answerTo(act), fault.bytes)
    }
  }

  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    bucket,
    faults,
    /** Operations in the order in which they came. */
    calls,
    async close() {
      late = []
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

export type FakeS3 = Awaited<ReturnType<typeof startFakeS3>>
