import { type Edge, edgesOf } from './edges.ts'
import { type Node, nodesOf, type Template } from './nodes.ts'
import { drawn } from './what-is-drawn.ts'

const PEOPLE = 'people'
const OPERATOR = 'operator'
/** Every function has its grants on keys; the table tells them, the picture would be nothing else. */
const inTableOnly = new Set(['decrypts', 'encrypts', 'lists'])

/** A flowchart of mermaid: what the stacks consist of, who may do what to it by policy, and what is wired to what. */
export function diagramOf(templates: readonly Template[]): string {
  const nodes = nodesOf(templates)
  const edges = edgesOf(templates, nodes)
  const box = ({ id, label, type }: Node) => {
    const { open = '[', close = ']' } = drawn[type] ?? {}
    return `    ${id}${open}"${label}"${close}`
  }
  const of = (type: string) => nodes.filter((node) => node.type === type).map(({ id }) => id)
  return [
    '```mermaid',
    'flowchart LR',
    `  ${PEOPLE}(["people, in browsers"])`,
    `  ${OPERATOR}(["operator"])`,
    ...templates.flatMap(({ name }) => [
      `  subgraph ${name.replaceAll('-', '_')}["${name}"]`,
      ...nodes.filter(({ stack }) => stack === name).map(box),
      '  end',
    ]),
    ...[...of('AWS::CloudFront::Distribution'), ...of('AWS::Cognito::UserPool')].map((id) => `  ${PEOPLE} --> ${id}`),
    ...grouped(edges.filter(({ label }) => !inTableOnly.has(label))).map(
      ({ from, to, label, by }) => `  ${from} ${by === 'grant' ? '-->' : '-.->'}|"${label}"| ${to}`,
    ),
    ...of('AWS::SNS::Topic').map((id) => `  ${id} -.-> ${OPERATOR}`),
    '```',
  ].join('\n')
}

/** Every right that is granted by a policy: who, on what, what, below which prefixes. */
export function rightsTable(templates: readonly Template[]): string {
  const nodes = nodesOf(templates)
  const labelOf = (id: string) => (nodes.find((node) => node.id === id)?.label ?? id).replace(/<br\/>.*$/, '')
  const rows = new Map<string, string[]>()
  for (const { from, to, label, prefixes, by } of edgesOf(templates, nodes)) {
    if (by !== 'grant') continue
    const row = `${labelOf(from)} | ${labelOf(to)}`
    const below = prefixes.filter((prefix) => prefix !== '*').map((prefix) => `\`${prefix}\``)
    rows.set(row, [...(rows.get(row) ?? []), [label, below.join(', ')].filter(Boolean).join(' ')])
  }
  const lines = [...rows].map(([row, rights]) => `| ${row} | ${rights.sort().join('; ')} |`)
  return ['| who | of what | may |', '|---|---|---|', ...lines.sort()].join('\n')
}

/** One arrow for several words between the same two. */
function grouped(edges: readonly Edge[]): Edge[] {
  const by = new Map<string, Edge>()
  for (const edge of edges) {
    const key = `${edge.from} ${edge.to} ${edge.by}`
    const before = by.get(key)
    const { label } = edge
    by.set(key, {
      ...edge,
      label: before ? [...new Set([...before.label.split(', '), label])].sort().join(', ') : label,
    })
  }
  return [...by.values()]
}
