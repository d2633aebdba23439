import type { Dirent } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { codeOf, fileError } from './file-errors.ts'
import { compareKeys } from './keys.ts'

async function entries(folder: string, what: string): Promise<Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true })
  } catch (error) {
    // Gone, or a file, since it was seen: then it holds no keys.
    if (['ENOENT', 'ENOTDIR'].includes(codeOf(error) ?? '')) return []
    throw fileError(error, what || 'the data folder')
  }
}

/** Keys below `home` that begin with `prefix`, in the order of keys, one folder in memory at a time; hidden names are none. */
export async function* listKeys(home: string, prefix: string, within = ''): AsyncGenerator<string> {
  const found: { key: string; folder: boolean }[] = []
  for (const entry of await entries(join(home, within), within)) {
    if (entry.name.startsWith('.') || !(entry.isDirectory() || entry.isFile())) continue
    // A folder sorts with its slash: `a-b` comes before `a/b`.
    const key = `${within}${entry.name}${entry.isDirectory() ? '/' : ''}`
    const leads = entry.isDirectory() && prefix.startsWith(key)
    if (leads || key.startsWith(prefix)) found.push({ key, folder: entry.isDirectory() })
  }
  found.sort((left, right) => compareKeys(left.key, right.key))
  for (const { key, folder } of found) {
    if (folder) yield* listKeys(home, prefix, key)
    else yield key
  }
}
