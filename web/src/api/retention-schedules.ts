import type { DomainSchedulesView, ProposeSchedules, SchedulesProposal } from '@muniment/api/contract'
import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { getJson, path, sendJson } from './http.ts'

export const schedulesOptions = queryOptions({
  queryKey: ['retention', 'schedules'],
  queryFn: ({ signal }) => getJson<DomainSchedulesView[]>('/api/retention/schedules', signal),
})

const proposalsOptions = (application: string) =>
  queryOptions({
    queryKey: ['retention', 'proposals', application],
    queryFn: ({ signal }) =>
      getJson<SchedulesProposal[]>(path`/api/retention/proposals?application=${application}`, signal),
  })

/** Of all applications that have any. */
export const useSchedules = (enabled = true) => useQuery({ ...schedulesOptions, enabled })
export const useScheduleProposals = (application: string) => useQuery(proposalsOptions(application))

export function useProposeSchedules() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: ProposeSchedules) => sendJson<SchedulesProposal>('POST', '/api/retention/proposals', body),
    onSuccess: () => client.invalidateQueries({ queryKey: ['retention'] }),
  })
}

export type ProposalEnd = { id: string; by: 'approve' | 'withdraw' } | { id: string; by: 'refuse'; reason: string }

/** Approved by the second person, refused with a reason, or withdrawn by who made it. */
export function useEndSchedulesProposal() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (end: ProposalEnd) =>
      sendJson<SchedulesProposal>(
        'POST',
        path`/api/retention/proposals/${end.id}/${end.by}`,
        end.by === 'refuse' ? { reason: end.reason } : undefined,
      ),
    // Also where it was refused: another version may have come in between.
    onSettled: () => client.invalidateQueries({ queryKey: ['retention'] }),
  })
}
