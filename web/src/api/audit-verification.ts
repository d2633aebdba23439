import type { AuditVerification } from '@muniment/api/contract'
import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { getJson, sendJson } from './http.ts'

const verificationOptions = queryOptions({
  queryKey: ['audit', 'verification'],
  queryFn: ({ signal }) => getJson<AuditVerification>('/api/audit/verification', signal),
  refetchInterval: (query) => (query.state.data?.state === 'running' ? 1_000 : false),
})

export const useVerification = () => useQuery(verificationOptions)

export function useVerifyNow() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: () => sendJson<AuditVerification>('POST', '/api/audit/verification'),
    onSuccess: (begun) => client.setQueryData(verificationOptions.queryKey, begun),
  })
}
