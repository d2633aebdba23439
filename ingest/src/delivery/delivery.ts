import { createHash } from 'node:crypto'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { DeliveryError } from '@muniment/archive/errors'
import type { Application, Table } from '@muniment/archive/model/types'
import { MANIFEST, type ReadManifest, readManifest } from './manifest.ts'
import { sha256Of } from './sha256.ts'

const DATA_FILE = /\.(csv|tsv|txt|dat|parquet)(\.(gz|zst|bz2|zip))?$|\.(gz|zip|7z|tar|xlsx?)$/i

export interface DeliveryFile {
  name: string
  path: string
  bytes: number
  sha256: string
  /** Tells whether the file was touched after it was hashed. */
  stamp: string
}

export interface Delivery {
  folder: string
  manifest: ReadManifest
  /** By table name; a table without a file is absent. */
  files: Map<string, DeliveryFile>
  /** Tables for which more than one file is there. */
  ambiguous: Map<string, string[]>
  /** Files that look like data and belong to no table. */
  extra: string[]
  /** SHA-256 over names and hashes of the tables' files and of the manifest: what makes two deliveries the same input. */
  hash: string
}

export async function stampOf(path: string): Promise<string> {
  const { ino, size, mtimeMs, ctimeMs } = await stat(path)
  return `${ino}:${size}:${mtimeMs}:${ctimeMs}`
}

function namesFor(table: Table): string[] {
  return ['csv', 'csv.gz', 'parquet'].map((ending) => `${table.source.name}.${ending}`)
}

async function listFolder(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true })
    return entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name)
  } catch (error) {
    throw new DeliveryError(`The delivery's folder ${folder} cannot be read.`, { cause: error })
  }
}

/** Finds and hashes what a folder delivers; `onHash` is told of each table whose file is hashed. */
export async function readDelivery(
  folder: string,
  application: Application,
  onHash: (table: string) => void = () => {},
): Promise<Delivery> {
  const present = (await listFolder(folder)).sort()
  const files = new Map<string, DeliveryFile>()
  const ambiguous = new Map<string, string[]>()
  const known = new Set([MANIFEST])
  const found: { table: string; name: string; path: string; bytes: number }[] = []
  for (const table of application.tables) {
    const names = namesFor(table).filter((name) => present.includes(name))
    for (const name of names) known.add(name)
    if (names.length > 1) ambiguous.set(table.name, names)
    const [name] = names
    if (name === undefined) continue
    const path = join(folder, name)
    const there = await stat(path).catch(() => undefined)
    if (!there?.isFile()) throw new DeliveryError(`${name} in ${folder} is no file that can be read.`)
    found.push({ table: table.name, name, path, bytes: there.size })
  }
  const whole = createHash('sha256')
  const hashed = await Promise.all(
    found.map(async ({ table, name, path, bytes }) => {
      const stamp = await stampOf(path)
      onHash(table)
      return { table, file: { name, path, bytes, sha256: await sha256Of(path), stamp } }
    }),
  )
  for (const { table, file } of hashed) files.set(table, file)
  for (const { name, sha256 } of [...files.values()].sort((a, b) => (a.name < b.name ? -1 : 1)))
    whole.update(`${name}\0${sha256}\n`)
  const manifest = await readManifest(folder, application.name)
  whole.update(
    `${MANIFEST}\0${createHash('sha256')
      .update(manifest.text ?? '')
      .digest('hex')}\n`,
  )
  const claimed = manifest.manifest?.files.map(({ name }) => name) ?? []
  const extra = present.filter((name) => !known.has(name) && (claimed.includes(name) || DATA_FILE.test(name)))
  return { folder, manifest, files, ambiguous, extra, hash: whole.digest('hex') }
}
