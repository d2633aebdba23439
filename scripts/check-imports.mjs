// Import direction. The tool is content with having looked at nothing, so we ask how much it saw.
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { cruise } from 'dependency-cruiser'
import { root } from './lib/run.mjs'

process.chdir(root)
const { forbidden, options } = createRequire(import.meta.url)('../.dependency-cruiser.cjs')
const all = ['archive', 'query-templates', 'ingest', 'retention', 'api', 'cli', 'web', 'e2e', 'bench', 'infra']
const folders = all.filter((name) => existsSync(name))
const { output } = await cruise(folders, { ...options, ruleSet: { forbidden }, validate: true })

for (const { rule, from, to } of output.summary.violations) console.error(`${rule.name}: ${from} -> ${to}`)
const crossings = output.modules
  .flatMap((module) => module.dependencies)
  .filter(({ resolved }) => /^(archive|query-templates|ingest|api)\//.test(resolved)).length
console.log(
  `${output.modules.length} modules and ${crossings} imports between our own files looked at, ${output.summary.violations.length} broken rules`,
)
if (crossings < 50) console.error('That is too few imports to mean anything: the check itself is broken.')
process.exit(output.summary.violations.length === 0 && crossings >= 50 ? 0 : 1)
