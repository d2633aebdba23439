import { createSocket, type Socket } from 'node:dgram'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'

const TYPED = 'Kovacs-1970-05-04'
const told: string[] = []
let daemon: Socket
let server: Server
let handled: typeof import('../../src/lambda/handled.ts').handled
let s3: S3Client

/** As Lambda starts a function: its environment stands before anything is imported. */
beforeAll(async () => {
  daemon = createSocket('udp4').on('message', (message) => told.push(message.toString()))
  await new Promise<void>((resolve) => daemon.bind(0, '127.0.0.1', resolve))
  server = createServer((_, answer) => {
    const message = `<Error><Code>InvalidRequest</Code><Message>near ${TYPED}</Message></Error>`
    answer.writeHead(400, { 'Content-Type': 'application/xml' }).end(message)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  for (const [name, value] of Object.entries({
    LAMBDA_TASK_ROOT: '/var/task',
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs22.x',
    POWERTOOLS_SERVICE_NAME: 'probe',
    AWS_XRAY_DAEMON_ADDRESS: `127.0.0.1:${daemon.address().port}`,
    _X_AMZN_TRACE_ID: 'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1',
  }))
    vi.stubEnv(name, value)
  handled = (await import('../../src/lambda/handled.ts')).handled
  const { tracedClient } = await import('../../src/lambda/traced-client.ts')
  s3 = tracedClient(
    new S3Client({
      endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      region: 'eu-central-1',
      credentials: { accessKeyId: 'x', secretAccessKey: 'y' },
      forcePathStyle: true,
      maxAttempts: 1,
    }),
  )
})
afterAll(() => {
  vi.unstubAllEnvs()
  s3.destroy()
  daemon.close()
  server.close()
})

async function segments(): Promise<string> {
  for (let left = 50; left > 0 && told.length < 2; left -= 1) await sleep(20)
  return told.splice(0).join('\n')
}

describe('a function of AWS', () => {
  it('traces itself and its calls by service and operation', async () => {
    await handled('probe', async () => s3.send(new GetObjectCommand({ Bucket: 'b', Key: TYPED })).catch(() => 0))()
    const traced = await segments()
    expect(traced).toContain('"name":"## probe"')
    expect(traced).toContain('"Service":"probe"')
    expect(traced).toContain('"operation":"GetObject"')
    expect(traced).toContain('"trace_id":"1-5759e988-bd862e3fe1be46a994272793"')
  })

  it('puts no key, no input, no answer and no message of an error into its traces', async () => {
    const call = handled('probe', async ({ inputs }: { inputs: string }) => {
      await s3.send(new GetObjectCommand({ Bucket: 'b', Key: inputs }))
    })
    await expect(call({ inputs: TYPED })).rejects.toThrow()
    const traced = await segments()
    expect(traced).toContain('"fault":true')
    expect(traced).not.toMatch(/Kovacs|1970|InvalidRequest|127\.0\.0\.1/)
  })

  it('returns what it is asked for', async () => {
    expect(await handled('probe', async (one: number, other: number) => one + other)(1, 2)).toBe(3)
    await segments()
  })

  it('throws nothing but its name: what is thrown stands in logs and in the queue of failed calls', async () => {
    const call = handled('probe', async () => {
      throw new Error(`no policy of ${TYPED}`)
    })
    const error = await call().catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(Error)
    expect(String(error)).toBe('Error: The function probe failed; its log says why.')
    expect((error as Error).cause).toBeUndefined()
    await segments()
  })
})
