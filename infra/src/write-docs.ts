/** `npm run -w infra docs`: the parts of docs/ that are made of the CDK app. Tests hold the pages against the same functions. */
import { readFileSync, writeFileSync } from 'node:fs'
import { environments } from '../environments.ts'
import { costMarkdown } from './cost/cost-table.ts'
import { estimateCost } from './cost/estimate-cost.ts'
import { exampleCase } from './cost/example-case.ts'
import { diagramOf, rightsTable } from './diagram/diagram.ts'
import { withBlock } from './docs-block.ts'
import { SettingsError } from './errors.ts'
import { countDeployed, summarise } from './summary.ts'

const { demo } = environments
if (!demo) throw new SettingsError('There is no environment "demo" to draw.')

function rewrite(page: string, parts: Record<string, string>): void {
  const file = new URL(`../../docs/${page}`, import.meta.url)
  let text = readFileSync(file, 'utf8')
  for (const [name, written] of Object.entries(parts)) text = withBlock(text, name, written)
  writeFileSync(file, text)
}

const one = { ...demo, applications: ['pas'] }
const stacks = await summarise('demo', one)
rewrite('cost.md', { estimate: costMarkdown(estimateCost(exampleCase, countDeployed(stacks, one)), exampleCase) })
rewrite('architecture.md', { diagram: diagramOf(stacks), rights: rightsTable(stacks) })
