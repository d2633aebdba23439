import { type Found, text } from './synthesised.ts'

export interface Statement {
  readonly effect: 'Allow' | 'Deny'
  readonly actions: readonly string[]
  readonly resources: readonly string[]
  readonly conditions: Record<string, unknown>
  readonly principal: unknown
  /** Logical ids of the roles it is of; empty for policies of resources and for managed ones. */
  readonly roles: readonly string[]
  readonly of: Found
}

interface Raw {
  Effect: 'Allow' | 'Deny'
  Action: string | string[]
  Resource?: unknown
  Condition?: Record<string, unknown>
  Principal?: unknown
}

const list = (value: unknown): unknown[] => (value === undefined ? [] : Array.isArray(value) ? value : [value])

const holders: Record<string, string> = {
  'AWS::IAM::Policy': 'PolicyDocument',
  'AWS::IAM::ManagedPolicy': 'PolicyDocument',
  'AWS::S3::BucketPolicy': 'PolicyDocument',
  'AWS::SNS::TopicPolicy': 'PolicyDocument',
  'AWS::SQS::QueuePolicy': 'PolicyDocument',
  'AWS::KMS::Key': 'KeyPolicy',
}

/** Every statement of every policy, wherever in a template it stands. */
export function statementsOf(resources: readonly Found[]): Statement[] {
  return resources.flatMap((of) => {
    const properties = of.Properties
    const name = holders[of.Type]
    const documents = [
      ...(name === undefined ? [] : [properties[name]]),
      ...(of.Type === 'AWS::IAM::Role' ? list(properties.Policies) : []).map(
        (policy) => (policy as { PolicyDocument: unknown }).PolicyDocument,
      ),
    ]
    return documents.flatMap((document) =>
      list((document as { Statement: unknown }).Statement).map((one): Statement => {
        const { Effect, Action, Resource, Condition = {}, Principal } = one as Raw
        return {
          effect: Effect,
          actions: list(Action).map(String),
          resources: list(Resource).map(text),
          conditions: Condition,
          principal: Principal,
          roles: list(properties.Roles).map((role) => text(role).replace(/[${}]/g, '')),
          of,
        }
      }),
    )
  })
}
