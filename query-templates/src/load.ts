import { TemplateError } from '@muniment/archive/errors'
import { loadApplication } from '@muniment/archive/model/load'
import type { LoadTemplates, Templates } from './port.ts'
import { hashFiles, readTemplateFiles, type TemplateFiles } from './query-folder.ts'
import type { Finding, UseCase } from './types.ts'
import { withUnits } from './units.ts'
import { resolveUseCases } from './use-cases.ts'

/**
 * Reads `<root>/<name>/`. Throws TemplateError when the model or a file cannot be read or names do not fit together, with all of it
 * in `detail.findings`. What only the check can tell (SQL, views, engine) shows when the query is used.
 */
export const loadTemplates: LoadTemplates = async (root, name) => {
  const { templates, findings } = await readTemplates(root, name)
  if (findings.length > 0) throw templateError(findings)
  return templates
}

/** As loadTemplates, but findings are returned with whatever could be read; only a broken model throws. */
export async function readTemplates(
  root: string,
  name: string,
): Promise<{ templates: Templates; files: TemplateFiles; findings: Finding[] }> {
  const application = await loadApplication(root, name)
  const files = await readTemplateFiles(root, name)
  for (const query of files.queries.values()) query.columns = withUnits(query, application)
  const { useCases, findings } = resolveUseCases(application, files)
  const all = new Map([...files.files, [`${name}/application.json`, JSON.stringify(application)]])
  const hashes = new Map([...useCases.values()].map((useCase) => [useCase.name, hashOf(name, files, useCase)]))
  const templates: Templates = {
    application,
    queries: files.queries,
    useCases,
    hash: hashFiles(all),
    hashOf(useCase) {
      const hash = hashes.get(useCase)
      if (hash === undefined) throw new TemplateError(`${name} has no use case ${useCase}.`)
      return hash
    },
  }
  return { templates, files, findings: [...files.findings, ...findings] }
}

function hashOf(application: string, files: TemplateFiles, useCase: UseCase): string {
  const folders = new Set(useCase.panels.map((panel) => `${application}/queries/${panel.query}/`))
  const own = [...files.files].filter(
    ([path]) =>
      path === `${application}/use-cases/${useCase.name}.json` ||
      [...folders].some((folder) => path.startsWith(folder)),
  )
  return hashFiles(own)
}

export function spell(finding: Finding): string {
  const place = finding.line === undefined ? finding.file : `${finding.file}:${finding.line}`
  return `${place}: ${finding.message}${finding.hint ? ` ${finding.hint}` : ''}`
}

export function templateError(findings: Finding[]): TemplateError {
  const [first] = findings
  const more = findings.length > 1 ? ` (and ${findings.length - 1} more)` : ''
  return new TemplateError(`${first ? spell(first) : 'The templates cannot be read.'}${more}`, { detail: { findings } })
}
