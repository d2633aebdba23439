import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { contentTypeOf } from '@muniment/api/web/files'
import { OperatorError } from '@muniment/archive/errors'
import type { WebBucket, WebFile } from './web-bucket.ts'

const INDEX = 'index.html'
const ASSETS = 'assets/'
const AT_ONCE = 8

/** A page names its assets by their content, so that those of every version can be kept by browsers, and stay where they are. */
function cacheControlOf(key: string): string {
  if (key.startsWith(ASSETS)) return 'public, max-age=31536000, immutable'
  // As the embedded server has it: a page is not brought back with what it showed once somebody has signed out.
  if (key.endsWith('.html')) return 'no-cache, no-store'
  return 'no-cache'
}

function webFile(key: string, body: Buffer): WebFile {
  const sha256 = createHash('sha256').update(body).digest('hex')
  return { key, body, sha256, contentType: contentTypeOf(key), cacheControl: cacheControlOf(key) }
}

export interface PublishedFiles {
  /** Keys that were put, in the order in which they were. */
  put: string[]
  unchanged: number
}

/**
 * Puts the built web application in a bucket: assets first, the page that names them last, so that whoever loads it in between gets one
 * version whole. Nothing is removed: a page that was loaded before still finds its assets.
 */
export async function publishWebFiles(bucket: WebBucket, root: string): Promise<PublishedFiles> {
  const keys = await builtFiles(root)
  const put: string[] = []
  let unchanged = 0
  const bring = async (file: WebFile) => {
    const there = await bucket.look(file.key)
    const { sha256, contentType, cacheControl } = file
    if (there?.sha256 === sha256 && there.contentType === contentType && there.cacheControl === cacheControl) {
      unchanged++
      return
    }
    await bucket.put(file)
    put.push(file.key)
  }
  const assets = keys.filter((key) => key.startsWith(ASSETS))
  for (let at = 0; at < assets.length; at += AT_ONCE)
    await Promise.all(assets.slice(at, at + AT_ONCE).map(async (key) => bring(await readWebFile(root, key))))
  for (const key of keys) if (!key.startsWith(ASSETS) && key !== INDEX) await bring(await readWebFile(root, key))
  await bring(await readWebFile(root, INDEX))
  return { put, unchanged }
}

const readWebFile = async (root: string, key: string) => webFile(key, await readFile(join(root, key)))

/** Keys of the built files. Throws OperatorError where there is no page among them. */
export async function builtFiles(root: string): Promise<string[]> {
  const entries = await readdir(root, { withFileTypes: true, recursive: true }).catch(() => [])
  const keys = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort()
  if (keys.includes(INDEX)) return keys
  throw new OperatorError(`There is no built web application in ${root}: npm run build:web makes it.`)
}
