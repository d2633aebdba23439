import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join, sep } from 'node:path'
import { NotFoundError, OperatorError } from '@muniment/archive/errors'
import type { ObjectStore } from '@muniment/archive/store/port'
import { loadTemplates } from './load.ts'
import type { TemplateLibrary, Templates } from './port.ts'
import type { QueryReadings } from './readings.ts'

const folder = 'templates/'
export const currentKey = (application: string) => `${folder}${application}/current.json`
export const versionKey = (application: string, version: string) => `${folder}${application}/versions/${version}.json`

/** One version of an application's model and templates, by sha-256 of the object. */
export interface Published {
  format: 1
  application: string
  /** Of the templates, as searches record it. */
  hash: string
  /** Texts by path below the application's folder. */
  files: Record<string, string>
  /** By query. */
  readings: Record<string, QueryReadings>
}

interface LibraryOptions {
  store: ObjectStore
  /** Folder for copies, which may be lost at any time. */
  work: string
  /** How long a look at what is in force holds, in milliseconds. */
  lookEvery?: number
}

type Held = Templates & { problem?: string }

interface Shelf {
  /** The version that could be read last. */
  good?: { version: string; templates: Templates }
  held?: Held
  looked: number
  running?: Promise<Held>
}

/** What was published to the store; a version that cannot be read leaves the one before in force, with `problem` set. */
export function createPublishedLibrary({ store, work, lookEvery = 5_000 }: LibraryOptions): TemplateLibrary {
  const shelves = new Map<string, Shelf>()

  async function look(application: string, shelf: Shelf): Promise<Held> {
    shelf.looked = performance.now()
    const current = await store.get(currentKey(application))
    if (!current) throw new NotFoundError()
    const { version } = JSON.parse(current.body.toString('utf8')) as { version: string }
    const { good } = shelf
    try {
      shelf.good = good?.version === version ? good : { version, templates: await open(application, version) }
      shelf.held = shelf.good.templates
    } catch (error) {
      if (!good) throw error
      shelf.held = { ...good.templates, problem: 'A newer version of the templates was published and cannot be read.' }
    }
    return shelf.held
  }

  async function open(application: string, version: string): Promise<Templates> {
    const object = await store.get(versionKey(application, version))
    if (!object) throw new OperatorError(`The templates of ${application} in force are not there. Publish them again.`)
    const published = JSON.parse(object.body.toString('utf8')) as Published
    // The last part of the folder's name is what messages show.
    const root = join(work, 'templates', version, 'templates')
    await lay(join(root, application), published.files)
    const templates = await loadTemplates(root, application)
    if (templates.hash !== published.hash)
      throw new OperatorError(
        `The templates of ${application} were published by another version of this program. Publish them again.`,
      )
    return { ...templates, readings: new Map(Object.entries(published.readings)) }
  }

  return {
    async list() {
      const found: string[] = []
      for await (const name of store.names(folder))
        if (name.endsWith('/') && (await store.head(currentKey(name.slice(0, -1))))) found.push(name.slice(0, -1))
      return found
    },
    get(application) {
      const shelf = shelves.get(application) ?? { looked: Number.NEGATIVE_INFINITY }
      if (shelf.held && performance.now() - shelf.looked < lookEvery) return Promise.resolve(shelf.held)
      shelves.set(application, shelf)
      shelf.running ??= look(application, shelf).finally(() => {
        delete shelf.running
        // Names come from requests.
        if (!shelf.held) shelves.delete(application)
      })
      return shelf.running
    },
  }
}

/** Whole or not at all: a process that is stopped half-way leaves nothing that looks like a copy. */
async function lay(target: string, files: Record<string, string>): Promise<void> {
  const beside = `${target}.${process.pid}.${Date.now()}`
  for (const [path, text] of Object.entries(files)) {
    const file = join(beside, path)
    if (!file.startsWith(join(beside, sep)))
      throw new OperatorError('Published templates name a file outside their folder.')
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, text)
  }
  await rm(target, { recursive: true, force: true })
  await mkdir(dirname(target), { recursive: true })
  await rename(beside, target)
}
