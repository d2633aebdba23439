import type { AuditNames } from '@muniment/api/contract'
import { queryOptions, useQuery } from '@tanstack/react-query'
import { getJson } from './http.ts'

const namesOptions = queryOptions({
  queryKey: ['audit', 'names'],
  queryFn: ({ signal }) => getJson<AuditNames>('/api/audit/names', signal),
  staleTime: 60_000,
})

/** Names by which a record is asked for, of all applications: no record among them. */
export const useAuditNames = () => useQuery(namesOptions)
