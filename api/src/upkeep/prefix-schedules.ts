import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { OperatorError } from '@muniment/archive/errors'
import { PrefixSchedules } from '@muniment/retention/prefixes/types'

/** prefixes.json of a folder of schedules; undefined where there is none. Throws OperatorError for one that cannot be read. */
export async function readPrefixSchedules(folder: string | undefined): Promise<PrefixSchedules | undefined> {
  if (folder === undefined) return undefined
  const file = join(folder, 'prefixes.json')
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw new OperatorError(`${file} cannot be read. Nothing is removed by it.`, { cause: error })
  }
  try {
    return PrefixSchedules.parse(JSON.parse(text))
  } catch (error) {
    throw new OperatorError(`${file} is not as its format says. Nothing is removed by it.`, { cause: error })
  }
}
