import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { codeOf, fileError } from '../../store/file-errors.ts'
import { AUDIT } from '../paths.ts'

/** Names below `audit/` of a folder that are no objects of its store, as keys: hidden ones, links, sockets. None is of the log. */
export async function* hiddenFiles(folder: string, within = AUDIT): AsyncGenerator<string> {
  for (const entry of await entriesOf(join(folder, within))) {
    const key = `${within}${entry.name}`
    if (entry.name.startsWith('.') || !(entry.isDirectory() || entry.isFile())) yield key
    else if (entry.isDirectory()) yield* hiddenFiles(folder, `${key}/`)
  }
}

async function entriesOf(path: string) {
  try {
    return await readdir(path, { withFileTypes: true })
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return []
    throw fileError(error, path)
  }
}
