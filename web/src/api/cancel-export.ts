import type { Export } from '@muniment/api/contract'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { exportOptions } from './export.ts'
import { path, sendJson } from './http.ts'

export const cancelExport = (id: string) => sendJson<Export>('DELETE', path`/api/exports/${id}`)

export function useCancelExport() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: cancelExport,
    onSuccess: (cancelled) => client.setQueryData(exportOptions(cancelled.id).queryKey, cancelled),
  })
}
