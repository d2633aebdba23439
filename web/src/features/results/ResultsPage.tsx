import { useParams } from '@tanstack/react-router'
import { useEffect } from 'react'
import { isRunning, useSearch } from '../../api/search.ts'
import { useIsDescribed, useTitleOfUseCase } from '../../api/use-cases.ts'
import { Page, useDocumentTitle } from '../../components/Page.tsx'
import { ProblemNote, problemOf } from '../../components/ProblemNote.tsx'
import { usePlainPrint } from '../../components/usePlainPrint.ts'
import { useRunningHeader } from '../../components/useRunningHeader.ts'
import { announce } from '../../lib/announce.ts'
import { words } from '../../lib/search-words.ts'
import { FileView } from './FileView.tsx'
import { ListView } from './ListView.tsx'
import { MissingSearch } from './MissingSearch.tsx'
import { text } from './text.ts'
import { useNotePrint } from './useNotePrint.ts'
import { useOpenSingle } from './useOpenSingle.ts'
import { usePrintShortcut } from './usePrintShortcut.ts'

export function ResultsPage() {
  const { search: id } = useParams({ from: '/searches/$search' })
  const { data: search, error, refetch } = useSearch(id)
  const isOpening = useOpenSingle(search)
  useRunningHeader(search)
  usePrintShortcut(id)
  usePlainPrint()
  useNotePrint(id, search !== undefined)
  // No record, no input: browser titles end up in the browser's history.
  const title = useTitleOfUseCase(search)
  useDocumentTitle(title || text.documentTitle)
  const isDescribed = useIsDescribed(search)

  // Said once when it begins and once when it ends.
  const running = search ? isRunning(search.state) : undefined
  const rows = (search?.panels ?? []).reduce((sum, panel) => sum + (panel.rows ?? 0), 0)
  const parts = search?.panels.length ?? 0
  const finished = search?.panels.some((panel) => panel.notice) ? text.finishedIncomplete : text.finished
  const sentence = running ? text.running(0, parts) : finished(words.rows(rows))
  useEffect(() => {
    if (running !== undefined) announce(sentence)
  }, [running, sentence])

  if (error && !search) {
    const problem = problemOf(error)
    if (problem.status === 404 || problem.status === 400) return <MissingSearch />
    return (
      <Page title={problem.title} documentTitle={text.documentTitle}>
        <ProblemNote problem={problem} onRetry={() => void refetch()} />
      </Page>
    )
  }
  // At once and whole: a title or a line of dates that came later would push the records down.
  if (!search || !isDescribed) return <div className="page page--wide page--pending" aria-busy="true" />
  if (isOpening) {
    return (
      <div className="page page--wide">
        <p className="waiting" role="status">
          {text.opening}
        </p>
      </div>
    )
  }
  // Keyed by the search: nothing of the one before may stay in sight below the title of the next.
  return search.kind === 'file' ? (
    <FileView key={search.id} search={search} />
  ) : (
    <ListView key={search.id} search={search} />
  )
}
