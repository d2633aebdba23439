import type { Export, ExportAddress } from '@muniment/api/contract'
import { queryOptions, useQuery } from '@tanstack/react-query'
import { getJson, path, sendJson } from './http.ts'

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

/** A browser fetches a file by going to its address, and shows no token then: the address itself is good for minutes. */
export const exportAddress = (id: string, of: 'file' | 'companion') =>
  sendJson<ExportAddress>('POST', path`/api/exports/${id}/address`, { of })
