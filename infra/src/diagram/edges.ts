import { type Resource, text } from '../template.ts'
import type { Node, Template } from './nodes.ts'
import { verbOf } from './what-is-drawn.ts'

export interface Edge {
  readonly from: string
  readonly to: string
  readonly label: string
  /** Of a bucket: below which prefixes, `*` for all. */
  readonly prefixes: readonly string[]
  readonly by: 'grant' | 'wiring'
}

interface Statement {
  readonly Effect: string
  readonly Action: string | string[]
  readonly Resource: unknown
}

const list = <T>(value: T | T[] | undefined): T[] => (value === undefined ? [] : Array.isArray(value) ? value : [value])

/** What policies of IAM allow, and what the resources say of each other. Throws where a grant is of nothing that is drawn. */
export function edgesOf(templates: readonly Template[], nodes: readonly Node[]): Edge[] {
  const all = templates.flatMap(({ name, template }) =>
    Object.entries(template.Resources).map(([id, resource]) => ({ id, stack: name, ...resource })),
  )
  const node = (logical: string, stack?: string): Node | undefined =>
    nodes.find((one) => one.of.includes(logical) && (stack === undefined || one.stack === stack))
  /** By a reference in a text, the longest that fits, or by a name that we give. */
  const target = (value: string, stack: string): Node | undefined => {
    const near = nodes.filter((one) => one.of.some((id) => value.includes(id)))
    const named = nodes.filter((one) =>
      one.of.some((id) =>
        isNamed(
          value,
          all.find((each) => each.id === id && each.stack === one.stack),
        ),
      ),
    )
    return near.find((one) => one.stack === stack) ?? near[0] ?? named[0]
  }
  const owners = ownersOf(all, node)
  const granted = all.flatMap(({ Type, Properties = {}, id, stack }) => {
    if (Type !== 'AWS::IAM::Policy' && Type !== 'AWS::IAM::ManagedPolicy') return []
    const own =
      Type === 'AWS::IAM::ManagedPolicy' ? node(id, stack) : owners.get(`${stack} ${text(list(Properties.Roles)[0])}`)
    if (!own) throw new Error(`${id} in ${stack} grants something to nobody that is drawn.`)
    const { Statement } = Properties.PolicyDocument as { Statement: Statement | Statement[] }
    return list(Statement).flatMap((one) => grantsOf(one, own, (value) => target(value, stack)))
  })
  return merged([...granted, ...wiring(all, node, target)])
}

function grantsOf(
  { Effect, Action, Resource: resources }: Statement,
  from: Node,
  target: (value: string) => Node | undefined,
): Edge[] {
  if (Effect !== 'Allow') return []
  const verbs = [...new Set(list(Action).flatMap((action) => verbOf(action) ?? []))]
  if (verbs.length === 0) return []
  return list(resources).flatMap((resource) => {
    const value = text(resource)
    // The account's catalog is named beside each database.
    if (value.endsWith(':catalog')) return []
    const to = target(value)
    if (!to) throw new Error(`${from.label} is granted ${verbs.join(', ')} on ${value}, which is not drawn.`)
    const prefix = to.type === 'AWS::S3::Bucket' ? [/}\/(.+)$/.exec(value)?.[1] ?? ''] : []
    return verbs.map(
      (label): Edge => ({ from: from.id, to: to.id, label, prefixes: prefix.filter(Boolean), by: 'grant' }),
    )
  })
}

type Placed = Resource & { readonly id: string; readonly stack: string }

function isNamed(value: string, resource: Placed | undefined): boolean {
  if (!resource) return false
  const { Type, Properties = {} } = resource
  const ends = (...ways: string[]) => ways.some((way) => value.endsWith(way))
  switch (Type) {
    case 'AWS::Lambda::Function':
      return ends(`:function:${text(Properties.FunctionName)}`)
    case 'AWS::Athena::WorkGroup':
      return ends(`:workgroup/${text(Properties.Name)}`)
    case 'AWS::Glue::Database': {
      const name = text((Properties.DatabaseInput as { Name: unknown }).Name)
      return ends(`:database/${name}`, `:table/${name}/*`)
    }
    case 'AWS::Glue::Crawler':
      return (
        value.endsWith('*') &&
        `:crawler/${text(Properties.Name)}`.startsWith(value.replace(/^.*(?=:crawler\/)/, '').slice(0, -1))
      )
    default:
      return false
  }
}

