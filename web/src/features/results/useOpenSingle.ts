import type { Search } from '@muniment/api/contract'
import { useQueryClient } from '@tanstack/react-query'
import { useRouterState } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { fragmentOptions, viewOf } from '../../api/fragment.ts'
import { isRunning } from '../../api/search.ts'
import { useStartSearch } from '../../api/start-search.ts'
import { linkOf } from '../../lib/fragment-link.ts'
import { sanitise } from '../../lib/sanitise.ts'
import { singlePanel } from './singlePanel.ts'

/**
 * Opens the record at once where a fresh search found just one. The record takes the list's place in the browser's history, so
 * that Back leads to the form. A list opened from the history of searches stays a list.
 */
export function useOpenSingle(search: Search | undefined): boolean {
  const wanted = useRouterState({ select: (state) => state.location.state.openSingle === true })
  const client = useQueryClient()
  const start = useStartSearch()
  const tried = useRef<string>(undefined)
  const [given, setGiven] = useState<string>()
  const panel = wanted ? singlePanel(search) : undefined

  useEffect(() => {
    if (!search || !panel || tried.current === search.id) return
    tried.current = search.id
    const giveUp = () => setGiven(search.id)
    void client.fetchQuery(fragmentOptions(viewOf(search, panel))).then((html) => {
      const link = linkOf(sanitise(html).querySelector('tbody > tr'))
      if (!link) return giveUp()
      start.mutate({ application: search.application, ...link, replace: true }, { onError: giveUp })
    }, giveUp)
  }, [search, panel, client, start])

  if (!search || !wanted || search.kind !== 'search' || given === search.id) return false
  // While a quick answer is on its way the list is not shown for a blink.
  return panel !== undefined && !isRunning(search.state)
}
