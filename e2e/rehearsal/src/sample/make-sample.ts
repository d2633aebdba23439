import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { cacheFolder, checkout } from '../install/cache-folder.ts'
import { tool } from '../install/tool.ts'

/**
 * A data folder with the sample system loaded, made once per size, model and maker by the product's own commands and kept
 * beside the equipment. Returns its path.
 */
export async function makeSample(policies: number): Promise<string> {
  const home = join(cacheFolder(), `sample-${policies}-${whatItIsMadeOf()}`)
  if (existsSync(home)) return home

  const aside = `${home}.${process.pid}`
  const delivery = join(aside, 'delivery')
  mkdirSync(aside, { recursive: true })
  const muniment = (...args: string[]) =>
    tool(process.execPath, [join(checkout, 'bin', 'muniment.mjs'), ...args], { MUNIMENT_HOME: join(aside, 'home') })
  try {
    await muniment('sample', 'pas', '--policies', String(policies), '--seed', '1', '--out', delivery)
    await muniment('ingest', '--application', 'pas', '--from', delivery)
    renameSync(join(aside, 'home'), home)
  } finally {
    rmSync(aside, { recursive: true, force: true })
  }
  return home
}

function whatItIsMadeOf(): string {
  const hash = createHash('sha256')
  for (const folder of ['query-templates/pas/tables', 'ingest/src/sample']) {
    const root = join(checkout, folder)
    const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
    const paths = files.map((entry) => join(entry.parentPath, entry.name)).sort()
    for (const path of paths) hash.update(path.slice(root.length)).update('\0').update(readFileSync(path)).update('\0')
  }
  return hash.digest('hex').slice(0, 12)
}
