import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { cacheFolder, checkout } from '../install/cache-folder.ts'
import { tool } from '../install/tool.ts'

/**
 * A data folder with the sample system loaded, made once per size by the product's own commands and kept beside the
 * equipment. Returns its path.
 */
export async function makeSample(policies: number): Promise<string> {
  const home = join(cacheFolder(), `sample-${policies}`)
  if (existsSync(home)) return home

  const aside = join(cacheFolder(), `sample-${policies}.${process.pid}`)
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
