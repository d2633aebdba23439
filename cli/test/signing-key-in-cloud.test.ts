import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { openOnFake } from '../../archive/test/store/s3-support.ts'
import { auditKey } from '../src/commands/audit.ts'

const asked: { path: string; event: unknown }[] = []
const answers: [status: number, body: unknown, headers?: Record<string, string>][] = []
let server: Server
let fake: Awaited<ReturnType<typeof openOnFake>>

beforeAll(async () => {
  fake = await openOnFake()
  server = createServer((request, answer) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      asked.push({ path: request.url ?? '', event: JSON.parse(Buffer.concat(chunks).toString()) })
      const [status, body, headers = {}] = answers.shift() ?? [500, {}]
      answer.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(JSON.stringify(body))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const settings = {
    MUNIMENT_BUCKET: 'bucket',
    MUNIMENT_SECRETS_BUCKET: 'bucket',
    MUNIMENT_DATABASE_PREFIX: 'muniment_demo_',
    MUNIMENT_TOKEN: '',
    AWS_ENDPOINT_URL: fake.s3.endpoint,
    AWS_ENDPOINT_URL_LAMBDA: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_MAX_ATTEMPTS: '1',
  }
  for (const [name, value] of Object.entries(settings)) vi.stubEnv(name, value)
})
beforeEach(() => {
  asked.length = 0
})
afterAll(async () => {
  vi.unstubAllEnvs()
  await fake.close()
  server.close()
})

async function printed(options: { rotate?: boolean } = {}): Promise<string[]> {
  const lines: string[] = []
  const spy = vi.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line))
  await auditKey(options).finally(() => spy.mockRestore())
  return lines
}

describe('muniment audit key in AWS', () => {
  it('says who has to act where the sealer has told no key yet', async () => {
    await expect(printed()).rejects.toThrow(/within a minute of a deployment/)
  })

  it('has the sealer put the next key in force, for whoever asks, also where it is at work just now', async () => {
    const busy = { 'x-amzn-errortype': 'TooManyRequestsException' }
    answers.push([429, { message: 'busy' }, busy], [200, { key: 'muniment/x+00000000+A', rotated: true }])
    expect(await printed({ rotate: true })).toEqual(['muniment/x+00000000+A'])
    expect(asked.map(({ path }) => path)).toEqual(
      Array(2).fill('/2015-03-31/functions/muniment-demo-sealer/invocations'),
    )
    expect(asked[1]?.event).toEqual({ rotate: { id: expect.stringMatching(/^account:/), groups: [] } })
  })

  it('says how to make a next key where none was deployed', async () => {
    answers.push([200, { key: 'muniment/x+00000000+A', rotated: false }])
    await expect(printed({ rotate: true })).rejects.toThrow(/Raise signingKeys/)
  })

  it('does not take a failed function for one that did it', async () => {
    answers.push([200, { errorMessage: 'The function sealer failed' }, { 'x-amz-function-error': 'Unhandled' }])
    await expect(printed({ rotate: true })).rejects.toThrow(/muniment-demo-sealer failed/)
  })
})
