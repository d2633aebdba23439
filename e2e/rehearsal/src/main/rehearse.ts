// `npm run rehearse [-- --policies N] [--only PART,PART]`: the AWS setting on this machine, from deploying to destroying.
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { cacheFolder } from '../install/cache-folder.ts'
import { EquipmentError } from '../install/errors.ts'
import { type Part, partNames, rehearse } from '../rehearse/rehearse.ts'
import { createReport } from '../rehearse/report.ts'

// The SDK's clients are pinned; what they want of a later Node is no news here.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true'

const { values } = parseArgs({
  options: { policies: { type: 'string', default: '1000' }, only: { type: 'string', default: partNames.join() } },
})
const policies = Number(values.policies)
if (!Number.isInteger(policies) || policies < 1) throw new EquipmentError('--policies takes a whole number, 1 or more.')
const only = values.only.split(',').map((name): Part => {
  const found = partNames.find((part) => part === name)
  if (!found) throw new EquipmentError(`--only takes ${partNames.join(', ')}.`)
  return found
})

const say = (line: string) => console.log(line)
const began = performance.now()
let interrupted = false
const report = createReport(say, () => interrupted)
const run = rehearse(report, policies, only)
const interrupt = async (code: number) => {
  if (interrupted) return
  interrupted = true
  await run.stop()
  process.exit(code)
}
process.on('SIGINT', () => void interrupt(130))
process.on('SIGTERM', () => void interrupt(143))

let broke = false
await run.over.catch((error: unknown) => {
  broke = true
  if (!interrupted) console.error(error)
})
await run.stop()
if (!interrupted) {
  say(`\nNot rehearsed here:\n${report.unrehearsed.map((what) => `- ${what}`).join('\n')}`)
  const left = partNames.filter((part) => !only.includes(part))
  if (left.length > 0) say(`\nLeft out by --only: ${left.join(', ')}`)
  say(`\n${JSON.stringify(report.figures, null, 2)}`)
  const file = join(cacheFolder(), 'figures.json')
  mkdirSync(dirname(file), { recursive: true })
  const { figures, steps } = report
  const seconds = Math.round((performance.now() - began) / 1_000)
  writeFileSync(file, `${JSON.stringify({ at: new Date(), seconds, figures, steps }, null, 2)}\n`)
  say(`\n${((performance.now() - began) / 1_000).toFixed(0)} s in all`)
  say(`${report.passed} passed, ${report.failed + (broke ? 1 : 0)} failed`)
  process.exit(report.failed > 0 || broke || report.passed === 0 ? 1 : 0)
}
