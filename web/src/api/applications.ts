import type { ApplicationSummary } from '@muniment/api/contract'
import { queryOptions, useQuery } from '@tanstack/react-query'
import { getJson } from './http.ts'

export const applicationsOptions = queryOptions({
  queryKey: ['applications'],
  queryFn: ({ signal }) => getJson<ApplicationSummary[]>('/api/applications', signal),
  staleTime: 30_000,
})

export const useApplications = () => useQuery(applicationsOptions)
