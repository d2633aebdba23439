import { InputError } from '@muniment/archive/errors'
import { generatePas } from '@muniment/ingest/sample/pas/generate'

export async function sample(system: string, options: { policies: string; seed: string; out: string; json?: boolean }) {
  if (system !== 'pas') throw new InputError(`There is no sample system "${system}"; there is pas.`)
  const manifest = await generatePas({
    policies: wholeNumber(options.policies, '--policies', 1, 100_000_000),
    seed: wholeNumber(options.seed, '--seed', 0, 0xffffffff),
    out: options.out,
  })
  const rows = manifest.files.reduce((sum, file) => sum + file.rows, 0)
  if (options.json) console.log(JSON.stringify(manifest))
  else console.log(`${manifest.files.length} files with ${rows.toLocaleString('en')} rows are in ${options.out}.`)
}

export function wholeNumber(text: string, option: string, least: number, most: number): number {
  const value = Number(text)
  if (Number.isInteger(value) && value >= least && value <= most) return value
  throw new InputError(`${option} is "${text}"; it takes a whole number from ${least} to ${most}.`)
}
