import { type Resource, text } from '../template.ts'
import { drawn, leftOut } from './what-is-drawn.ts'

export interface Template {
  readonly name: string
  readonly template: { readonly Resources: Readonly<Record<string, Resource>> }
}

export interface Node {
  /** Of mermaid; without the hashes of the CDK, so that it stays when they change. */
  readonly id: string
  readonly label: string
  readonly type: string
  readonly stack: string
  /** Logical ids that it stands for. */
  readonly of: readonly string[]
}

const withoutHash = (id: string) => id.replace(/[0-9A-F]{8}$/, '')

/** Throws for a type that is neither drawn nor left out. */
export function nodesOf(templates: readonly Template[]): Node[] {
  return templates.flatMap(({ name, template }) => {
    const short = name.split('-').slice(2).join('_')
    const nodes = new Map<string, Node>()
    for (const [logical, resource] of Object.entries(template.Resources)) {
      const { Type } = resource
      if (leftOut.has(Type)) continue
      const kind = drawn[Type]
      if (!kind) throw new Error(`${Type} is neither drawn nor left out in what-is-drawn.ts.`)
      const id = `${short}_${kind.many === undefined ? withoutHash(logical) : Type.split('::').at(-1)}`
      const of = [...(nodes.get(id)?.of ?? []), logical]
      const label =
        kind.many === undefined ? labelOf(logical, resource) : `${of.length} ${kind.many}${of.length === 1 ? '' : 's'}`
      nodes.set(id, { id, label, type: Type, stack: name, of })
    }
    return [...nodes.values()]
  })
}

function labelOf(logical: string, { Type, Properties = {} }: Resource): string {
  const own = withoutHash(logical)
  switch (Type) {
    case 'AWS::Lambda::Function':
      return `Lambda ${text(Properties.FunctionName).split('-').at(-1)}<br/>${text(Properties.Description)}`
    case 'AWS::S3::Bucket':
      return `S3 ${own.replace(/^(Storage|Site)/, '')}`
    case 'AWS::KMS::Key':
      return `KMS ${own.replace(/^Storage/, '')}`
    case 'AWS::Glue::Database':
      return `Glue database ${text((Properties.DatabaseInput as { Name: unknown }).Name)}`
    case 'AWS::IAM::ManagedPolicy':
      return `who has the policy ${text(Properties.ManagedPolicyName)}`
    case 'AWS::SQS::Queue':
      return `SQS ${own}`
    case 'AWS::Events::Rule':
      return 'EventBridge: a crawler failed'
    default:
      return names[Type] ?? own
  }
}

const names: Readonly<Record<string, string>> = {
  'AWS::CloudFront::Distribution': 'CloudFront',
  'AWS::ApiGatewayV2::Api': 'API Gateway (HTTP)',
  'AWS::Cognito::UserPool': 'Cognito',
  'AWS::Athena::WorkGroup': 'Athena workgroup',
  'AWS::SNS::Topic': 'SNS Alerts',
}
