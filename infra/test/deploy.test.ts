import { execFile } from 'node:child_process'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { deployEnvironment as deployWith } from '../src/deploy/deploy-environment.ts'
import type { Command, Edge } from '../src/deploy/edge.ts'
import { type DeployOptions, deployOptions } from '../src/deploy/options.ts'
import type { EnvironmentSettings } from '../src/settings.ts'
import { summarise } from '../src/summary.ts'
import { demoSettings } from './support/synthesised.ts'

const settings: EnvironmentSettings = { ...demoSettings, applications: ['nycflights'] }
const account = '111122223333'
const apart: EnvironmentSettings = {
  ...settings,
  account,
  region: 'eu-central-1',
  witness: { account: '444455556666', lock: { mode: 'compliance', days: 3_650 } },
}
const summaries = new Map([
  [settings, await summarise('demo', settings)],
  [apart, await summarise('demo', apart)],
])
/** Synthesis takes seconds: what differs only in what is checked has the same stacks. */
const deployEnvironment = (asked: DeployOptions, environments: Record<string, EnvironmentSettings>, edge: Edge) =>
  deployWith(asked, environments, edge, async (_, of) => summaries.get(of) ?? summaries.get(settings) ?? [])

const outputs = {
  'muniment-demo-archive': { ArchiveBucket: 'records', SecretsBucket: 'keys', DatabasePrefix: 'muniment_demo_' },
  'muniment-demo-service': {
    WebBucket: 'web',
    DistributionId: 'E1',
    Origin: 'https://x.example',
    UserPoolId: 'eu-central-1_x',
  },
}
const options: DeployOptions = {
  env: 'demo',
  yes: false,
  publish: true,
  dryRun: false,
  uncommitted: false,
  witness: false,
  rules: undefined,
}

/** A world in which all goes well, but for what is said. */
function world(change: Partial<Edge> = {}) {
  const ran: Command[] = []
  const asked: string[] = []
  const said: string[] = []
  const files = new Map<string, string>()
  const edge: Edge = {
    run: async (command) => {
      ran.push(command)
      return 0
    },
    commit: async () => ({ id: 'abc123', changed: false }),
    account: async (region) => ({ account, region: region ?? 'us-east-1' }),
    bootstrapped: async () => 29,
    ask: async (question) => {
      asked.push(question)
      return true
    },
    outputs: async () => outputs,
    write: async (file, text) => void files.set(file, text),
    say: (line) => void said.push(line),
    ...change,
  }
  const steps = () => ran.map(({ program, args }) => `${program} ${args[0]}`)
  return { edge, ran, asked, said, files, steps }
}

const failing =
  (step: string, ran: Command[]) =>
  async (command: Command): Promise<number> => {
    ran.push(command)
    return `${command.program} ${command.args[0]}` === step ? 1 : 0
  }

describe('npm run deploy', () => {
  it('says price and changes, asks, deploys all stacks, builds and publishes', async () => {
    const { edge, ran, asked, said, files, steps } = world()
    await deployEnvironment({ ...options, rules: 'first.json' }, { demo: settings }, edge)
    expect(steps()).toEqual(['cdk diff', 'cdk deploy', 'npm run', 'muniment publish'])
    expect(asked).toEqual([
      'Deploy muniment-demo-archive, muniment-demo-nycflights, muniment-demo-service to account 111122223333 in us-east-1?',
    ])
    expect(ran[1]?.args).toEqual(expect.arrayContaining(['env=demo', 'version=abc123', 'muniment-demo-service']))
    const variables = {
      MUNIMENT_BUCKET: 'records',
      MUNIMENT_SECRETS_BUCKET: 'keys',
      MUNIMENT_DATABASE_PREFIX: 'muniment_demo_',
      MUNIMENT_WEB_BUCKET: 'web',
      MUNIMENT_DISTRIBUTION: 'E1',
      MUNIMENT_APPLICATIONS: 'nycflights',
      AWS_REGION: 'us-east-1',
    }
    expect(ran[3]).toEqual({ program: 'muniment', args: ['publish', '--rules', 'first.json'], env: variables })
    const written = files.get('cdk.out/demo.env')?.trim().split('\n')
    expect(written).toEqual(Object.entries(variables).map(([name, value]) => `${name}=${value}`))
    expect(said.join('\n')).toMatch(/KMS: keys +\$3\.00[\s\S]*Deployed\. https:\/\/x\.example/)
  })

  it('prepares an account for the CDK where that was not done, after a question of its own', async () => {
    const { edge, asked, steps } = world({ bootstrapped: async () => undefined })
    await deployEnvironment(options, { demo: settings }, edge)
    expect(steps().slice(0, 2)).toEqual(['cdk bootstrap', 'cdk diff'])
    expect(asked[0]).toMatch(/^The CDK was never prepared in account 111122223333/)
  })

  it('asks nothing with --yes, and publishes nothing with --no-publish', async () => {
    const { edge, asked, steps, said } = world({ bootstrapped: async () => 3 })
    await deployEnvironment({ ...options, yes: true, publish: false }, { demo: settings }, edge)
    expect(asked).toEqual([])
    expect(steps()).toEqual(['cdk bootstrap', 'cdk diff', 'cdk deploy'])
    expect(said.join('\n')).toContain('npx muniment publish\n')
  })

  it('leaves the witness of another account to the credentials of that account', async () => {
    const own = world()
    await deployEnvironment(options, { demo: apart }, own.edge)
    expect(own.asked[0]).not.toContain('witness')
    const theirs = world({ account: async () => ({ account: '444455556666', region: 'eu-central-1' }) })
    await deployEnvironment({ ...options, witness: true }, { demo: apart }, theirs.edge)
    expect(theirs.steps()).toEqual(['cdk diff', 'cdk deploy'])
    expect(theirs.ran[1]?.args.slice(0, 3)).toEqual(['deploy', 'muniment-demo-witness', '--exclusively'])
  })
})

