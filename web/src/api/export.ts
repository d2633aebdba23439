import type { Export } from '@muniment/api/contract'
import { queryOptions, useQuery } from '@tanstack/react-query'
import { getJson, path } from './http.ts'

export const exportOptions = (id: string) =>
  queryOptions({
    queryKey: ['export', id],
    queryFn: ({ signal }) => getJson<Export>(path`/api/exports/${id}`, signal),
    refetchInterval: (query) => {
      const state = query.state.data?.state
      return state === undefined || state === 'queued' || state === 'running' ? 500 : false
    },
  })

export const useExport = (id: string) => useQuery(exportOptions(id))

export const exportFile = (id: string) => path`/api/exports/${id}/file`
export const exportCompanion = (id: string) => path`/api/exports/${id}/companion`
