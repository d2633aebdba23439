import type { AccessProposal, AccessVersion, ProposeRules } from '@muniment/api/contract'
import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { getJson, path, sendJson } from './http.ts'
import { meOptions } from './me.ts'

const rulesOptions = queryOptions({
  queryKey: ['access', 'rules'],
  queryFn: ({ signal }) => getJson<AccessVersion>('/api/access/rules', signal),
})

const proposalsOptions = queryOptions({
  queryKey: ['access', 'proposals'],
  queryFn: ({ signal }) => getJson<AccessProposal[]>('/api/access/proposals', signal),
})

export const useAccessRules = (enabled: boolean) => useQuery({ ...rulesOptions, enabled })
export const useProposals = (enabled: boolean) => useQuery({ ...proposalsOptions, enabled })

export function usePropose() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: ProposeRules) => sendJson<AccessProposal>('POST', '/api/access/proposals', body),
    onSuccess: () => client.invalidateQueries({ queryKey: ['access'] }),
  })
}

export function useApprove() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => sendJson<AccessVersion>('POST', path`/api/access/proposals/${id}/approve`),
    // Also where it was refused: another version may have come in between.
    onSettled: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: ['access'] }),
        client.invalidateQueries({ queryKey: meOptions.queryKey }),
      ]),
  })
}

/** Ends a proposal: withdrawn by who made it, or refused with a reason. */
export function useEndProposal() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ id, reason }: { id: string; reason?: string }) =>
      reason === undefined
        ? sendJson<AccessProposal>('POST', path`/api/access/proposals/${id}/withdraw`)
        : sendJson<AccessProposal>('POST', path`/api/access/proposals/${id}/refuse`, { reason }),
    onSettled: () => client.invalidateQueries({ queryKey: ['access'] }),
  })
}