describe('a deployment that cannot go on', () => {
  const refusals: [string, Partial<DeployOptions>, EnvironmentSettings, Partial<Edge>, RegExp][] = [
    ['an environment that is not there', { env: 'nowhere' }, settings, {}, /no environment "nowhere". Known: demo/],
    ['settings that do not go together', {}, { ...settings, applications: [] }, {}, /it names no application/],
    [
      'changes that no commit holds',
      {},
      settings,
      { commit: async () => ({ id: 'abc', changed: true }) },
      /Commit them \(environments.ts too\)/,
    ],
    ['a folder without git', {}, settings, { commit: async () => undefined }, /no checkout of git/],
    [
      'no credentials',
      {},
      settings,
      { account: () => Promise.reject(new Error('Could not load credentials')) },
      /Could not load credentials.*AWS_PROFILE.*Nothing was changed/,
    ],
    [
      'credentials of another account',
      {},
      { ...settings, account: '999900001111' },
      {},
      /of account 111122223333, and demo belongs into 999900001111/,
    ],
    [
      'no right to look for the stack of the CDK',
      {},
      settings,
      { bootstrapped: () => Promise.reject(new Error('AccessDenied')) },
      /could not be found out \(AccessDenied\). It takes ssm:GetParameter/,
    ],
    ['nobody to ask', {}, settings, { ask: async () => undefined }, /give --yes/],
    ['a no', {}, settings, { ask: async () => false }, /Not deployed, as was answered/],
    ['a witness that has no account of its own', { witness: true }, settings, {}, /leave --witness out/],
  ]
  it.each(refusals)('says so in a sentence and has changed nothing: %s', async (_, asked, of, change, sentence) => {
    const { edge, steps } = world(change)
    await expect(deployEnvironment({ ...options, ...asked }, { demo: of }, edge)).rejects.toThrow(sentence)
    expect(steps().filter((step) => step !== 'cdk diff')).toEqual([])
  })

  it.each([
    ['cdk diff', 1, /could not be worked out.*Nothing was changed/],
    ['cdk deploy', 2, /A stack that failed is as it was.*No record was touched/],
    ['npm run', 3, /web application could not be built.*still in force/],
    ['muniment publish', 4, /Nothing new was published.*still in force/],
  ])('stops at the step that failed and says how things stand: %s', async (step, after, sentence) => {
    const { edge, ran } = world()
    const run = deployEnvironment(options, { demo: settings }, { ...edge, run: failing(step, ran) })
    await expect(run).rejects.toThrow(sentence)
    expect(ran).toHaveLength(after)
  })

  it('names the output that a stack did not give', async () => {
    const { edge, steps } = world({
      outputs: async () => ({ 'muniment-demo-archive': outputs['muniment-demo-archive'] }),
    })
    const run = deployEnvironment(options, { demo: settings }, edge)
    await expect(run).rejects.toThrow(/muniment-demo-service has no output WebBucket/)
    expect(steps()).not.toContain('muniment publish')
  })
})

describe('--dry-run', () => {
  it('asks nobody and runs nothing, and says what it would', async () => {
    const never = () => Promise.reject(new Error('was asked'))
    const { edge, said } = world({ run: never, account: never, bootstrapped: never, ask: never, write: never })
    await deployEnvironment({ ...options, dryRun: true }, { demo: settings }, edge)
    const text = said.join('\n')
    expect(text).toContain('cdk deploy muniment-demo-archive muniment-demo-nycflights muniment-demo-service')
    expect(text).toContain('muniment publish')
  })

  it('reaches no address, whatever credentials are there', async () => {
    let reached = 0
    const server = createServer((socket) => {
      reached++
      socket.destroy()
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    const here = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
    const main = fileURLToPath(new URL('../src/deploy/main.ts', import.meta.url))
    const env = {
      ...process.env,
      AWS_ENDPOINT_URL: here,
      HTTP_PROXY: here,
      HTTPS_PROXY: here,
      AWS_ACCESS_KEY_ID: 'x',
      AWS_SECRET_ACCESS_KEY: 'y',
      AWS_REGION: 'eu-central-1',
    }
    const args = ['--import', 'tsx', main, '--env', 'demo', '--dry-run']
    const { stdout } = await promisify(execFile)(process.execPath, args, { env })
    server.close()
    expect(stdout).toContain('Nothing was asked of AWS.')
    expect(stdout).toContain('in all, over')
    expect(reached).toBe(0)
  }, 120_000)
})

describe('the command line of a deployment', () => {
  it('is read', () => {
    expect(deployOptions(['--env', 'demo'])).toEqual(options)
    expect(deployOptions(['--env', 'demo', '--no-publish', '--yes', '--dry-run', '--rules', 'a.json'])).toEqual({
      ...options,
      publish: false,
      yes: true,
      dryRun: true,
      rules: 'a.json',
    })
  })

  it.each([[['demo']], [[]], [['--env', 'demo', '--force']]])('is refused with the usage: %j', (args) => {
    expect(() => deployOptions(args)).toThrow(/npm run deploy -- --env NAME/)
  })
})
