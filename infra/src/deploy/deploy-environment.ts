import { costLines } from '../cost/cost-table.ts'
import { estimateCost } from '../cost/estimate-cost.ts'
import { SettingsError } from '../errors.ts'
import { namesOf } from '../names.ts'
import { checkSettings, type EnvironmentSettings } from '../settings.ts'
import { countDeployed, type StackSummary, summarise } from '../summary.ts'
import {
  bootstrap,
  buildWeb,
  deploy,
  diff,
  LEAST_BOOTSTRAP,
  outputsFile,
  publish,
  variablesFile,
  written,
} from './commands.ts'
import type { Account, Command, Edge } from './edge.ts'
import type { DeployOptions } from './options.ts'
import { addressesOf, asFile, commandVariables } from './published-variables.ts'

/** Checks, says what it costs and what changes, asks, deploys, publishes. Throws SettingsError in a sentence that says how things stand. */
export async function deployEnvironment(
  options: DeployOptions,
  environments: Readonly<Record<string, EnvironmentSettings>>,
  edge: Edge,
  /** What the stacks are. */
  summary: typeof summarise = summarise,
): Promise<void> {
  const { env } = options
  const settings = environments[env]
  if (!settings)
    throw new SettingsError(
      `environments.ts has no environment "${env}". Known: ${Object.keys(environments).join(', ')}.`,
    )
  checkSettings(env, settings)
  if (options.witness && settings.witness.account === undefined)
    throw new SettingsError(
      `The witness of ${env} is in the same account and is deployed with the archive: leave --witness out.`,
    )
  const version = await versionOf(options, edge)
  edge.say(`Environment ${env}, version ${version}.`)
  const all = await summary(env, settings)
  tellCost(all, settings, edge)
  const stacks = chosen(all, env, options)
  if (options.dryRun) {
    rehearse({ options, settings, version, stacks }, edge)
    return
  }

  const at = await accountFor(options, settings, edge)
  await prepare(at, options, edge)
  await must(
    edge,
    diff(env, version, stacks),
    'What would change could not be worked out; the CDK says why above. Nothing was changed.',
  )
  await agreed(`Deploy ${stacks.join(', ')} to account ${at.account} in ${at.region}?`, options, edge)
  await must(
    edge,
    deploy(env, version, stacks),
    'The deployment stopped; the CDK says where above. A stack that failed is as it was, those before it are new. No record was touched. Mend it and run the same again.',
  )
  if (options.witness)
    edge.say('The witness stands. Deploy the environment itself with the credentials of its own account.')
  else await finish({ options, settings, at }, edge)
}

async function versionOf({ uncommitted, dryRun }: DeployOptions, edge: Edge): Promise<string> {
  const commit = await edge.commit()
  if (!commit) {
    if (uncommitted || dryRun) return 'unknown'
    throw new SettingsError(
      'This is no checkout of git, so what is deployed could not be found again. Deploy from a checkout, or give --uncommitted.',
    )
  }
  if (!commit.changed) return commit.id
  if (uncommitted || dryRun) return `${commit.id}-changed`
  throw new SettingsError(
    'Files differ from the commit that is checked out, so what is deployed could not be found again. Commit them (environments.ts too), or give --uncommitted.',
  )
}

function tellCost(stacks: readonly StackSummary[], settings: EnvironmentSettings, { say }: Edge): void {
  const { expected } = settings
  if (!expected) say('No price estimate: environments.ts does not say what is `expected` of this environment.')
  else for (const line of costLines(estimateCost(expected, countDeployed(stacks, settings)), expected)) say(line)
}

function chosen(all: readonly StackSummary[], env: string, { witness }: DeployOptions): string[] {
  const own = `${namesOf(env).base}-witness`
  return all.map(({ name }) => name).filter((name) => (name === own) === witness)
}

interface Rehearsed {
  readonly options: DeployOptions
  readonly settings: EnvironmentSettings
  readonly version: string
  readonly stacks: readonly string[]
}

