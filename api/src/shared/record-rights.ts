import type { RecordView, Rights } from '@muniment/archive/access/port'
import type { RecordRight } from '@muniment/archive/access/rules'
import type { Restrictions } from '@muniment/archive/engine/port'
import { NotFoundError } from '@muniment/archive/errors'
import type { TemplateLibrary, Templates } from '@muniment/query-templates/port'
import { tablesOf } from '@muniment/query-templates/sql/tables-of'
import type { UseCase } from '@muniment/query-templates/types'
import type { InForce } from '../contract.ts'
import { ProblemError } from '../errors.ts'
import { noApplication, noUseCase, templatesOf } from './templates.ts'

/** What a query may read in any of its branches, so that leaving a panel out says nothing of rows. */
export function tablesOfPanel(templates: Templates, panel: { query: string }): string[] {
  const query = templates.queries.get(panel.query)
  return query ? tablesOf(query, templates.application) : []
}

export const tablesOfPanels = (templates: Templates, panels: readonly { query: string }[]): string[] => [
  ...new Set(panels.flatMap((panel) => tablesOfPanel(templates, panel))),
]

/**
 * The templates of an application that one may enter. Rights are asked before anything of it is read: a fault in its templates is told to
 * nobody else. Throws the NotFoundError of an application that is not there.
 */
export async function enter(
  library: TemplateLibrary,
  rights: Rights,
  application: string,
): ReturnType<typeof templatesOf> {
  if (!rights.mayEnter(application)) throw noApplication()
  return templatesOf(library, application)
}

/** The same of what was searched in it: throws the NotFoundError of a search that is not there. */
export async function enterAgain(library: TemplateLibrary, rights: Rights, application: string): Promise<Templates> {
  if (!rights.mayEnter(application)) throw new NotFoundError()
  return library.get(application)
}

/** The view through a use case; undefined where nothing of it may be seen. */
export function viewThrough(
  rights: Rights,
  templates: Templates,
  useCase: UseCase,
  right: RecordRight = 'see',
): RecordView | undefined {
  const view = rights.view(templates.application, { useCase: useCase.name, right })
  if (!view?.mayUse(useCase.name)) return undefined
  return useCase.panels.some((panel) => view.lacking(tablesOfPanel(templates, panel)).length === 0) ? view : undefined
}

/** Of an application that was entered. Throws the NotFoundError of a use case that is not there. */
export function mustSee(rights: Rights, templates: Templates, useCase: UseCase): RecordView {
  const view = viewThrough(rights, templates, useCase)
  if (!view) throw noUseCase(templates)
  return view
}

/** Whether what was found under `then` may be shown to somebody who is now restricted by `now`. */
export function allowsAsMuch(now: Restrictions, then: Restrictions | undefined): boolean {
  if (!then) return false
  if (now.id === then.id) return true
  const had = new Map(then.masks.map(({ table, column, mask }) => [`${table}.${column}`, mask]))
  return (
    then.tables.every((table) => now.tables.includes(table)) &&
    now.rowRules.every((rule) => then.rowRules.includes(rule)) &&
    now.masks
      // What could not be read then need not be masked now.
      .filter(({ table }) => then.tables.includes(table))
      .every(({ table, column, mask }) => {
        const before = had.get(`${table}.${column}`)
        return before === 'hidden' || before === mask
      })
  )
}

/** How much somebody may still see of what was searched: as much as then, less, or nothing. */
export function stillSees(
  rights: Rights,
  templates: Templates,
  record: { useCase: string; restrictions?: Restrictions },
): 'all' | 'less' | 'nothing' {
  const useCase = templates.useCases.get(record.useCase)
  const view = useCase && rights.mayEnter(templates.application.name) && viewThrough(rights, templates, useCase)
  if (!view) return 'nothing'
  return allowsAsMuch(view.restrictions, record.restrictions) ? 'all' : 'less'
}

/** Every reading of a stored result asks anew. Throws NotFoundError where nothing may be seen any more, ProblemError where it must be searched again. */
export function mustStillSee(
  rights: Rights,
  templates: Templates,
  record: { useCase: string; restrictions?: Restrictions },
): void {
  const sees = stillSees(rights, templates, record)
  if (sees === 'nothing') throw new NotFoundError()
  if (sees === 'less')
    throw new ProblemError(
      'no-longer-kept',
      'What you may see has changed since this was searched. Run the search again.',
    )
}

/** Names what the rules withhold of these tables, whether or not there is anything to withhold. */
export function inForceOf(
  rights: Rights,
  templates: Templates,
  { masks, rowRules }: Restrictions,
  tables: string[],
): InForce {
  const { application } = templates
  return {
    rules: rights.rules,
    roles: rights.roles,
    masks: application.tables
      .filter(({ name }) => tables.includes(name))
      .flatMap((table) => {
        const columns = table.columns.flatMap(({ name, label, derived }) => {
          const found = masks.find((mask) => mask.table === table.name && mask.column === name)
          // Derived columns are how something is looked up, and not what a person reads.
          return found && !derived ? [{ name, label, mask: found.mask }] : []
        })
        return columns.length > 0 ? [{ table: table.name, title: table.title, columns }] : []
      }),
    rowRules: rowRules.flatMap((name) => {
      const rule = application.rowRules[name]
      return rule ? [{ name, title: rule.title, description: rule.description }] : []
    }),
    contact: rights.contact,
  }
}

export function domainsNamed(templates: Templates, names: readonly string[]) {
  return names.map((name) => {
    const domain = templates.application.domains.find((candidate) => candidate.name === name)
    return { name, title: domain?.title ?? name }
  })
}
