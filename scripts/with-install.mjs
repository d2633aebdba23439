// Runs one of our TypeScript programs after installing what it needs: node scripts/with-install.mjs FILE [ARGUMENTS]
import { install } from './lib/install.mjs'
import { requireNode, run } from './lib/run.mjs'

requireNode()
await install('all')
process.exit(await run(process.execPath, ['--import', 'tsx', ...process.argv.slice(2)]))
