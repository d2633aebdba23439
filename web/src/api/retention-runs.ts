import type { ApproveRun, CertificateView, RunDetails, RunSummary, StartRun } from '@muniment/api/contract'
import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { getJson, path, sendJson } from './http.ts'

/** Something is being done without anybody asking for it: looked at again soon. */
export const isMoving = (state: RunSummary['state']): boolean =>
  state === 'executing' || state === 'executed' || state === 'verified'

const runsOptions = (application: string) =>
  queryOptions({
    queryKey: ['retention', 'runs', application],
    queryFn: ({ signal }) => getJson<RunSummary[]>(path`/api/retention/runs?application=${application}`, signal),
    refetchInterval: (query) => (query.state.data?.some(({ state }) => isMoving(state)) ? 3_000 : false),
  })

const runOptions = (run: string) =>
  queryOptions({
    queryKey: ['retention', 'run', run],
    queryFn: ({ signal }) => getJson<RunDetails>(path`/api/retention/runs/${run}`, signal),
    refetchInterval: (query) => {
      const state = query.state.data?.state
      if (state === 'executing') return 1_000
      return state !== undefined && isMoving(state) ? 3_000 : false
    },
  })

const certificateOptions = (run: string) =>
  queryOptions({
    queryKey: ['retention', 'certificate', run],
    queryFn: ({ signal }) => getJson<CertificateView>(path`/api/retention/runs/${run}/certificate`, signal),
  })

export const useRuns = (application: string) => useQuery(runsOptions(application))
export const useRun = (run: string) => useQuery(runOptions(run))

/** Looks again soon, while something was asked for and does not show yet. */
export function useRunSoon(run: string, isAwaited: boolean): void {
  useQuery({ ...runOptions(run), enabled: isAwaited, refetchInterval: 1_000 })
}
export const useCertificate = (run: string, enabled = true) => useQuery({ ...certificateOptions(run), enabled })

export function useStartRun() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: StartRun) => sendJson<RunDetails>('POST', '/api/retention/runs', body),
    onSuccess: (planned) => {
      client.setQueryData(runOptions(planned.run).queryKey, planned)
      return client.invalidateQueries({ queryKey: ['retention', 'runs'] })
    },
  })
}

export type RunAct =
  | ({ act: 'approve' } & ApproveRun)
  | { act: 'send-back'; reason: string }
  | { act: 'execute' | 'pause' | 'cancel' }

/** What a person decides of a run. What the answer says is shown at once; where it fails, what stands is read again. */
export function useRunAct(run: string) {
  const client = useQueryClient()
  const { queryKey } = runOptions(run)
  return useMutation({
    mutationFn: ({ act, ...body }: RunAct) =>
      sendJson<RunDetails>(
        'POST',
        path`/api/retention/runs/${run}/${act}`,
        Object.keys(body).length > 0 ? body : undefined,
      ),
    onSuccess: (details) => {
      client.setQueryData(queryKey, details)
      return client.invalidateQueries({ queryKey: ['retention', 'runs'] })
    },
    onError: () => client.invalidateQueries({ queryKey }),
  })
}
