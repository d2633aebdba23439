import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { readJson } from './json-file.ts'
import { type Finding, type Query, QueryFile, templateName, UseCaseFile } from './types.ts'

/** Shown by layout with everything that was declared; enough for most queries. */
export const DEFAULT_VIEW = '{% import "components.njk" as ui %}{{ ui.panel(panel) }}\n'

export interface SourceFile {
  /** Path for messages: the templates folder's name, then what is below it. */
  file: string
  text: string
}

export interface NamedUseCase {
  name: string
  source: SourceFile
  file: UseCaseFile
}

/** An application's templates as read, before they are compared with each other and with the model. */
export interface TemplateFiles {
  queries: Map<string, Query>
  /** Text of each query.json, for places in findings. */
  querySources: Map<string, SourceFile>
  useCases: NamedUseCase[]
  findings: Finding[]
  /** Every file that was read, by path below the templates folder. */
  files: Map<string, string>
}

/** Reads queries/ and use-cases/ of one application, and keeps on where one cannot be read. */
export async function readTemplateFiles(root: string, application: string): Promise<TemplateFiles> {
  const reading: TemplateFiles = {
    queries: new Map(),
    querySources: new Map(),
    useCases: [],
    findings: [],
    files: new Map(),
  }
  for (const name of await visible(join(root, application, 'queries')))
    await readQuery(reading, root, application, name)
  for (const file of await visible(join(root, application, 'use-cases')))
    await readUseCase(reading, root, application, file)
  return reading
}

const QUERY_FILES = ['query.json', 'query.sql.njk', 'view.html.njk']

async function readQuery(reading: TemplateFiles, root: string, application: string, name: string): Promise<void> {
  const folder = `${application}/queries/${name}`
  const path = (file: string) => `${basename(root)}/${folder}/${file}`
  if (!nameIsFit(reading, name, path('query.json'))) return
  for (const other of await visible(join(root, folder)))
    if (!QUERY_FILES.includes(other))
      reading.findings.push({
        file: path(other),
        message: `A query consists of ${QUERY_FILES.join(', ')} and nothing else.`,
      })
  const json = await read(reading, root, `${folder}/query.json`)
  const sql = await read(reading, root, `${folder}/query.sql.njk`)
  const view = await read(reading, root, `${folder}/view.html.njk`)
  if (json === undefined) reading.findings.push({ file: path('query.json'), message: 'This file is missing.' })
  if (sql === undefined) reading.findings.push({ file: path('query.sql.njk'), message: 'This file is missing.' })
  if (json === undefined || sql === undefined) return
  const source = { file: path('query.json'), text: json }
  const file = readJson(QueryFile, source, reading.findings)
  if (!file) return
  const files = { json: source.file, sql: path('query.sql.njk'), view: path('view.html.njk') }
  // One spelling of decimal(12, 2), for everything that compares types.
  for (const column of file.columns) column.type = column.type.replaceAll(/\s/g, '')
  reading.queries.set(name, { ...file, name, sql, view: view ?? DEFAULT_VIEW, files })
  reading.querySources.set(name, source)
}

async function readUseCase(reading: TemplateFiles, root: string, application: string, file: string): Promise<void> {
  const path = `${application}/use-cases/${file}`
  const source = { file: `${basename(root)}/${path}`, text: (await read(reading, root, path)) ?? '' }
  const name = file.replace(/\.json$/, '')
  if (name === file) {
    reading.findings.push({ file: source.file, message: 'A use case is a file <name>.json.' })
    return
  }
  if (!nameIsFit(reading, name, source.file)) return
  const content = readJson(UseCaseFile, source, reading.findings)
  if (content) reading.useCases.push({ name, source, file: content })
}

function nameIsFit(reading: TemplateFiles, name: string, file: string): boolean {
  if (templateName.safeParse(name).success) return true
  reading.findings.push({ file, message: `The name \`${name}\` must be lower case, words joined by hyphens.` })
  return false
}

async function read(reading: TemplateFiles, root: string, path: string): Promise<string | undefined> {
  try {
    const text = await readFile(join(root, path), 'utf8')
    reading.files.set(path, text)
    return text
  } catch (error) {
    if (isAbsent(error)) return undefined
    throw error
  }
}

/** Entries without those that editors and systems leave behind; none where the folder is absent. */
async function visible(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).filter((name) => !/^[._]|~$/.test(name)).sort()
  } catch (error) {
    if (isAbsent(error)) return []
    throw error
  }
}

const isAbsent = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')

/** sha-256 over paths and contents, hex; the order of reading does not matter. */
export function hashFiles(files: Iterable<readonly [string, string]>): string {
  const hash = createHash('sha256')
  for (const [path, text] of [...files].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
    hash.update(`${Buffer.byteLength(path)}:${path}${Buffer.byteLength(text)}:`).update(text)
  return hash.digest('hex')
}
