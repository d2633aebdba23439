import { NotFoundError } from '@muniment/archive/errors'
import type { TemplateLibrary, Templates } from '@muniment/query-templates/port'
import type { UseCase } from '@muniment/query-templates/types'

/** Throws NotFoundError for an application that is not in the library; a name never becomes a path unseen. */
export async function templatesOf(
  library: TemplateLibrary,
  application: string,
): Promise<Templates & { problem?: string }> {
  if (!(await library.list()).includes(application)) {
    throw new NotFoundError('There is no application of this name, or you may not see it.')
  }
  return library.get(application)
}

export function useCaseOf(templates: Templates, name: string): UseCase {
  const useCase = templates.useCases.get(name)
  if (useCase) return useCase
  const title = templates.application.title
  throw new NotFoundError(`There is no use case of this name in ${title}, or you may not see it.`)
}
