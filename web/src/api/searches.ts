import type { SearchList } from '@muniment/api/contract'
import { infiniteQueryOptions, queryOptions, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { getJson } from './http.ts'

const page = (limit: number, before: string | undefined, signal: AbortSignal) =>
  getJson<SearchList>(`/api/searches?limit=${limit}${before ? `&before=${encodeURIComponent(before)}` : ''}`, signal)

export const searchesOptions = infiniteQueryOptions({
  queryKey: ['searches', 'all'],
  queryFn: ({ pageParam, signal }) => page(50, pageParam, signal),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (last: SearchList) => last.next,
})

export const useSearches = () => useInfiniteQuery(searchesOptions)

export const recentSearchesOptions = queryOptions({
  queryKey: ['searches', 'recent'],
  queryFn: ({ signal }) => page(50, undefined, signal),
})

export const useRecentSearches = () => useQuery(recentSearchesOptions)
