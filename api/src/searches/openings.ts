import { InputError } from '@muniment/archive/errors'
import type { Templates } from '@muniment/query-templates/port'
import type { UseCase } from '@muniment/query-templates/types'
import type { StartSearch } from '../contract.ts'
import type { Acting } from '../shared/acting.ts'
import { withBounds } from '../shared/bound.ts'
import { type Cheaper, totalOf } from '../shared/budget.ts'
import { enter, mustSee } from '../shared/record-rights.ts'
import type { SearchRecord } from '../shared/search-record.ts'
import type { Services } from '../shared/services.ts'
import { useCaseOf } from '../shared/templates.ts'
import { openingOf } from './open.ts'

export interface Opener {
  templates: Templates
  useCase: UseCase
  /** The record of a search before anything runs. Throws InputError with all that is wrong with the inputs. */
  opened: (inputs: StartSearch['inputs'], purpose: StartSearch['purpose']) => SearchRecord
  /** The same with what each panel reads at most. Never rejects. */
  bounded: (opening: SearchRecord) => Promise<SearchRecord>
}

export function createOpenings(services: Services) {
  const { engine, by, clock, log } = services
  return {
    /** For whoever may see the use case. Throws the NotFoundError of one that is not there. */
    async of(acting: Acting, asked: { application: string; useCase: string }): Promise<Opener> {
      const templates = await enter(services.templates, acting.rights, asked.application)
      const useCase = useCaseOf(templates, asked.useCase)
      const view = mustSee(acting.rights, templates, useCase)
      const loaded = await services.loaded.current(asked.application)
      const now = clock()
      const parts = { templates, useCase, loaded, acting, view, by, engine: engine.name, now, log }
      const bounding = { engine, application: templates.application, restrictions: view.restrictions, loaded }
      return {
        templates,
        useCase,
        opened: (inputs, purpose) => openingOf({ asked: { ...asked, inputs, purpose }, ...parts }),
        bounded: async (opening) => ({
          ...opening,
          panels: await withBounds(opening.panels, bounding),
        }),
      }
    },
  }
}

/** Inputs that were not given and, given as in the example, would have it read less. */
export async function cheaperOf(
  opening: SearchRecord,
  { parameters, example }: UseCase,
  { opened, bounded }: Pick<Opener, 'opened' | 'bounded'>,
): Promise<Cheaper> {
  const total = totalOf(opening) ?? 0
  const tried = parameters.filter(({ name }) => !(name in opening.inputs) && example[name] !== undefined)
  const found = await Promise.all(
    tried.map(async ({ name, label }) => {
      try {
        const other = await bounded(opened({ ...opening.inputs, [name]: example[name] ?? '' }, ''))
        // A panel that would not be run any more is no gain.
        const runsAll = other.panels.every(
          ({ bytesAtMost }, at) => bytesAtMost !== 0 || opening.panels[at]?.bytesAtMost === 0,
        )
        const bytesAtMost = totalOf(other)
        return runsAll && bytesAtMost !== undefined && bytesAtMost < total ? [{ input: name, label, bytesAtMost }] : []
      } catch (error) {
        if (error instanceof InputError) return []
        throw error
      }
    }),
  )
  return found.flat().sort((one, other) => one.bytesAtMost - other.bytesAtMost)
}
