import { type Dirent, lstatSync, readdirSync, statSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { codeOf, fileError } from './file-errors.ts'
import { compareKeys, isFolder } from './keys.ts'

/** Bytes that a folder itself takes on disk; of a few dozen names it takes no more. */
const SMALL = 4096

async function entries(folder: string, what: string): Promise<Dirent[]> {
  try {
    // The rules are listed for each request: reading a few names takes less than a turn through the thread pool.
    if (statSync(folder).size <= SMALL) return readdirSync(folder, { withFileTypes: true })
    return await readdir(folder, { withFileTypes: true })
  } catch (error) {
    // Gone, or a file, since it was seen: then it holds no keys.
    if (['ENOENT', 'ENOTDIR'].includes(codeOf(error) ?? '')) return []
    throw fileError(error, what || 'the data folder')
  }
}

/** Names in one folder below `home`, in the order of keys; those of folders end with a slash. */
export async function namesIn(home: string, folder: string): Promise<string[]> {
  const names = (await entries(join(home, folder), folder)).flatMap((entry) => {
    if (entry.name.startsWith('.') || !(entry.isDirectory() || entry.isFile())) return []
    // A folder sorts with its slash: `a-b` comes before `a/b`.
    return entry.isDirectory() ? [`${entry.name}/`] : [entry.name]
  })
  return names.sort(compareKeys)
}

/** Keys below `home` that begin with `prefix`, in the order of keys, one folder in memory at a time; hidden names are none. */
export async function* listKeys(home: string, prefix: string): AsyncGenerator<string> {
  // Of the folders above nothing is listed; but a prefix may be anything, and only what a key can be leads anywhere.
  const folder = prefix.slice(0, prefix.lastIndexOf('/') + 1)
  if (isFolder(folder) && isReal(home, folder)) yield* keysIn(home, prefix, folder)
}

/** Whether no part of it is a link, which a listing from above would not follow. */
function isReal(home: string, folder: string): boolean {
  const parts = folder.split('/').slice(0, -1)
  return parts.every((_, index) => {
    const path = join(home, ...parts.slice(0, index + 1))
    return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
  })
}

async function* keysIn(home: string, prefix: string, within: string): AsyncGenerator<string> {
  for (const name of await namesIn(home, within)) {
    const key = `${within}${name}`
    const folder = name.endsWith('/')
    if (!key.startsWith(prefix) && !(folder && prefix.startsWith(key))) continue
    if (folder) yield* keysIn(home, prefix, key)
    else yield key
  }
}
