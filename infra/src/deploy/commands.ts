import type { Account, Command } from './edge.ts'

/** What the stacks need of the CDK's own: `cdk deploy` refuses an older one by itself. */
export const LEAST_BOOTSTRAP = 6
/** Below infra/; no part of git. */
export const outputsFile = (env: string) => `cdk.out/outputs-${env}.json`
export const variablesFile = (env: string) => `cdk.out/${env}.env`

const context = (env: string, version: string) => ['-c', `env=${env}`, '-c', `version=${version}`]

export const bootstrap = ({ account, region }: Account, env: string): Command => ({
  program: 'cdk',
  args: ['bootstrap', `aws://${account}/${region}`, '-c', `env=${env}`],
})

export const diff = (env: string, version: string, stacks: readonly string[]): Command => ({
  program: 'cdk',
  args: ['diff', ...stacks, '--exclusively', ...context(env, version)],
})

/** Asked for already: the CDK's own question would come in the middle. */
export const deploy = (env: string, version: string, stacks: readonly string[]): Command => ({
  program: 'cdk',
  args: [
    'deploy',
    ...stacks,
    '--exclusively',
    ...context(env, version),
    '--require-approval',
    'never',
    '--outputs-file',
    outputsFile(env),
  ],
})

export const buildWeb: Command = { program: 'npm', args: ['run', 'build:web'] }

export const publish = (rules: string | undefined, env: Readonly<Record<string, string>>): Command => ({
  program: 'muniment',
  args: ['publish', ...(rules === undefined ? [] : ['--rules', rules])],
  env,
})

export const written = ({ program, args }: Command): string => [program, ...args].join(' ')
