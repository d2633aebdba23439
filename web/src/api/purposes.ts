import type { PurposeReason } from '@muniment/api/contract'
import { queryOptions, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { getJson } from './http.ts'

export const purposesOptions = queryOptions({
  queryKey: ['purposes'],
  queryFn: ({ signal }) => getJson<PurposeReason[]>('/api/purposes', signal),
  staleTime: Number.POSITIVE_INFINITY,
})

export const usePurposes = () => useQuery(purposesOptions)

/** Code of a reason to its label. */
export function usePurposeLabels(): ReadonlyMap<string, string> {
  const { data } = usePurposes()
  return useMemo(() => new Map((data ?? []).map((reason) => [reason.code, reason.label])), [data])
}
