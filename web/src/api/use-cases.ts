import type { Search, UseCaseDescription } from '@muniment/api/contract'
import { queryOptions, useQueries, useQuery } from '@tanstack/react-query'
import { getJson, path } from './http.ts'

// Short: a use case added as files is to appear without a restart.
const staleTime = 10_000

export const optionsOfUseCases = (application: string) =>
  queryOptions({
    queryKey: ['use-cases', application],
    queryFn: ({ signal }) => getJson<UseCaseDescription[]>(path`/api/applications/${application}/use-cases`, signal),
    staleTime,
  })

export const useUseCases = (application: string) => useQuery(optionsOfUseCases(application))

/**
 * A use case's own title. A search's title has its inputs in it: right for a page's text, wrong for the browser's title and the
 * name of a file, which are kept outside of the archive.
 */
export function useTitleOfUseCase(search: Pick<Search, 'application' | 'useCase' | 'title'> | undefined): string {
  const { data } = useQuery({ ...optionsOfUseCases(search?.application ?? ''), enabled: search !== undefined })
  return data?.find((one) => one.name === search?.useCase)?.title ?? search?.title.split(': ')[0] ?? ''
}

/** Whether what a page says of a search besides its result is there, or cannot be had: its title, and the dates one can ask for. */
export function useIsDescribed(search: Pick<Search, 'application'> | undefined): boolean {
  const { isPending } = useQuery({ ...optionsOfUseCases(search?.application ?? ''), enabled: search !== undefined })
  return search !== undefined && !isPending
}

/** The use cases of several applications, in one list, and whether some are still on their way. */
export function useAllUseCases(applications: readonly string[]) {
  return useQueries({
    queries: applications.map((application) => optionsOfUseCases(application)),
    combine: (results) => ({
      useCases: results.flatMap((result) => result.data ?? []),
      pending: results.some((result) => result.isPending),
      error: results.find((result) => result.error)?.error ?? undefined,
    }),
  })
}
