import { ManagedPolicy } from 'aws-cdk-lib/aws-iam'
import type { Code } from 'aws-cdk-lib/aws-lambda'
import { CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib/core'
import type { Construct } from 'constructs'
import { Clock } from '../constructs/clock.ts'
import { HttpApi } from '../constructs/http-api.ts'
import { LeftCalls } from '../constructs/left-calls.ts'
import { MunimentFunction, type MunimentFunctionProps } from '../constructs/muniment-function.ts'
import { SignIn } from '../constructs/sign-in.ts'
import { Watch } from '../constructs/watch.ts'
import { WebSite } from '../constructs/web-site.ts'
import { allow } from '../grants.ts'
import { type ArchiveFunction, type FunctionName, functionNames, type Names } from '../names.ts'
import { publishing, rightsOf, runningExamples } from '../rights.ts'
import type { EnvironmentSettings } from '../settings.ts'
import { variablesOf } from '../variables.ts'
import type { ArchiveStack } from './archive-stack.ts'

export interface ServiceStackProps extends StackProps {
  readonly names: Names
  readonly settings: EnvironmentSettings
  readonly archive: ArchiveStack
  readonly code?: Code
}

type Sizes = Pick<MunimentFunctionProps, 'description' | 'memoryMb' | 'timeout' | 'diskMb' | 'concurrency' | 'retries'>

const sizes = ({ concurrency = {} }: EnvironmentSettings): Record<FunctionName, Sizes> => ({
  // API Gateway waits 30 seconds; 1,769 MB is a whole processor.
  api: {
    description: 'Answers /api',
    memoryMb: 1_769,
    timeout: Duration.seconds(29),
    ...(concurrency.api !== undefined && { concurrency: concurrency.api }),
  },
  exports: {
    description: 'Writes files that were asked for',
    memoryMb: 1_769,
    timeout: Duration.minutes(15),
    diskMb: 4_096,
    // One that was stopped is carried on by the next call, and carried out once.
    retries: 2,
    ...(concurrency.exports !== undefined && { concurrency: concurrency.exports }),
  },
  // Two sealers would do no harm, and no good.
  sealer: { description: 'Seals the audit log', memoryMb: 1_024, timeout: Duration.minutes(5), concurrency: 1 },
  upkeep: {
    description: 'Closes what was interrupted, sweeps results',
    memoryMb: 1_024,
    timeout: Duration.minutes(15),
    concurrency: 1,
  },
  verifier: {
    description: 'Checks the audit log from its beginning',
    memoryMb: 1_769,
    timeout: Duration.minutes(15),
    concurrency: 1,
  },
  // Cognito waits five seconds, at each sign-in and each renewal.
  tokens: { description: 'Adds names to access tokens', memoryMb: 256, timeout: Duration.seconds(5) },
})

/** What works with the archive, and may be taken down and put up again without it. */
export class ServiceStack extends Stack {
  readonly functions: Readonly<Record<FunctionName, MunimentFunction>>

  constructor(scope: Construct, id: string, { names, settings, archive, code, ...props }: ServiceStackProps) {
    super(scope, id, props)
    const { storage, witness, workgroup, alerts } = archive
    const { retention } = settings.logs
    const api = new HttpApi(this, 'Api', { names, settings: settings.api, retention })
    const left = {
      'exports-left': new LeftCalls(this, 'ExportsLeft', { keptFor: Duration.days(14) }),
      // The next call makes up for one that failed.
      'scheduled-left': new LeftCalls(this, 'ScheduledLeft', { keptFor: Duration.days(1) }),
    }
    const make = (name: FunctionName, into?: LeftCalls) =>
      new MunimentFunction(this, `Function-${name}`, {
        names,
        name,
        retention,
        ...sizes(settings)[name],
        ...(into && { left: into }),
        ...(code && { code }),
      })
    const tokens = make('tokens')
    const signIn = new SignIn(this, 'SignIn', { names, settings: settings.signIn, tokens: tokens.handler })
    const site = new WebSite(this, 'Site', {
      settings,
      apiHost: api.host,
      accessLogs: storage.accessLogs,
      connectTo: [signIn.pages],
    })
    const client = signIn.clientFor(site.origin)
    const { issuer } = signIn
    const clientId = client.userPoolClientId
    const holdings = { names, applications: settings.applications, ...storage, witness, stack: this }
    const variables = variablesOf({
      bucket: storage.archive.bucketName,
      secretsBucket: storage.secrets.bucketName,
      witnessBucket: witness.bucketName,
      workgroup: workgroup.workgroupName,
      databasePrefix: names.databasePrefix,
      signingKeys: storage.signingKeys.map(({ keyArn }) => keyArn),
      exportsFunction: names.function('exports'),
      verifierFunction: names.function('verifier'),
      issuer,
      clientId,
      origin: site.origin,
    })
    const work = (name: ArchiveFunction, into?: LeftCalls) => {
      const made = make(name, into)
      allow(made.role, ...rightsOf(name, holdings))
      made.tell(variables)
      return made
    }
    this.functions = {
      api: work('api'),
      exports: work('exports', left['exports-left']),
      sealer: work('sealer', left['scheduled-left']),
      upkeep: work('upkeep', left['scheduled-left']),
      verifier: work('verifier', left['scheduled-left']),
      tokens,
    }
    const handlers = mapValues(this.functions, ({ handler }) => handler)
    api.answerWith(handlers.api, { issuer, clientId })
    const clocks = { names, left: left['scheduled-left'] }
    new Clock(this, 'Sealing', { ...clocks, name: 'sealer', every: '1 minute', handler: handlers.sealer })
    new Clock(this, 'Upkeep', { ...clocks, name: 'upkeep', every: '1 hour', handler: handlers.upkeep })
    new Clock(this, 'Verifying', { ...clocks, name: 'verifier', every: '6 hours', handler: handlers.verifier })
    new Watch(this, 'Watch', { names, settings, functions: handlers, api: api.api, alerts, left })

    const publisher = new ManagedPolicy(this, 'Publisher', {
      managedPolicyName: names.policy('publisher'),
      description: 'Publishes the model, templates and web files of Muniment',
    })
    const distribution = site.distribution.distributionArn
    allow(publisher, ...publishing({ ...storage, files: site.files, distribution }))

    const examples = new ManagedPolicy(this, 'Examples', {
      managedPolicyName: names.policy('examples'),
      description: 'Runs the examples of templates over the records of Muniment before they are published',
    })
    allow(examples, ...runningExamples(holdings))

    new CfnOutput(this, 'Origin', { value: site.origin })
    new CfnOutput(this, 'WebBucket', { value: site.files.bucketName })
    new CfnOutput(this, 'DistributionId', { value: site.distribution.distributionId })
    new CfnOutput(this, 'ApiId', { value: api.api.apiId })
    new CfnOutput(this, 'UserPoolId', { value: signIn.pool.userPoolId })
    new CfnOutput(this, 'ClientId', { value: clientId })
  }
}

const mapValues = <T, R>(of: Readonly<Record<FunctionName, T>>, to: (value: T) => R): Record<FunctionName, R> =>
  Object.fromEntries(functionNames.map((name) => [name, to(of[name])])) as Record<FunctionName, R>
