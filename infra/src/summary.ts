import { rmSync } from 'node:fs'
import { Code } from 'aws-cdk-lib/aws-lambda'
import { buildEnvironment, createApp } from './build.ts'
import type { Deployed } from './cost/estimate-cost.ts'
import type { EnvironmentSettings } from './settings.ts'
import type { Resource } from './template.ts'

export interface StackSummary {
  readonly name: string
  /** Undefined: whichever the credentials are of. */
  readonly account: string | undefined
  readonly template: { readonly Resources: Readonly<Record<string, Resource>> }
}

/** An environment's templates without bundles, in the order of deployment: for whoever counts or draws them. Asks nobody. */
export async function summarise(name: string, settings: EnvironmentSettings): Promise<StackSummary[]> {
  const app = createApp({ checked: false })
  await buildEnvironment(app, name, settings, { code: Code.fromInline('exports.handler = () => {}') })
  const { stacks, directory } = app.synth()
  const summaries = stacks.map(({ stackName, environment, template }) => ({
    name: stackName,
    account: /^\d{12}$/.test(environment.account) ? environment.account : undefined,
    template: template as StackSummary['template'],
  }))
  rmSync(directory, { recursive: true, force: true })
  return summaries
}

export function countDeployed(stacks: readonly StackSummary[], settings: EnvironmentSettings): Deployed {
  const all = stacks.flatMap(({ template }) => Object.values(template.Resources))
  const of = (type: string) => all.filter(({ Type }) => Type === type)
  const keys = of('AWS::KMS::Key')
  return {
    keys: keys.length,
    rotatingKeys: keys.filter(({ Properties }) => Properties?.EnableKeyRotation === true).length,
    alarms: of('AWS::CloudWatch::Alarm').length,
    dashboards: of('AWS::CloudWatch::Dashboard').length,
    crawlers: of('AWS::Glue::Crawler').length,
    tier: settings.storage?.tier ?? 'standard',
  }
}
