import { createHash } from 'node:crypto'
import { readdir, readFile, stat } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'

interface WebFile {
  type: string
  etag: string
  body: Buffer
  encoded: { gzip?: Buffer; br?: Buffer }
}

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.map': 'application/json',
  '.txt': 'text/plain; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.ico': 'image/x-icon',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
}
/** Of a file by its name. */
export const contentTypeOf = (name: string): string => types[extname(name).toLowerCase()] ?? 'application/octet-stream'

const packed = new Set(['.png', '.jpg', '.webp', '.woff2'])
const lookMs = 1_000

/**
 * The built web application, held in memory by path: what is asked for is looked up and never becomes a path, and links are
 * not followed. Read again when index.html is newer, so that a build shows without a restart.
 */
export function createWebFiles(root: string) {
  let files = new Map<string, WebFile>()
  let built = -1
  let looked = 0
  let reading: Promise<void> | undefined

  async function refresh(): Promise<void> {
    const modified = await stat(join(root, 'index.html')).then(
      (stats) => stats.mtimeMs,
      () => -1,
    )
    if (modified === built) return
    files = modified < 0 ? new Map() : await readTree(root)
    built = modified
  }

  async function current(): Promise<Map<string, WebFile>> {
    if (Date.now() - looked > lookMs) {
      looked = Date.now()
      reading = refresh()
    }
    await reading
    return files
  }

  /** The answer to a GET outside /api: the file, or index.html for an address of the application's own router. */
  return async function answer(path: string, request: Request): Promise<Response | undefined> {
    const all = await current()
    // Below assets/ there are files alone; the application's router has no address there.
    const isRoute = extname(path) === '' && path !== '/assets' && !path.startsWith('/assets/')
    const file = all.get(path) ?? (isRoute ? all.get('/index.html') : undefined)
    if (!file) return undefined
    const headers = new Headers({
      'Content-Type': file.type,
      ETag: file.etag,
      Vary: 'Accept-Encoding',
      // Vite puts a hash of the content into the names below assets/.
      'Cache-Control': cacheOf(path, file),
    })
    if (request.headers.get('if-none-match') === file.etag) return new Response(null, { status: 304, headers })
    const accepted = request.headers.get('accept-encoding') ?? ''
    const encoding = (['br', 'gzip'] as const).find((name) => file.encoded[name] && accepted.includes(name))
    if (encoding) headers.set('Content-Encoding', encoding)
    const body = (encoding && file.encoded[encoding]) ?? file.body
    headers.set('Content-Length', String(body.length))
    return new Response(request.method === 'HEAD' ? null : new Uint8Array(body), { headers })
  }
}

/** A page that is not stored is not brought back with what it showed, once somebody has signed out. */
function cacheOf(path: string, { type }: WebFile): string {
  if (path.startsWith('/assets/')) return 'public, max-age=31536000, immutable'
  return type === types['.html'] ? 'no-store' : 'no-cache'
}

async function readTree(root: string): Promise<Map<string, WebFile>> {
  const files = new Map<string, WebFile>()
  async function walk(folder: string, path: string): Promise<void> {
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      const here = `${path}/${entry.name}`
      if (entry.isDirectory()) await walk(join(folder, entry.name), here)
      else if (entry.isFile()) files.set(here, await readWebFile(join(folder, entry.name)))
    }
  }
  await walk(root, '')
  const index = files.get('/index.html')
  if (index) files.set('/', index)
  return files
}

async function readWebFile(file: string): Promise<WebFile> {
  const body = await readFile(file)
  const extension = extname(file).toLowerCase()
  const encoded: WebFile['encoded'] = {}
  if (!packed.has(extension) && body.length > 1_024) {
    encoded.gzip = await promisify(gzip)(body, { level: 9 })
    encoded.br = await promisify(brotliCompress)(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } })
  }
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`
  return { type: contentTypeOf(file), etag, body, encoded }
}
