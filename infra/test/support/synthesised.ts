import { Code } from 'aws-cdk-lib/aws-lambda'
import { environments } from '../../environments.ts'
import { buildEnvironment, createApp } from '../../src/build.ts'
import type { EnvironmentSettings } from '../../src/settings.ts'
import type { Resource } from '../../src/template.ts'

export { text } from '../../src/template.ts'

export interface Found extends Resource {
  readonly Properties: Record<string, unknown>
  readonly id: string
  readonly stack: string
}

const demo = environments.demo
if (!demo) throw new Error('There is no environment "demo" to test.')
export const demoSettings: EnvironmentSettings = demo

/** Stacks of some environments in one account, without bundles and without the rules' check, which has a test of its own. */
export async function synthesise(of: Record<string, EnvironmentSettings>) {
  const app = createApp({ checked: false })
  for (const [name, settings] of Object.entries(of))
    await buildEnvironment(app, name, settings, { code: Code.fromInline('exports.handler = () => {}') })
  const { stacks } = app.synth()
  const templates = stacks.map(({ stackName, template }) => ({
    stack: stackName,
    template: template as { Resources: Record<string, Resource> },
  }))
  const resources: Found[] = templates.flatMap(({ stack, template }) =>
    Object.entries(template.Resources).map(([id, resource]) => ({
      id,
      stack,
      ...resource,
      Properties: resource.Properties ?? {},
    })),
  )
  return {
    app,
    templates,
    resources,
    ofType: (type: string) => resources.filter(({ Type }) => Type === type),
    /** Throws where there is none of that type of which it holds. */
    first: (type: string, holds: (found: Found) => boolean = () => true): Found => {
      const found = resources.find((one) => one.Type === type && holds(one))
      if (!found) throw new Error(`No ${type} is as it was looked for.`)
      return found
    },
  }
}

let demoOnce: ReturnType<typeof synthesise> | undefined
/** Synthesis takes seconds: files that only read share one. */
export const synthesiseDemo = () => {
  demoOnce ??= synthesise({ demo: demoSettings })
  return demoOnce
}
