import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { tool } from '../install/tool.ts'
import { owner } from '../run/ministack.ts'
import type { StandIns } from '../stand-ins.ts'
import { ACCOUNT, ATHENA_VARIABLE, ENVIRONMENT } from './environment.ts'

/** Outputs of all stacks, by their names in infra/src/stacks. */
export interface Deployed {
  readonly bucket: string
  readonly secretsBucket: string
  readonly witnessBucket: string
  readonly webBucket: string
  readonly signingKey: string
  readonly workgroup: string
  readonly databasePrefix: string
  readonly origin: string
  readonly apiId: string
  readonly poolId: string
  readonly clientId: string
}

export type Cdk = (...args: string[]) => Promise<string>

const program = join(dirname(createRequire(import.meta.url).resolve('aws-cdk/package.json')), 'bin', 'cdk')

/** Asks nobody but the stand-ins: neither for notices nor for a newer version. */
export function createCdk({ environment, athena, folder }: StandIns): Cdk {
  const app = `${process.execPath} --import tsx ${join(import.meta.dirname, 'cdk-app.ts')}`
  const env = {
    ...environment,
    [ATHENA_VARIABLE]: athena,
    CDK_DISABLE_LEGACY_EXPORT_WARNING: '1',
    CDK_DISABLE_CLI_TELEMETRY: 'true',
    CI: 'true',
  }
  return (...args) =>
    tool(process.execPath, [program, ...args, '--app', app, '--output', join(folder, 'cdk.out'), '--no-notices'], env)
}

export const bootstrap = (cdk: Cdk) => cdk('bootstrap', `aws://${ACCOUNT}/${owner.region}`)

const outputsFile = (folder: string) => join(folder, 'outputs.json')

/** All stacks. Returns what was printed too. */
export async function deploy(cdk: Cdk, folder: string): Promise<{ deployed: Deployed; printed: string }> {
  const printed = await cdk('deploy', '--all', '--require-approval', 'never', '--outputs-file', outputsFile(folder))
  return { deployed: readOutputs(folder), printed }
}

function readOutputs(folder: string): Deployed {
  const stacks = JSON.parse(readFileSync(outputsFile(folder), 'utf8')) as Record<string, Record<string, string>>
  const read = (stack: string, name: string): string => {
    const value = stacks[`muniment-${ENVIRONMENT}-${stack}`]?.[name]
    if (value === undefined) throw new Error(`The stack ${stack} told no ${name}.`)
    return value
  }
  return {
    bucket: read('archive', 'ArchiveBucket'),
    secretsBucket: read('archive', 'SecretsBucket'),
    witnessBucket: read('archive', 'WitnessBucket'),
    webBucket: read('service', 'WebBucket'),
    signingKey: read('archive', 'SigningKeyArn'),
    workgroup: read('archive', 'Workgroup'),
    databasePrefix: read('archive', 'DatabasePrefix'),
    origin: read('service', 'Origin'),
    apiId: read('service', 'ApiId'),
    poolId: read('service', 'UserPoolId'),
    clientId: read('service', 'ClientId'),
  }
}
