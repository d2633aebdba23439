import type { Search } from '@muniment/api/contract'
import { useStartSearch } from '../../api/start-search.ts'
import type { FragmentLink } from '../../lib/fragment-link.ts'

/** A link of a fragment is a search of its own, for the same purpose. */
export function useOpenLink(search: Search) {
  const start = useStartSearch()
  const open = (link: FragmentLink, newTab: boolean) =>
    start.mutate({ application: search.application, useCase: link.useCase, inputs: link.inputs, newTab })
  return { open, isPending: start.isPending, error: start.error }
}
