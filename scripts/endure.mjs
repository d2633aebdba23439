// `npm run endure`: faults, kills and interleavings of destruction, more of them than `npm test` has time for; all by the variables below.
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { install } from './lib/install.mjs'
import { bin, requireNode, run } from './lib/run.mjs'
import { scratchFolder } from './lib/scratch.mjs'

requireNode()
await install('all')
const folder = scratchFolder()
process.env.TMPDIR = folder
process.on('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }))
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1))

const report = join(folder, 'endure.json')
const files = ['retention/test/execute/faults', 'retention/test/execute/kills', 'retention/test/model/replay']
const code = await run(
  bin('vitest'),
  ['run', '--reporter=verbose', '--reporter=json', `--outputFile.json=${report}`, ...files],
  {
    env: { MUNIMENT_FAULTS: '6', MUNIMENT_KILLS: '20', MUNIMENT_INTERLEAVINGS: '8', ...process.env },
  },
)
let counted = { numPassedTests: 0, numFailedTests: 0, numFailedTestSuites: 0 }
try {
  counted = JSON.parse(readFileSync(report, 'utf8'))
} catch {
  // It broke before it could count.
}
const failed = counted.numFailedTests || (code === 0 && counted.numPassedTests > 0 ? 0 : 1)
console.log(`\n${counted.numPassedTests} passed, ${failed} failed`)
process.exit(failed === 0 ? 0 : 1)
