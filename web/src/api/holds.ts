import type {
  AskScope,
  HoldView,
  PlacedHold,
  PlaceHold,
  ReviewHold,
  ScopePreview,
  WidenHold,
} from '@muniment/api/contract'
import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { getJson, path, sendJson } from './http.ts'

const holdsOptions = (application: string) =>
  queryOptions({
    queryKey: ['holds', 'of', application],
    queryFn: ({ signal }) => getJson<HoldView[]>(path`/api/holds?application=${application}`, signal),
  })

const holdOptions = (id: string) =>
  queryOptions({
    queryKey: ['holds', 'one', id],
    queryFn: ({ signal }) => getJson<HoldView>(path`/api/holds/${id}`, signal),
  })

export const useHolds = (application: string) => useQuery(holdsOptions(application))
export const useHold = (id: string) => useQuery(holdOptions(id))

/** A question, though sent as a body: keys belong into no address. */
export const useScopePreview = () =>
  useMutation({ mutationFn: (body: AskScope) => sendJson<ScopePreview>('POST', '/api/holds/preview', body) })

function useKept() {
  const client = useQueryClient()
  return {
    placed: ({ hold }: PlacedHold) => {
      client.setQueryData(holdOptions(hold.id).queryKey, hold)
      return client.invalidateQueries({ queryKey: ['holds', 'of'] })
    },
    changed: (hold: HoldView) => {
      client.setQueryData(holdOptions(hold.id).queryKey, hold)
      return client.invalidateQueries({ queryKey: ['holds', 'of'] })
    },
    again: (id: string) => client.invalidateQueries({ queryKey: holdOptions(id).queryKey }),
  }
}

export function usePlaceHold() {
  const { placed } = useKept()
  return useMutation({
    mutationFn: (body: PlaceHold) => sendJson<PlacedHold>('POST', '/api/holds', body),
    onSuccess: placed,
  })
}

export function useWidenHold(id: string) {
  const { placed, again } = useKept()
  return useMutation({
    mutationFn: (body: WidenHold) => sendJson<PlacedHold>('POST', path`/api/holds/${id}/widen`, body),
    onSuccess: placed,
    onError: () => again(id),
  })
}

export function useReviewHold(id: string) {
  const { changed, again } = useKept()
  return useMutation({
    mutationFn: (body: ReviewHold) => sendJson<HoldView>('POST', path`/api/holds/${id}/review`, body),
    onSuccess: changed,
    onError: () => again(id),
  })
}

export type ReleaseAct = { act: 'propose-release' | 'refuse-release'; reason: string } | { act: 'approve-release' }

export function useReleaseAct(id: string) {
  const { changed, again } = useKept()
  return useMutation({
    mutationFn: ({ act, ...body }: ReleaseAct) =>
      sendJson<HoldView>('POST', path`/api/holds/${id}/${act}`, 'reason' in body ? body : undefined),
    onSuccess: changed,
    // Somebody else may have decided in between.
    onError: () => again(id),
  })
}
