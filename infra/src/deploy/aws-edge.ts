/** The real one. The SDK is loaded when AWS is asked, and not before. */
import { execFile, spawn } from 'node:child_process'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline/promises'
import { promisify } from 'node:util'
import { projectRoot } from '../paths.ts'
import type { Command, Edge } from './edge.ts'

const infra = join(projectRoot, 'infra')
const git = async (...args: string[]) => (await promisify(execFile)('git', args, { cwd: projectRoot })).stdout.trim()

const programs: Record<Command['program'], () => { file: string; first: string[]; cwd: string }> = {
  cdk: () => ({
    file: process.execPath,
    first: [join(dirname(createRequire(import.meta.url).resolve('aws-cdk/package.json')), 'bin', 'cdk')],
    cwd: infra,
  }),
  npm: () => ({ file: process.platform === 'win32' ? 'npm.cmd' : 'npm', first: [], cwd: projectRoot }),
  muniment: () => ({ file: process.execPath, first: [join(projectRoot, 'bin', 'muniment.mjs')], cwd: projectRoot }),
}

export const awsEdge: Edge = {
  run({ program, args, env = {} }) {
    const { file, first, cwd } = programs[program]()
    return new Promise((resolve) => {
      const quiet = { CDK_DISABLE_CLI_TELEMETRY: 'true' }
      const child = spawn(file, [...first, ...args], {
        cwd,
        env: { ...process.env, ...quiet, ...env },
        stdio: 'inherit',
      })
      child.on('error', (error) => {
        console.error(`${program}: ${error.message}`)
        resolve(127)
      })
      child.on('close', (code) => resolve(code ?? 1))
    })
  },
  async commit() {
    try {
      const id = await git('rev-parse', '--short=12', 'HEAD')
      return { id, changed: (await git('status', '--porcelain')) !== '' }
    } catch {
      return undefined
    }
  },
  async account(region) {
    const { GetCallerIdentityCommand, STSClient } = await import('@aws-sdk/client-sts')
    const client = new STSClient(region === undefined ? {} : { region })
    try {
      const { Account: account } = await client.send(new GetCallerIdentityCommand({}))
      if (account === undefined) throw new Error('AWS named no account')
      return { account, region: await client.config.region() }
    } finally {
      client.destroy()
    }
  },
  async bootstrapped({ region }) {
    const { GetParameterCommand, ParameterNotFound, SSMClient } = await import('@aws-sdk/client-ssm')
    const client = new SSMClient({ region })
    try {
      // What the CDK itself looks at before a deployment.
      const { Parameter } = await client.send(new GetParameterCommand({ Name: '/cdk-bootstrap/hnb659fds/version' }))
      return Number(Parameter?.Value)
    } catch (error) {
      if (error instanceof ParameterNotFound) return undefined
      throw error
    } finally {
      client.destroy()
    }
  },
  async ask(question) {
    if (!process.stdin.isTTY) return undefined
    const lines = createInterface({ input: process.stdin, output: process.stdout })
    try {
      return /^y(es)?$/i.test((await lines.question(`${question} [y/N] `)).trim())
    } finally {
      lines.close()
    }
  },
  outputs: async (file) =>
    JSON.parse(await readFile(join(infra, file), 'utf8')) as Readonly<Record<string, Readonly<Record<string, string>>>>,
  async write(file, text) {
    const path = join(infra, file)
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, text)
  },
  say: (line) => console.log(line),
}
