import type { DueCalendar } from '@muniment/api/contract'
import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { getJson, path, sendJson } from './http.ts'

const dueOptions = (application: string) =>
  queryOptions({
    queryKey: ['retention', 'due', application],
    queryFn: ({ signal }) => getJson<DueCalendar>(path`/api/retention/due?application=${application}`, signal),
    refetchInterval: (query) => (query.state.data?.working ? 1_000 : false),
  })

export const useDue = (application: string) => useQuery(dueOptions(application))

export function useWorkOutDue(application: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: () => sendJson<DueCalendar>('POST', path`/api/retention/due?application=${application}`),
    onSuccess: (begun) => client.setQueryData(dueOptions(application).queryKey, begun),
  })
}
