import type { Search, StartSearch } from '@muniment/api/contract'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useRouter } from '@tanstack/react-router'
import { ensurePurpose } from '../lib/purpose.ts'
import { fragmentOptions, viewOf } from './fragment.ts'
import { sendJson } from './http.ts'
import { meOptions } from './me.ts'
import { searchOptions } from './search.ts'

/** Seconds the server may take to answer at once, before it answers with an id to be polled. */
const waitSeconds = 1

export const startSearch = (body: StartSearch) =>
  sendJson<Search>('POST', '/api/searches', body, { prefer: `wait=${waitSeconds}` })

export interface Starting extends Omit<StartSearch, 'purpose'> {
  /** Takes the place of the page it came from, so that Back skips it. */
  replace?: boolean
  /** A result of a single record is to be opened at once. */
  openSingle?: boolean
  newTab?: boolean
  /** The page's place in the browser's history is to hold the search's id, so that Back and a reload find what was searched. */
  keepHere?: boolean
}

const delay = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))

/**
 * Runs a search for the purpose that is set (asking for it where none is) and goes to its address. Resolves to
 * undefined when the person leaves the question unanswered.
 */
export function useStartSearch() {
  const client = useQueryClient()
  const navigate = useNavigate()
  const { history } = useRouter()
  return useMutation({
    mutationFn: async ({ replace, openSingle, newTab, keepHere, ...search }: Starting): Promise<Search | undefined> => {
      const here = history.location.href
      const purpose = await ensurePurpose()
      if (!purpose) return undefined
      const started = await startSearch({ ...search, purpose })
      client.setQueryData(searchOptions(started.id).queryKey, started)
      void client.invalidateQueries({ queryKey: ['searches'] })
      // How much of one's limits is used.
      void client.invalidateQueries({ queryKey: meOptions.queryKey })
      if (newTab) {
        window.open(`/searches/${started.id}`, '_blank', 'noopener')
        return started
      }
      // A finished result is fetched before the page changes, so that it appears whole.
      const ready = started.panels
        .filter((panel) => panel.state === 'done')
        .slice(0, 6)
        .map((panel) => client.prefetchQuery(fragmentOptions(viewOf(started, panel))))
      await Promise.race([Promise.all(ready), delay(500)])
      if (keepHere && history.location.href === here) {
        history.replace(here, { begun: started.id })
        // Written before the next one, which would take its place otherwise.
        history.flush()
      }
      await navigate({
        to: '/searches/$search',
        params: { search: started.id },
        replace: replace ?? false,
        ...(openSingle ? { state: { openSingle: true } } : {}),
      })
      return started
    },
  })
}
