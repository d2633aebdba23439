// `npm start`: install, build, prepare the sample archive, serve.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { install } from './lib/install.mjs'
import { requireNode, root } from './lib/run.mjs'
import { buildWeb } from './lib/web.mjs'

requireNode()
await install('serve')
if (!(await buildWeb())) {
  console.error('The web application could not be built; the reason is above.')
  process.exit(1)
}

const server = spawn(
  process.execPath,
  [join(root, 'bin', 'muniment.mjs'), 'start', '--sample', ...process.argv.slice(2)],
  {
    cwd: root,
    stdio: 'inherit',
  },
)
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => server.kill(signal))
server.on('exit', (code, signal) => process.exit(signal ? 0 : (code ?? 1)))
