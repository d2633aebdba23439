import { readdir } from 'node:fs/promises'
import { InputError } from '@muniment/archive/errors'
import { generatePas } from '@muniment/ingest/sample/pas/generate'

export async function sample(system: string, options: { policies: string; seed: string; out: string; json?: boolean }) {
  if (system !== 'pas') throw new InputError(`There is no sample system "${system}"; there is pas.`)
  const policies = wholeNumber(options.policies, '--policies', 1, 100_000_000)
  const seed = wholeNumber(options.seed, '--seed', 0, 0xffffffff)
  await mustBeEmpty(options.out)
  const manifest = await generatePas({ policies, seed, out: options.out })
  const rows = manifest.files.reduce((sum, file) => sum + file.rows, 0)
  if (options.json) console.log(JSON.stringify(manifest))
  else console.log(`${manifest.files.length} files with ${rows.toLocaleString('en')} rows are in ${options.out}.`)
}

/** Files would be replaced, and a delivery that holds others beside its own is refused when it is loaded. */
async function mustBeEmpty(folder: string): Promise<void> {
  let names: string[]
  try {
    names = await readdir(folder)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'ENOENT') return
    throw new InputError(`--out ${folder} ${code === 'ENOTDIR' ? 'is a file, and no folder' : 'cannot be read'}.`)
  }
  if (names.length > 0)
    throw new InputError(
      `--out ${folder} is not empty (it holds ${names.slice(0, 3).join(', ')}${names.length > 3 ? ' ...' : ''}): name an empty folder, or one that is not there yet.`,
    )
}

export function wholeNumber(text: string, option: string, least: number, most: number): number {
  const value = Number(text)
  if (Number.isInteger(value) && value >= least && value <= most) return value
  throw new InputError(`${option} is "${text}"; it takes a whole number from ${least} to ${most}.`)
}
