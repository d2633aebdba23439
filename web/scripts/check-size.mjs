// Fails when what a browser must fetch before the start page works exceeds the limit. Run after `vite build`.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

const limit = 200 * 1024
const dist = join(import.meta.dirname, '../dist')
const html = readFileSync(join(dist, 'index.html'), 'utf8')
const inHtml = [...html.matchAll(/(?:src|href)="\/([^"]+\.js)"/g)].map((match) => match[1])
const manifest = JSON.parse(readFileSync(join(dist, '.vite/manifest.json'), 'utf8'))

// Everything that the entry imports statically, wherever it stands in the HTML.
const files = new Set(inHtml)
const follow = (key) => {
  const chunk = manifest[key]
  if (!chunk) throw new Error(`The manifest has no ${key}.`)
  files.add(chunk.file)
  for (const next of chunk.imports ?? []) if (!files.has(manifest[next]?.file)) follow(next)
}
const entry = Object.keys(manifest).find((key) => manifest[key].isEntry)
if (!entry) throw new Error('The manifest names no entry.')
follow(entry)
// Fetched by the entry once somebody is signed in.
follow('src/app/start.tsx')

let total = 0
for (const file of files) total += gzipSync(readFileSync(join(dist, file)), { level: 9 }).length
const kilobytes = (bytes) => `${(bytes / 1024).toFixed(1)} KB`
console.log(`Initial JavaScript: ${kilobytes(total)} gzipped in ${files.size} files (at most ${kilobytes(limit)}).`)
if (total > limit) process.exit(1)
