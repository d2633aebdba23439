// Builds the web application when its sources are newer than its build.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { bin, hashOf, root, run } from './run.mjs'

const marker = join(root, 'web', 'dist', '.built-from')

/** Returns false when the build failed; its output is then printed. */
export async function buildWeb() {
  const wanted = hashOf('web', 'api/src/contract.ts', 'package-lock.json')
  if (existsSync(marker) && readFileSync(marker, 'utf8') === wanted) return true
  console.log('Building the web application ...')
  const code = await run(bin('vite'), ['build', 'web', '--logLevel', 'warn'], { quiet: true })
  if (code === 0) writeFileSync(marker, wanted)
  return code === 0
}
