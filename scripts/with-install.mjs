// Runs one of our TypeScript programs after installing what it needs: node scripts/with-install.mjs FILE [ARGUMENTS]
import { spawn } from 'node:child_process'
import { install } from './lib/install.mjs'
import { requireNode, root } from './lib/run.mjs'

const { ppid } = process
requireNode()
await install('all')
const child = spawn(process.execPath, ['--import', 'tsx', ...process.argv.slice(2)], { cwd: root, stdio: 'inherit' })
// It may have something to take down first, so it is waited for. Ctrl-C reaches it by itself.
process.on('SIGINT', () => {})
for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
// npm's shell dies of a signal without passing it on.
setInterval(() => {
  if (process.ppid !== ppid) child.kill('SIGTERM')
}, 1_000).unref()
child.on('close', (code) => process.exit(code ?? 1))
