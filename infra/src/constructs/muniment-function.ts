import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { Architecture, type Code, LoggingFormat, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda'
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations'
import { NodejsFunction, OutputFormat, SourceMapMode } from 'aws-cdk-lib/aws-lambda-nodejs'
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs'
import type { IQueue } from 'aws-cdk-lib/aws-sqs'
import { Duration, RemovalPolicy, Size, Stack, Validations } from 'aws-cdk-lib/core'
import { Construct } from 'constructs'
import { allow, explain } from '../grants.ts'
import type { FunctionName, Names } from '../names.ts'
import { componentsFile, entryOf, lockFile, mapsFolder, projectRoot } from '../paths.ts'

export interface MunimentFunctionProps {
  readonly names: Names
  readonly name: FunctionName
  readonly description: string
  readonly retention: RetentionDays
  readonly memoryMb: number
  readonly timeout: Duration
  readonly diskMb?: number
  readonly concurrency?: number
  /** After a failure of an asynchronous call; 0 unless said. */
  readonly retries?: number
  /** Takes asynchronous calls that failed to the end. */
  readonly left?: IQueue
  /** In place of the bundle, where a test needs none. */
  readonly code?: Code
}

// Some packages inside the bundle are CommonJS and ask for Node's own modules by require.
export const banner = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);"

/** A function with a role and a log group of its own, which may at first do nothing but log and trace. */
export class MunimentFunction extends Construct {
  readonly role: Role
  readonly handler: NodejsFunction

  constructor(scope: Construct, id: string, props: MunimentFunctionProps) {
    super(scope, id)
    const { names, name } = props
    const logGroup = new LogGroup(this, 'Log', { retention: props.retention, removalPolicy: RemovalPolicy.RETAIN })
    this.role = new Role(this, 'Role', {
      roleName: names.role(name),
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      description: props.description,
    })
    allow(this.role, {
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: [logGroup.logGroupArn],
      because: 'The log group is named; its streams are named by Lambda.',
    })
    explain(
      this.role,
      '*',
      'X-Ray knows no resource for putting traces; they hold names and times, nothing of records.',
    )
    this.handler = new NodejsFunction(this, 'Function', {
      functionName: names.function(name),
      description: props.description,
      runtime: Runtime.NODEJS_22_X,
      architecture: Architecture.ARM_64,
      memorySize: props.memoryMb,
      timeout: props.timeout,
      ...(props.diskMb !== undefined && { ephemeralStorageSize: Size.mebibytes(props.diskMb) }),
      ...(props.concurrency !== undefined && { reservedConcurrentExecutions: props.concurrency }),
      role: this.role,
      logGroup,
      loggingFormat: LoggingFormat.TEXT,
      tracing: Tracing.ACTIVE,
      environment: {
        POWERTOOLS_SERVICE_NAME: name,
        POWERTOOLS_METRICS_NAMESPACE: names.metrics,
        POWERTOOLS_LOG_LEVEL: 'INFO',
        POWERTOOLS_TRACER_CAPTURE_RESPONSE: 'false',
        POWERTOOLS_TRACER_CAPTURE_ERROR: 'false',
      },
      ...(props.code ? { code: props.code, handler: 'index.handler' } : bundleOf(name)),
      retryAttempts: props.retries ?? 0,
      maxEventAge: Duration.hours(1),
      ...(props.left && { onFailure: new SqsDestination(props.left) }),
    })
    Validations.of(this.handler).acknowledge({
      id: 'AwsSolutions-L1',
      reason:
        'Node 22 is what the product is tested with and is maintained until April 2027; a newer one is taken deliberately.',
    })
  }

  /** Adds to what the function is told by its environment. */
  tell(variables: Record<string, string>): void {
    for (const [name, value] of Object.entries(variables)) this.handler.addEnvironment(name, value)
  }

  get stack(): Stack {
    return Stack.of(this)
  }
}

export const mainFields = ['module', 'main'] as const

/** What the code reads beside itself. */
export const placeBeside = (output: string) => `cp "${componentsFile}" "${output}/"`

const bundleOf = (name: FunctionName) => ({
  entry: entryOf(name),
  projectRoot,
  depsLockFilePath: lockFile,
  bundling: {
    format: OutputFormat.ESM,
    target: 'node22',
    mainFields: [...mainFields],
    minify: true,
    keepNames: true,
    sourceMap: true,
    sourceMapMode: SourceMapMode.EXTERNAL,
    sourcesContent: false,
    externalModules: [],
    banner,
    commandHooks: {
      beforeInstall: () => [],
      beforeBundling: () => [],
      // Maps are for whoever reads a stack trace, not for every cold start.
      afterBundling: (_input: string, output: string) => [
        placeBeside(output),
        `mkdir -p "${mapsFolder}" && mv "${output}/index.mjs.map" "${mapsFolder}/${name}.mjs.map"`,
      ],
    },
  },
})
