import type { Export, StartExport } from '@muniment/api/contract'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { exportOptions } from './export.ts'
import { path, sendJson } from './http.ts'

export const startExport = (search: string, body: StartExport) =>
  sendJson<Export>('POST', path`/api/searches/${search}/exports`, body)

export function useStartExport(search: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: StartExport) => startExport(search, body),
    onSuccess: (started) => client.setQueryData(exportOptions(started.id).queryKey, started),
  })
}
