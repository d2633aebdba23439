import type { Dirent } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { MunimentError } from '@muniment/archive/errors'
import { listApplications } from '@muniment/archive/model/load'
import { readTemplates, spell, templateError } from './load.ts'
import type { TemplateLibrary, Templates } from './port.ts'
import { examineSql } from './sql/compile.ts'
import type { Finding } from './types.ts'
import { examineView } from './view/check.ts'

export interface LibraryOptions {
  /** How long a look at the folder holds, in milliseconds. */
  lookEvery?: number
}

interface Shelf {
  /** The last version that could be used. */
  good?: Templates & { problem?: string }
  /** Whether that version had no fault; one that had gives way to whatever comes next. */
  whole?: boolean
  /** What the folder looked like when it was last read, good or not. */
  seen?: string
  looked: number
  running?: Promise<Templates & { problem?: string }>
}

/** A live view of a templates folder; see the port for what `get` promises. */
export function createTemplateLibrary(root: string, { lookEvery = 1000 }: LibraryOptions = {}): TemplateLibrary {
  const shelves = new Map<string, Shelf>()
  return {
    list: () => listApplications(root),
    get(application) {
      const shelf = shelves.get(application) ?? { looked: Number.NEGATIVE_INFINITY }
      if (shelf.good && performance.now() - shelf.looked < lookEvery) return Promise.resolve(shelf.good)
      shelves.set(application, shelf)
      shelf.running ??= look(root, application, shelf).finally(() => {
        delete shelf.running
        // Names come from requests: only folders that hold an application are remembered.
        if (!shelf.good) shelves.delete(application)
      })
      return shelf.running
    },
  }
}

async function look(root: string, application: string, shelf: Shelf): Promise<Templates & { problem?: string }> {
  // Taken before reading: a change in between makes the next look read again.
  const seen = await signature(join(root, application))
  shelf.looked = performance.now()
  if (shelf.good && seen === shelf.seen) return shelf.good
  shelf.seen = seen
  try {
    const { templates, findings } = await readTemplates(root, application)
    const faults = [...findings, ...languageFindings(templates)]
    const [first] = faults
    if (first && shelf.whole) throw templateError(faults)
    shelf.good = first
      ? { ...templates, useCases: withoutFaulty(templates, findings), problem: spell(first) }
      : templates
    shelf.whole = first === undefined
  } catch (error) {
    // What is no fault of the templates may pass without a change of theirs, such as a folder that cannot be read: look again.
    if (!(error instanceof MunimentError)) delete shelf.seen
    if (!shelf.good) {
      delete shelf.seen
      throw error
    }
    shelf.good = { ...shelf.good, problem: error instanceof MunimentError ? error.message : unread(error) }
  }
  return shelf.good
}

/** Without the error's own words, which may name a place of the machine: people see this. */
function unread(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : ''
  return `The templates could not be read again${code}: what was read before stays in force.`
}

/**
 * Where there is no older version to keep, one fault takes down what it is in and nothing else: a query that could not be read fails
 * the panels that show it, and a use case that is not what its author meant is not there.
 */
function withoutFaulty(templates: Templates, findings: Finding[]): Templates['useCases'] {
  const faulty = new Set(findings.map(({ file }) => file))
  return new Map([...templates.useCases].filter(([, { file }]) => !faulty.has(file)))
}

/** What is outside the language in SQL and views: cheap, and enough to keep an older version in force. */
export const languageFindings = (templates: Templates): Finding[] =>
  [...templates.queries.values()].flatMap((query) => [...examineSql(query).findings, ...examineView(query).findings])

/** Names, sizes and times of all files below a folder: equal as long as nobody wrote. */
async function signature(folder: string): Promise<string> {
  const lines: string[] = []
  const visit = async (path: string): Promise<void> => {
    const entries = await entriesOf(path)
    await Promise.all(
      entries.map(async (entry) => {
        const child = join(path, entry.name)
        if (entry.isDirectory()) return visit(child)
        const info = await stat(child).catch(() => undefined)
        if (info) lines.push(`${child} ${info.size} ${info.mtimeMs} ${info.ino}`)
      }),
    )
  }
  await visit(folder)
  return lines.sort().join('\n')
}

async function entriesOf(path: string): Promise<Dirent[]> {
  try {
    return await readdir(path, { withFileTypes: true })
  } catch {
    return []
  }
}
