// Installs what is missing, by the lockfile, and remembers in node_modules what was installed.
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { hashOf, npm, root, run } from './run.mjs'

const marker = join(root, 'node_modules', '.muniment-installed')
const serving = ['archive', 'query-templates', 'ingest', 'api', 'cli', 'web']

/** `serve`: what `npm start` needs. `all`: with the tools that tests and checks need. */
export async function install(scope) {
  const wanted = hashOf('package-lock.json')
  const [hash, installed] = existsSync(marker) ? readFileSync(marker, 'utf8').split(' ') : []
  if (hash === wanted && (installed === 'all' || installed === scope)) return
  if (installed === undefined && installedByHand()) return

  console.log(scope === 'all' ? 'Installing packages and tools ...' : 'Installing packages ...')
  const part = scope === 'all' ? [] : ['--omit=dev', ...serving.flatMap((name) => ['-w', name])]
  const code = await run(npm, ['ci', '--no-audit', '--no-fund', '--loglevel=error', ...part], { quiet: true })
  if (code !== 0) {
    console.error(
      'The packages could not be installed: npm says why above. Nothing else was changed; try `npm start` again once that is mended.',
    )
    process.exit(1)
  }
  writeFileSync(marker, `${wanted} ${scope}`)
}

/** A developer's own `npm install` or `npm ci`, of everything and by this lockfile: not to be undone. */
function installedByHand() {
  const own = join(root, 'node_modules', '.package-lock.json')
  if (!existsSync(own) || !existsSync(join(root, 'node_modules', 'vitest'))) return false
  return statSync(own).mtimeMs >= statSync(join(root, 'package-lock.json')).mtimeMs - 2000
}
