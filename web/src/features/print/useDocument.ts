import type { Search } from '@muniment/api/contract'
import { useEffect, useState } from 'react'
import { useSettings } from '../../lib/settings.ts'
import { collectPanel, pagesOf } from './collectPanel.ts'

export interface PrintDocument {
  /** Panel name to its whole content; undefined until all are there. */
  panels: Map<string, DocumentFragment> | undefined
  pagesDone: number
  pagesAll: number
  error: unknown
  retry: () => void
}

/** Fetches every row of a finished search. */
export function useDocument(search: Search | undefined): PrintDocument {
  const { dates } = useSettings()
  const [panels, setPanels] = useState<Map<string, DocumentFragment>>()
  const [pagesDone, setPagesDone] = useState(0)
  const [error, setError] = useState<unknown>()
  const [attempt, setAttempt] = useState(0)
  const isOver = search !== undefined && search.state !== 'queued' && search.state !== 'running'

  // biome-ignore lint/correctness/useExhaustiveDependencies: a finished search does not change, its id stands for it
  useEffect(() => {
    if (!search || !isOver) return
    const abort = new AbortController()
    setPanels(undefined)
    setPagesDone(0)
    setError(undefined)
    const collect = async () => {
      const found = new Map<string, DocumentFragment>()
      for (const panel of search.panels) {
        if (panel.state !== 'done') continue
        const content = await collectPanel(search, panel, dates, abort.signal, () => setPagesDone((count) => count + 1))
        found.set(panel.name, content)
      }
      if (!abort.signal.aborted) setPanels(found)
    }
    collect().catch((fault: unknown) => {
      if (!abort.signal.aborted) setError(fault)
    })
    return () => abort.abort()
  }, [search?.id, isOver, dates, attempt])

  const pagesAll = (search?.panels ?? []).reduce((sum, panel) => sum + pagesOf(panel), 0)
  return { panels, pagesDone, pagesAll, error, retry: () => setAttempt((count) => count + 1) }
}
