import type { AskEstimate, Estimate, StartExport } from '@muniment/api/contract'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { path, sendJson } from './http.ts'

/** Milliseconds without a change after which it is asked. */
const rest = 400

function useRested<T>(value: T): T {
  const [rested, setRested] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), rest)
    return () => clearTimeout(timer)
  }, [value])
  return rested
}

/** What a search would read at most; undefined while it is not known, and where nothing can be asked yet. Never an error: a search says its own. */
export function useEstimate(asked: AskEstimate | undefined): Estimate | undefined {
  // Compared as text: the form makes its inputs anew with each key.
  const key = useRested(asked && JSON.stringify(asked))
  const { data } = useQuery({
    queryKey: ['estimate', key],
    queryFn: () => sendJson<Estimate>('POST', '/api/searches/estimate', JSON.parse(key ?? '')),
    enabled: key !== undefined,
    placeholderData: keepPreviousData,
    staleTime: 30_000,
    gcTime: 60_000,
    retry: false,
  })
  return asked && key !== undefined ? data : undefined
}

/** The same of an export in the order of the screen; no format reads more than another. */
export function useExportEstimate(search: string, asked: Pick<StartExport, 'panel' | 'sort'> | undefined) {
  const { data } = useQuery({
    queryKey: ['estimate', search, asked],
    queryFn: () =>
      sendJson<Estimate>('POST', path`/api/searches/${search}/exports/estimate`, { ...asked, format: 'csv' }),
    enabled: asked !== undefined,
    staleTime: 30_000,
    gcTime: 60_000,
    retry: false,
  })
  return asked && data
}
