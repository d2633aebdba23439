import { loadApplication } from '@muniment/archive/model/load'
import type { Code } from 'aws-cdk-lib/aws-lambda'
import { App, CfnOutput, type Environment, Tags, Validations } from 'aws-cdk-lib/core'
import { Checks } from './checks.ts'
import { featureFlags } from './feature-flags.ts'
import { namesOf } from './names.ts'
import { templatesRoot } from './paths.ts'
import { checkSettings, type EnvironmentSettings } from './settings.ts'
import { ApplicationStack } from './stacks/application-stack.ts'
import { ArchiveStack } from './stacks/archive-stack.ts'
import { ServiceStack } from './stacks/service-stack.ts'
import { WitnessStack } from './stacks/witness-stack.ts'

/** `checked`: synthesis fails on a finding of cdk-nag that nobody has explained. */
export const createApp = ({ checked = true } = {}): App => {
  const app = new App({ context: featureFlags, analyticsReporting: false })
  if (checked) Validations.of(app).addPlugins(new Checks(app))
  return app
}

export interface BuildOptions {
  /** In place of bundles, where a test needs none. */
  readonly code?: Code
  /** Commit that is deployed: an output, so that a running environment says what it was made from. */
  readonly version?: string
}

/** All stacks of one environment. Throws SettingsError, and TemplateError where a model does not check. */
export async function buildEnvironment(
  app: App,
  name: string,
  settings: EnvironmentSettings,
  { code, version }: BuildOptions = {},
) {
  checkSettings(name, settings)
  const names = namesOf(name)
  const env = environmentOf(settings)
  const models = await Promise.all(settings.applications.map((one) => loadApplication(templatesRoot, one)))
  const { witness } = settings
  if (witness.account !== undefined && settings.account !== undefined)
    new WitnessStack(app, `${names.base}-witness`, {
      names,
      lock: witness.lock,
      account: witness.account,
      of: settings.account,
      env: { ...env, account: witness.account },
      description: 'Muniment: checkpoints of the log, kept in another account',
    })
  const archive = new ArchiveStack(app, `${names.base}-archive`, {
    names,
    settings,
    env,
    terminationProtection: true,
    description: 'Muniment: buckets and keys. They stay when it goes',
  })
  const applications = models.map(
    (model) =>
      new ApplicationStack(app, `${names.base}-${model.name.replaceAll('_', '-')}`, {
        names,
        model,
        archive,
        env,
        description: `Muniment: catalog of ${model.title}`,
      }),
  )
  const service = new ServiceStack(app, `${names.base}-service`, {
    names,
    settings,
    archive,
    env,
    ...(code && { code }),
    description: 'Muniment: API, sign-in, web, schedules, alarms',
  })
  if (version !== undefined) new CfnOutput(service, 'Version', { value: version })
  const stacks = { archive, applications, service }
  for (const stack of [archive, service, ...applications]) Tags.of(stack).add('muniment:environment', name)
  return stacks
}

const environmentOf = ({ account, region }: EnvironmentSettings): Environment => ({
  ...(account !== undefined && { account }),
  ...(region !== undefined && { region }),
})
