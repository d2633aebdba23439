import { Code } from 'aws-cdk-lib/aws-lambda'
import { environments } from '../../environments.ts'
import { buildEnvironment, createApp } from '../../src/build.ts'
import type { EnvironmentSettings } from '../../src/settings.ts'

export interface Resource {
  readonly Type: string
  readonly Properties?: Record<string, unknown>
  readonly DeletionPolicy?: string
  readonly UpdateReplacePolicy?: string
}

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

/** A value of a template as text, with references as `${id}` or `${id.attribute}`. */
export function text(value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value !== 'object' || value === null) return String(value)
  const { 'Fn::Join': join, 'Fn::GetAtt': attribute, 'Fn::ImportValue': imported, Ref: reference } = value as Intrinsic
  if (join) return join[1].map(text).join(join[0])
  if (attribute) return `\${${attribute.join('.')}}`
  if (imported !== undefined) return `\${${text(imported).replace(/^.*ExportsOutput(FnGetAtt|Ref)/, '')}}`
  return reference === undefined ? JSON.stringify(value) : `\${${reference}}`
}

interface Intrinsic {
  'Fn::Join'?: [string, unknown[]]
  'Fn::GetAtt'?: string[]
  'Fn::ImportValue'?: unknown
  Ref?: string
}
