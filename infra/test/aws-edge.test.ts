import { createServer, type Server } from 'node:http'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { awsEdge } from '../src/deploy/aws-edge.ts'

let server: Server
const parameters = new Map<string, string>()
const asked: string[] = []

beforeAll(async () => {
  server = createServer((request, answer) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString()
      const target = request.headers['x-amz-target']
      asked.push(target === undefined ? (/Action=(\w+)/.exec(body)?.[1] ?? '') : String(target))
      if (target === undefined) {
        answer.setHeader('Content-Type', 'text/xml')
        answer.end(
          '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Account>111122223333</Account></GetCallerIdentityResult></GetCallerIdentityResponse>',
        )
        return
      }
      const value = parameters.get((JSON.parse(body) as { Name: string }).Name)
      answer.setHeader('Content-Type', 'application/x-amz-json-1.1')
      answer.statusCode = value === undefined ? 400 : 200
      answer.end(
        JSON.stringify(value === undefined ? { __type: 'ParameterNotFound' } : { Parameter: { Value: value } }),
      )
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  for (const [name, value] of Object.entries({
    AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
    AWS_ACCESS_KEY_ID: 'x',
    AWS_SECRET_ACCESS_KEY: 'y',
    AWS_REGION: 'eu-central-1',
    AWS_EC2_METADATA_DISABLED: 'true',
  }))
    vi.stubEnv(name, value)
})
afterAll(() => {
  vi.unstubAllEnvs()
  server.close()
})

describe('what a deployment asks of AWS before it begins', () => {
  it('is whose the credentials are, and the region of the settings or of the environment', async () => {
    expect(await awsEdge.account(undefined)).toEqual({ account: '111122223333', region: 'eu-central-1' })
    expect(await awsEdge.account('eu-west-1')).toEqual({ account: '111122223333', region: 'eu-west-1' })
    expect(asked.splice(0)).toEqual(['GetCallerIdentity', 'GetCallerIdentity'])
  })

  it("is the version of the CDK's own stack, where there is one", async () => {
    const at = { account: '111122223333', region: 'eu-central-1' }
    expect(await awsEdge.bootstrapped(at)).toBeUndefined()
    parameters.set('/cdk-bootstrap/hnb659fds/version', '29')
    expect(await awsEdge.bootstrapped(at)).toBe(29)
    expect(asked.splice(0)).toEqual(['AmazonSSM.GetParameter', 'AmazonSSM.GetParameter'])
  })

  it('finds out what is checked out, and the CDK that is installed', async () => {
    expect((await awsEdge.commit())?.id).toMatch(/^[0-9a-f]{12}$/)
    expect(await awsEdge.run({ program: 'cdk', args: ['--version'] })).toBe(0)
  })
})
