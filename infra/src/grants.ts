import { type IRole, ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam'
import { Stack, Validations } from 'aws-cdk-lib/core'
import type { IConstruct } from 'constructs'

export interface Grant {
  readonly actions: readonly string[]
  readonly resources: readonly string[]
  readonly conditions?: Record<string, Record<string, string | string[]>>
  /** Why a resource has a wildcard: told where it is granted, and taken over as the explanation of cdk-nag's finding. */
  readonly because?: string
}

const explained = new Map<IConstruct, { resource: string; because: string }[]>()

/** The only way anybody gets rights: no wildcard in an action, none in a resource without a reason. */
export function allow(to: IRole | ManagedPolicy, ...grants: Grant[]): void {
  for (const { actions, resources, conditions, because } of grants) {
    if (actions.some((action) => action.includes('*'))) throw new Error(`${actions.join(', ')}: name each action`)
    const wide = resources.filter((resource) => resource.includes('*'))
    if (wide.length > 0 && because === undefined) throw new Error(`${wide.join(', ')}: say why it is that wide`)
    for (const resource of wide) explain(to, resource, because ?? '')
    const statement = new PolicyStatement({
      actions: [...actions],
      resources: [...resources],
      ...(conditions && { conditions }),
    })
    if (to instanceof ManagedPolicy) to.addStatements(statement)
    else to.addToPrincipalPolicy(statement)
  }
}

/** For what the CDK grants of its own accord. */
export function explain(scope: IConstruct, resource: string, because: string): void {
  explained.set(scope, [...(explained.get(scope) ?? []), { resource, because }])
}

/**
 * Findings are named by the resource as the template has it, which for another stack's is known when references are
 * resolved. So explanations are handed over just before the check.
 */
export function acknowledgeExplained(scope: IConstruct): void {
  for (const each of scope.node.findAll()) {
    for (const { resource, because } of explained.get(each) ?? []) {
      const id = `AwsSolutions-IAM5[Resource::${flat(Stack.of(each).resolve(resource))}]`
      Validations.of(each).acknowledge({ id, reason: because })
    }
    explained.delete(each)
  }
}

/** As cdk-nag writes a reference in the name of a finding. */
function flat(node: unknown): string {
  if (typeof node === 'string') return node.replaceAll('${', '<').replaceAll('}', '>')
  if (typeof node !== 'object' || node === null) return ''
  const { 'Fn::Join': join, 'Fn::GetAtt': attribute, 'Fn::ImportValue': imported, Ref: reference } = node as Intrinsic
  if (join) return join[1].map(flat).join(join[0])
  if (attribute) return `<${attribute.map(flat).join('.')}>`
  if (imported !== undefined) return flat(imported)
  return reference === undefined ? JSON.stringify(node) : `<${flat(reference)}>`
}

interface Intrinsic {
  'Fn::Join'?: [string, unknown[]]
  'Fn::GetAtt'?: unknown[]
  'Fn::ImportValue'?: unknown
  Ref?: unknown
}