function rehearse({ options, settings, version, stacks }: Rehearsed, { say }: Edge): void {
  const { env, rules, witness } = options
  const account = (witness ? settings.witness.account : settings.account) ?? 'ACCOUNT'
  const at = { account, region: settings.region ?? 'REGION' }
  const publishing = options.publish && !witness ? [buildWeb, publish(rules, {})] : []
  say('Nothing was asked of AWS. Without --dry-run this would run, after a question:')
  for (const command of [bootstrap(at, env), diff(env, version, stacks), deploy(env, version, stacks), ...publishing])
    say(`  ${written(command)}${command.args[0] === 'bootstrap' ? '   (where that was not done yet)' : ''}`)
}

async function accountFor(
  { env, witness }: DeployOptions,
  settings: EnvironmentSettings,
  edge: Edge,
): Promise<Account> {
  const at = await edge.account(settings.region).catch((cause: unknown) => {
    throw new SettingsError(
      `AWS was not reached with credentials and a region that work (${sentenceOf(cause)}). Sign in (\`aws sso login\`, or AWS_PROFILE), say AWS_REGION, and try again. Nothing was changed.`,
      { cause },
    )
  })
  const wanted = witness ? settings.witness.account : settings.account
  if (wanted !== undefined && wanted !== at.account)
    throw new SettingsError(
      `These credentials are of account ${at.account}, and ${witness ? 'the witness of ' : ''}${env} belongs into ${wanted}. Nothing was changed.`,
    )
  edge.say(`Account ${at.account}, region ${at.region}.`)
  return at
}

async function prepare(at: Account, options: DeployOptions, edge: Edge): Promise<void> {
  const there = await edge.bootstrapped(at).catch((cause: unknown) => {
    throw new SettingsError(
      `Whether the CDK was prepared in account ${at.account}, ${at.region} could not be found out (${sentenceOf(cause)}). It takes ssm:GetParameter, docs/deploy.md. Nothing was changed.`,
      { cause },
    )
  })
  if (there !== undefined && there >= LEAST_BOOTSTRAP) return
  const why = there === undefined ? 'The CDK was never prepared' : `The CDK's stack is of version ${there}, too old,`
  await agreed(`${why} in account ${at.account}, ${at.region}: run \`cdk bootstrap\` there now?`, options, edge)
  await must(
    edge,
    bootstrap(at, options.env),
    "The CDK's own stack could not be put up; the reason is above. Somebody with the rights in docs/deploy.md has to. Nothing of Muniment was changed.",
  )
}

async function agreed(question: string, { yes }: DeployOptions, edge: Edge): Promise<void> {
  if (yes) return
  const answer = await edge.ask(question)
  if (answer === undefined)
    throw new SettingsError('Nobody can be asked here: give --yes where that is meant. Nothing was changed.')
  if (!answer) throw new SettingsError('Not deployed, as was answered. Nothing was changed.')
}

interface Finishing {
  readonly options: DeployOptions
  readonly settings: EnvironmentSettings
  readonly at: Account
}

async function finish({ options, settings, at }: Finishing, edge: Edge): Promise<void> {
  const { env, rules } = options
  const outputs = await edge.outputs(outputsFile(env))
  const variables = { ...commandVariables(env, settings, outputs), AWS_REGION: at.region }
  await edge.write(variablesFile(env), asFile(variables, at.region))
  if (options.publish) {
    const stand = 'The stacks are deployed; what was published before is still in force.'
    await must(edge, buildWeb, `The web application could not be built; the reason is above. ${stand}`)
    await must(
      edge,
      publish(rules, variables),
      `Nothing new was published, or not all of it; the reason is above. ${stand} Mend it and run the same again.`,
    )
  }
  const { origin, pool } = addressesOf(env, outputs)
  for (const line of [
    '',
    `Deployed. ${origin}`,
    `What commands need stands in infra/${variablesFile(env)}:  set -a; . infra/${variablesFile(env)}; set +a`,
    'Next, where it was not done before:',
    ...(options.publish ? [] : ['  npx muniment publish']),
    ...(rules === undefined
      ? ['  npx muniment publish --rules FILE          the first access rules: without them nobody sees anything']
      : []),
    '  npx muniment upload --application NAME     records, and their catalog',
    `  people: user pool ${pool}, docs/deploy.md says how`,
  ])
    edge.say(line)
}

async function must(edge: Edge, command: Command, otherwise: string): Promise<void> {
  if ((await edge.run(command)) !== 0) throw new SettingsError(otherwise)
}

const sentenceOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause))
