import type { Me } from '@muniment/api/contract'
import { queryOptions, useQuery } from '@tanstack/react-query'
import { getJson } from './http.ts'

export const meOptions = queryOptions({
  queryKey: ['me'],
  queryFn: ({ signal }) => getJson<Me>('/api/me', signal),
  staleTime: Number.POSITIVE_INFINITY,
})

export const useMe = () => useQuery(meOptions)
