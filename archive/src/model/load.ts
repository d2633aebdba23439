import { readdir, readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { closest } from '../did-you-mean.ts'
import { OperatorError, TemplateError } from '../errors.ts'
import { checkConsistency } from './consistency.ts'
import { type ModelFinding, type ModelSource, parseFile } from './parse.ts'
import { type Application, ApplicationFile, Table } from './types.ts'

const APPLICATION_NAME = /^[a-z][a-z0-9_]*$/

function fail(name: string, findings: ModelFinding[]): never {
  const lines = findings.map(({ file, line, message, hint }) => {
    return `  ${file}${line === undefined ? '' : `:${line}`}: ${message}${hint ? ` (${hint})` : ''}`
  })
  const count = findings.length === 1 ? 'a fault' : `${findings.length} faults`
  throw new TemplateError(`The model of ${name} has ${count}:\n${lines.join('\n')}`, { detail: { findings } })
}

/**
 * An application from its files' texts. `name` is the folder's; `file`s are `<name>/application.json` and
 * `<name>/tables/<table>.json`. Throws one TemplateError with everything found in `detail.findings` (ModelFinding[]).
 */
export function parseApplication(name: string, application: ModelSource, tableSources: ModelSource[]): Application {
  const findings: ModelFinding[] = []
  const head = parseFile(ApplicationFile, application, findings)
  const tables: Table[] = []
  const sources = new Map<string, ModelSource>()
  for (const source of tableSources) {
    const table = parseFile(Table, source, findings)
    if (!table) continue
    const expected = basename(source.file, '.json')
    if (table.name !== expected)
      findings.push({
        file: source.file,
        message: `the table is named "${table.name}", but its file "${expected}"`,
        hint: 'give both the same name',
      })
    // `decimal(12, 2)` is allowed in the file; everything that compares types sees one spelling.
    for (const column of table.columns) column.type = column.type.replaceAll(/\s/g, '')
    tables.push(table)
    sources.set(table.name, source)
  }
  if (head && head.name !== name)
    findings.push({
      file: application.file,
      message: `the application is named "${head.name}", but its folder "${name}"`,
    })
  if (!head || (findings.length > 0 && tables.length < tableSources.length)) fail(name, findings)
  if (tables.length === 0) findings.push({ file: application.file, message: 'there is no table in tables/' })
  const model: Application = { ...head, tables }
  findings.push(...checkConsistency(model, application, sources))
  if (findings.length > 0) fail(name, findings)
  return model
}

async function read(root: string, file: string): Promise<ModelSource> {
  return { file, text: await readFile(join(root, file), 'utf8') }
}

async function names(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).sort()
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return []
    throw new OperatorError(`The folder ${folder} cannot be read.`, { cause: error })
  }
}

/** Names of the applications below a templates folder: folders with an application.json. */
export async function listApplications(templatesRoot: string): Promise<string[]> {
  const found: string[] = []
  for (const name of await names(templatesRoot))
    if (APPLICATION_NAME.test(name) && (await names(join(templatesRoot, name))).includes('application.json'))
      found.push(name)
  return found
}

/** Reads and checks `<templatesRoot>/<name>/`; throws TemplateError naming files and what is wrong. */
export async function loadApplication(templatesRoot: string, name: string): Promise<Application> {
  const applications = await listApplications(templatesRoot)
  if (!applications.includes(name)) {
    const meant = closest(name, applications)
    const known = applications.length > 0 ? `Known: ${applications.join(', ')}.` : 'The templates folder holds none.'
    throw new TemplateError(
      `There is no application "${name}"${meant ? `; did you mean "${meant}"?` : '.'} ${known} ` +
        'An application is a folder with an application.json.',
      { detail: { findings: [{ file: 'application.json', message: `there is no application "${name}"` }] } },
    )
  }
  const tableFiles = (await names(join(templatesRoot, name, 'tables'))).filter((file) => /^[^._].*\.json$/.test(file))
  const [application, ...tables] = await Promise.all(
    [`${name}/application.json`, ...tableFiles.map((file) => `${name}/tables/${file}`)].map((file) =>
      read(templatesRoot, file),
    ),
  )
  if (!application) throw new OperatorError(`${name}/application.json cannot be read.`)
  return parseApplication(name, application, tables)
}
