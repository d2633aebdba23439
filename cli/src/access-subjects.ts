import type { Asked } from '@muniment/archive/access/explain'
import { InputError, NotFoundError } from '@muniment/archive/errors'
import { listApplications } from '@muniment/archive/model/load'
import { loadTemplates } from '@muniment/query-templates/load'
import type { Templates } from '@muniment/query-templates/port'
import { tablesOf } from '@muniment/query-templates/sql/tables-of'

/** All applications among the templates, or the one that is named. */
export async function loadSubjects(templatesRoot: string, name?: string): Promise<Templates[]> {
  const known = await listApplications(templatesRoot)
  if (name !== undefined && !known.includes(name))
    throw new NotFoundError(`There is no application "${name}" among the templates; there is ${known.join(', ')}.`)
  return Promise.all((name === undefined ? known : [name]).map((each) => loadTemplates(templatesRoot, each)))
}

/** What rules are checked against. */
export const subjectsOf = (templates: readonly Templates[]) =>
  templates.map(({ application, useCases }) => ({ model: application, useCases: [...useCases.keys()] }))

export interface Sought {
  templates: Templates
  asked: Asked
  /** Of a record: the values of its primary key. */
  key?: string[]
}

const spelling = 'Name a use case (customer-file) or a record (policies:100000041; a comma between the parts of a key).'

function findUseCase({ application, useCases, queries }: Templates, name: string): Asked | undefined {
  const useCase = useCases.get(name)
  if (!useCase) return undefined
  const panels = useCase.panels.map(({ title, query: wanted }) => {
    const query = queries.get(wanted)
    return { title, tables: query ? tablesOf(query, application) : [] }
  })
  return { kind: 'use-case', name, panels }
}

/** The use case or record meant by `what`; throws where no application has it, or several do. */
export function seek(all: readonly Templates[], what: string): Sought {
  const [, table, key] = /^([a-z][a-z0-9_]*):(.*)$/s.exec(what) ?? []
  const found = all.flatMap((templates): Sought[] => {
    if (table === undefined) {
      const asked = findUseCase(templates, what)
      return asked ? [{ templates, asked }] : []
    }
    const has = templates.application.tables.some(({ name }) => name === table)
    return has ? [{ templates, asked: { kind: 'record', table }, key: (key ?? '').split(',') }] : []
  })
  const [first, ...others] = found
  if (!first) throw new NotFoundError(`There is no "${what}". ${spelling}`)
  if (others.length > 0)
    throw new InputError(
      `There is a "${what}" in ${found.map(({ templates }) => templates.application.name).join(' and ')}: say which with --application.`,
    )
  return first
}
