import { NotFoundError } from '@muniment/archive/errors'
import type { TemplateLibrary, Templates } from '@muniment/query-templates/port'
import type { UseCase } from '@muniment/query-templates/types'

/** The same for what is not there and for what somebody may not see. */
export const noApplication = () => new NotFoundError('There is no application of this name, or you may not see it.')
export const noUseCase = ({ application }: Templates) =>
  new NotFoundError(`There is no use case of this name in ${application.title}, or you may not see it.`)

const names = new WeakMap<TemplateLibrary, Set<string>>()

/** Throws NotFoundError for an application that is not in the library; a name never becomes a path unseen. */
export async function templatesOf(
  library: TemplateLibrary,
  application: string,
): Promise<Templates & { problem?: string }> {
  if (!(names.get(library)?.has(application) || (await listed(library, application)))) {
    throw noApplication()
  }
  return library.get(application)
}

/** Looks at the folder again for a name that was not there before, so that a new application shows without a restart. */
async function listed(library: TemplateLibrary, application: string): Promise<boolean> {
  const known = new Set(await library.list())
  names.set(library, known)
  return known.has(application)
}

export function useCaseOf(templates: Templates, name: string): UseCase {
  const useCase = templates.useCases.get(name)
  if (useCase) return useCase
  throw noUseCase(templates)
}
