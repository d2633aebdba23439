import { NotFoundError } from '@muniment/archive/errors'
import { ProblemError } from '../errors.ts'
import type { Acting } from '../shared/acting.ts'
import { allowsAsMuch, enterAgain, mustStillSee, tablesOfPanel, viewThrough } from '../shared/record-rights.ts'
import type { SearchRecord } from '../shared/search-record.ts'
import type { Services } from '../shared/services.ts'
import type { ExportRecord } from './export-record.ts'

/**
 * Whoever reads an export or its file must still be allowed what it holds, and as much of it. Gives the search that it is of. Throws
 * NotFoundError where nothing may be seen any more, ProblemError where it is to be exported anew.
 */
export async function mustStillTake(
  services: Pick<Services, 'records' | 'templates'>,
  { rights }: Pick<Acting, 'rights'>,
  { search: id, panel: name, restrictions, rows = 0 }: ExportRecord,
): Promise<SearchRecord> {
  const search = (await services.records.read(id))?.record
  if (!search) throw new NotFoundError()
  const templates = await enterAgain(services.templates, rights, search.application)
  mustStillSee(rights, templates, { useCase: search.useCase, ...(restrictions && { restrictions }) })
  const useCase = templates.useCases.get(search.useCase)
  const panel = search.panels.find((candidate) => candidate.name === name)
  const tables = panel ? tablesOfPanel(templates, panel) : []
  const through = (right: 'export' | 'export-bulk') => {
    const view = useCase && viewThrough(rights, templates, useCase, right)
    return view?.may(right, tables) ? view : undefined
  }
  const view = through('export')
  if (!view || !allowsAsMuch(view.restrictions, restrictions))
    throw new ProblemError('no-longer-kept', 'What you may export has changed since. Export it again.')
  if (rows > rights.bulkRows && !through('export-bulk'))
    throw new ProblemError(
      'no-longer-kept',
      `You may export ${rights.bulkRows.toLocaleString('en')} rows at a time now; this file has more. ${rights.contact}`,
    )
  return search
}
