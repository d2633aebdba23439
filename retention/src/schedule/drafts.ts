import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { TemplateError } from '@muniment/archive/errors'
import { DomainSchedules } from './types.ts'

/** Drafts of an application's schedules in a folder: `<root>/<application>/<domain>.json`. None where there is no such folder. */
export async function readDrafts(root: string, application: string): Promise<DomainSchedules[]> {
  const folder = join(root, application)
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  return Promise.all(
    names
      .filter((name) => name.endsWith('.json'))
      .sort()
      .map((name) => readDraft(join(folder, name))),
  )
}

/** Throws TemplateError where the file holds no schedules. */
export async function readDraft(file: string): Promise<DomainSchedules> {
  try {
    return DomainSchedules.parse(JSON.parse(await readFile(file, 'utf8')))
  } catch (cause) {
    throw new TemplateError(`${file} holds no retention schedules of a domain.`, { cause })
  }
}
