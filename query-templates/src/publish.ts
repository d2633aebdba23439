import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import type { Statement } from '@muniment/archive/engine/port'
import type { StatementReading } from '@muniment/archive/engine/reading'
import type { Application } from '@muniment/archive/model/types'
import { ConflictError } from '@muniment/archive/store/errors'
import type { ObjectStore } from '@muniment/archive/store/port'
import { loadTemplates } from './load.ts'
import { currentKey, type Published, versionKey } from './published.ts'
import { readQuery } from './read-query.ts'
import type { QueryReadings } from './readings.ts'

interface PublishOptions {
  store: ObjectStore
  /** Folder of the applications' templates. */
  root: string
  application: string
  read: (statement: Statement, application: Application) => Promise<StatementReading>
  now: Date
}

/**
 * Puts an application's model and templates in force, in one write after all else is there. They should have been checked. Gives the
 * version, and whether it is another than before. Throws TemplateError where they cannot be read, ConflictError where somebody
 * else published meanwhile.
 */
export async function publishTemplates(options: PublishOptions): Promise<{ version: string; changed: boolean }> {
  const { store, root, application, read, now } = options
  const templates = await loadTemplates(root, application)
  const readings: Record<string, QueryReadings> = {}
  for (const query of templates.queries.values())
    readings[query.name] = await readQuery(templates, query, (statement) => read(statement, templates.application))
  const published: Published = {
    format: 1,
    application,
    hash: templates.hash,
    files: await filesOf(join(root, application)),
    readings,
  }
  const text = JSON.stringify(published)
  // What the readings are worked out by may change where the templates do not.
  const version = createHash('sha256').update(text).digest('hex')
  const before = await store.get(currentKey(application))
  if (before && JSON.parse(before.body.toString('utf8')).version === version) return { version, changed: false }
  await store.create(versionKey(application, version), text).catch((error: unknown) => {
    // Named by what it holds: it was in force once.
    if (!(error instanceof ConflictError)) throw error
  })
  const current = JSON.stringify({ format: 1, version, published: now.toISOString() })
  if (before) await store.replace(currentKey(application), current, before.etag)
  else await store.create(currentKey(application), current)
  return { version, changed: true }
}

/** Texts by path below the folder, in order. */
async function filesOf(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true })
  const paths = entries
    .filter((entry) => entry.isFile() && /\.(json|njk)$/.test(entry.name))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort()
  const files: Record<string, string> = {}
  for (const path of paths) files[path] = await readFile(join(folder, path), 'utf8')
  return files
}
