import type { PanelState, Search } from '@muniment/api/contract'
import { queryOptions, useQuery } from '@tanstack/react-query'
import { readColumns } from '../lib/columns.ts'
import { settings } from '../lib/settings.ts'
import { getText, path } from './http.ts'

/** One page of a panel as it is to be shown. Pages count from 1. */
export interface FragmentView {
  search: string
  panel: string
  page: number
  size: number
  sort?: string
  columns?: string[]
  dates: 'long' | 'iso'
}

export const pageSizes = { search: 50, report: 50, file: 25 } as const

/** How a panel is shown at first. */
export function viewOf(search: Search, panel: PanelState): FragmentView {
  const columns = readColumns(search.application, search.useCase, panel.name)
  return {
    search: search.id,
    panel: panel.name,
    page: 1,
    size: pageSizes[search.kind],
    ...(columns ? { columns } : {}),
    dates: settings.get().dates,
  }
}

export function fragmentPath(view: FragmentView): string {
  const query = new URLSearchParams({ page: String(view.page), size: String(view.size), dates: view.dates })
  if (view.sort) query.set('sort', view.sort)
  if (view.columns) query.set('columns', view.columns.join(','))
  return `${path`/api/searches/${view.search}/panels/${view.panel}`}?${query}`
}

export const fetchFragment = (view: FragmentView, signal?: AbortSignal) => getText(fragmentPath(view), signal)

/** A stored result never changes, so neither does its fragment. */
export const fragmentOptions = (view: FragmentView) =>
  queryOptions({
    queryKey: ['fragment', view] as const,
    queryFn: ({ signal }) => fetchFragment(view, signal),
    staleTime: Number.POSITIVE_INFINITY,
  })

/** While a page, an order or a choice of columns is on its way, what the same panel of the same search showed before stays. */
export const useFragment = (view: FragmentView, enabled: boolean) =>
  useQuery({
    ...fragmentOptions(view),
    enabled,
    placeholderData: (
      previous: string | undefined,
      query: { queryKey: readonly [string, FragmentView] } | undefined,
    ) => {
      const before = query?.queryKey[1]
      return before?.search === view.search && before.panel === view.panel ? previous : undefined
    },
  })
