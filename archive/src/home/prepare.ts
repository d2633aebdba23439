import { link, mkdir, readdir, readFile, realpath, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { z } from 'zod'
import { OperatorError } from '../errors.ts'
import { discard, makeFolder, syncFolder, writeTemporary } from '../store/durable.ts'
import { codeOf, fileError } from '../store/file-errors.ts'

/** Number of the arrangement of files in a data folder; a program refuses a higher one than it knows. */
const FORMAT = 1
const HomeFile = z.object({ format: z.int().positive() })

/** First parts of keys, and what file systems put at the root of a disk. */
const EXPECTED = new Set(
  'archive loads quarantine statements catalog templates searches results requests holds retention access usage audit secrets lost+found'.split(
    ' ',
  ),
)

/** What an operator may have put there before the first start. */
const SETTINGS = new Set(['purposes.json'])

async function checkFormat(path: string): Promise<'made' | 'new'> {
  let text: string
  try {
    text = await readFile(join(path, '.work', 'home.json'), 'utf8')
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return 'new'
    throw fileError(error, join(path, '.work', 'home.json'))
  }
  let format: number
  try {
    format = HomeFile.parse(JSON.parse(text)).format
  } catch (error) {
    throw new OperatorError(
      `The data folder ${path} was only half made: .work/home.json cannot be read. Remove the folder .work in it, ` +
        'which holds no records, and start again.',
      { cause: error },
    )
  }
  if (format > FORMAT)
    throw new OperatorError(
      `The data folder ${path} was made by a newer version of Muniment (format ${format}; this one knows ${FORMAT}). ` +
        'Use that version, or another data folder.',
    )
  return 'made'
}

async function checkContent(path: string): Promise<void> {
  const entries = await readdir(path, { withFileTypes: true })
  const foreign = entries
    .map(({ name }) => name)
    .filter((name) => !(name.startsWith('.') || EXPECTED.has(name) || SETTINGS.has(name)))
  if (foreign.length > 0)
    throw new OperatorError(
      `The folder ${path} holds other files (${foreign.slice(0, 3).join(', ')}${foreign.length > 3 ? ', ...' : ''}). ` +
        'Set MUNIMENT_HOME to a folder that is empty or not there yet.',
    )
  const inTheWay = entries.find((entry) => EXPECTED.has(entry.name) && entry.isFile())
  if (inTheWay) throw new OperatorError(`The data folder ${path} is damaged: ${inTheWay.name} is a file, not a folder.`)
}

/** DuckDB's readers take these characters for patterns, or for values of partitions, and would read something else. */
function checkPath(path: string): void {
  if (/[*?[=]/.test(path))
    throw new OperatorError(
      `The path of the data folder ${path} holds one of the characters * ? [ =. Set MUNIMENT_HOME to a folder without.`,
    )
}

/**
 * Makes the data folder where it is not there yet and checks that it can be used; gives its real path. Any process may
 * do so at any time. Throws OperatorError with a sentence that says what is in the way.
 */
export async function prepareHome(path: string): Promise<string> {
  const wanted = resolve(path)
  checkPath(wanted)
  try {
    const there = await stat(wanted).catch((error: unknown) => {
      if (codeOf(error) === 'ENOENT') return undefined
      throw error
    })
    if (there && !there.isDirectory())
      throw new OperatorError(`The data folder ${wanted} is a file. Set MUNIMENT_HOME to a folder.`)
    // Its content is personal data: for nobody else on this machine.
    if (!there) await mkdir(wanted, { recursive: true, mode: 0o700 })
    const home = await realpath(wanted)
    checkPath(home)
    const state = await checkFormat(home)
    if (state === 'new') await checkContent(home)
    const work = join(home, '.work')
    await mkdir(work, { mode: 0o700 }).catch(async (error: unknown) => {
      if (codeOf(error) !== 'EEXIST') throw error
      if (!(await stat(work)).isDirectory())
        throw new OperatorError(`The data folder ${home} is damaged: .work is a file, not a folder. Remove it.`)
    })
    for (const name of ['tmp', 'staging']) await makeFolder(join(work, name))
    // Written even where it is not needed: that the folder takes bytes is better known now.
    const file = await writeTemporary(join(work, 'tmp'), `${JSON.stringify({ format: FORMAT })}\n`)
    try {
      if (state === 'new') await link(file, join(work, 'home.json'))
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error
    } finally {
      await discard(file)
    }
    await syncFolder(work)
    if (!there) await syncFolder(dirname(home))
    return home
  } catch (error) {
    throw fileError(error, wanted)
  }
}
