import type { PanelState, Search } from '@muniment/api/contract'
import { queryOptions, useQuery } from '@tanstack/react-query'
import { getJson, path } from './http.ts'

export const isRunning = (state: PanelState['state']): boolean => state === 'queued' || state === 'running'

/** Milliseconds until the next look: quick while an answer is near, slower for one that takes its time. */
export function pollDelay(started: string, now: number): number {
  const age = now - Date.parse(started)
  if (age < 5_000) return 300
  return age < 30_000 ? 1_000 : 3_000
}

export const searchOptions = (id: string) =>
  queryOptions({
    queryKey: ['search', id],
    queryFn: ({ signal }) => getJson<Search>(path`/api/searches/${id}`, signal),
    staleTime: (query) => (query.state.data && !isRunning(query.state.data.state) ? Number.POSITIVE_INFINITY : 0),
    refetchInterval: (query) => {
      const search = query.state.data
      return search && isRunning(search.state) ? pollDelay(search.started, Date.now()) : false
    },
  })

export const useSearch = (id: string, enabled = true) => useQuery({ ...searchOptions(id), enabled })