/** Who acts in a role. */
function ownersOf(
  all: readonly Placed[],
  node: (logical: string, stack: string) => Node | undefined,
): Map<string, Node> {
  const owners = new Map<string, Node>()
  for (const { id, stack, Type, Properties = {} } of all) {
    const role =
      Type === 'AWS::Scheduler::Schedule'
        ? (Properties.Target as { RoleArn: unknown }).RoleArn
        : Type === 'AWS::Lambda::Function' || Type === 'AWS::Glue::Crawler'
          ? Properties.Role
          : undefined
    const own = role === undefined ? undefined : node(id, stack)
    if (own) owners.set(`${stack} ${text(role).replace('.Arn}', '}')}`, own)
  }
  return owners
}

/** What is no matter of rights: who calls whom, which key a bucket has, where logs and alarms go. */
function wiring(
  all: readonly Placed[],
  node: (logical: string, stack: string) => Node | undefined,
  target: (value: string, stack: string) => Node | undefined,
): Edge[] {
  const edges: Edge[] = []
  const add = (from: Node | undefined, to: Node | undefined, label: string) => {
    if (from && to && from !== to) edges.push({ from: from.id, to: to.id, label, prefixes: [], by: 'wiring' })
  }
  for (const { id, stack, Type, Properties = {} } of all) {
    const own = node(id, stack)
    const to = (value: unknown) => target(typeof value === 'string' ? value : deepText(value), stack)
    switch (Type) {
      case 'AWS::CloudFront::Distribution':
        for (const origin of (Properties.DistributionConfig as { Origins: { DomainName: unknown }[] }).Origins) {
          const at = to(text(origin.DomainName))
          add(own, at, at?.type === 'AWS::S3::Bucket' ? 'pages' : '/api')
        }
        break
      case 'AWS::Cognito::UserPool':
        add(own, to(Properties.LambdaConfig), 'asks for names')
        break
      case 'AWS::ApiGatewayV2::Integration':
        add(to(text(Properties.ApiId)), to(text(Properties.IntegrationUri)), 'calls')
        break
      case 'AWS::ApiGatewayV2::Authorizer':
        add(to(text(Properties.ApiId)), to(Properties.JwtConfiguration), 'checks tokens of')
        break
      case 'AWS::Scheduler::Schedule':
        add(own, to(text((Properties.Target as { Arn: unknown }).Arn)), text(Properties.ScheduleExpression))
        break
      case 'AWS::S3::Bucket':
        add(own, to(Properties.BucketEncryption), 'encrypted with')
        add(
          own,
          to(
            text(
              (Properties.LoggingConfiguration as { DestinationBucketName?: unknown } | undefined)
                ?.DestinationBucketName ?? '',
            ),
          ),
          'access log',
        )
        break
      case 'AWS::Athena::WorkGroup': {
        const { ResultConfiguration } = Properties.WorkGroupConfiguration as {
          ResultConfiguration: { OutputLocation: unknown }
        }
        add(own, to(text(ResultConfiguration.OutputLocation)), 'reads and writes, with the rights of who asks')
        break
      }
      case 'AWS::CloudWatch::Alarm':
        for (const action of list(Properties.AlarmActions)) add(own, to(text(action)), 'tell')
        break
      case 'AWS::Events::Rule':
        for (const { Arn } of list(Properties.Targets) as { Arn: unknown }[]) add(own, to(text(Arn)), 'tells')
        break
    }
  }
  return edges
}

/** All references in a value, whatever its shape. */
const deepText = (value: unknown): string =>
  typeof value !== 'object' || value === null
    ? String(value ?? '')
    : `${text(value)} ${Object.values(value).map(deepText).join(' ')}`

function merged(edges: readonly Edge[]): Edge[] {
  const by = new Map<string, Edge>()
  for (const edge of edges) {
    const key = `${edge.from} ${edge.to} ${edge.label} ${edge.by}`
    const before = by.get(key)
    by.set(key, { ...edge, prefixes: [...new Set([...(before?.prefixes ?? []), ...edge.prefixes])].sort() })
  }
  return [...by.values()]
}
