import { Link, useParams } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { useLogPrint } from '../../api/log-print.ts'
import { isRunning, useSearch } from '../../api/search.ts'
import { useTitleOfUseCase } from '../../api/use-cases.ts'
import { Page, useDocumentTitle } from '../../components/Page.tsx'
import { ProblemNote, problemOf } from '../../components/ProblemNote.tsx'
import { useRunningHeader } from '../../components/useRunningHeader.ts'
import { changeSettings, useSettings } from '../../lib/settings.ts'
import { Cover } from './Cover.tsx'
import { fitCover } from './fitCover.ts'
import { fitTables } from './fitTables.ts'
import { PrintedPanel } from './PrintedPanel.tsx'
import { text } from './text.ts'
import { useDocument } from './useDocument.ts'

/** Rows from which the browser’s own part of printing is felt: 10,000 take it 20 seconds to a minute, and 230 pages. */
const manyRows = 2_000

export function PrintPage() {
  const { search: id } = useParams({ from: '/searches/$search/print' })
  const { data: search, error } = useSearch(id)
  const isOver = search !== undefined && !isRunning(search.state)
  // What is not in the log is not shown.
  const logged = useLogPrint(id, isOver)
  const { panels, pagesDone, pagesAll, error: fault, retry } = useDocument(logged.data ? search : undefined)
  const { paper } = useSettings()
  const sheet = useRef<HTMLElement>(null)
  useRunningHeader(search)
  // Becomes the file's name: what it is and which search, no record.
  const title = useTitleOfUseCase(search)
  useDocumentTitle(search && title ? `${title} ${search.id}` : text.title)

  useEffect(() => {
    if (!panels || !sheet.current) return
    const element = sheet.current
    let isGone = false
    // Measured with the serif in place: its digits are not as wide as the fallback's.
    void document.fonts.ready.then(() => {
      if (isGone) return
      fitCover(element, paper)
      fitTables(element)
      element.dataset.ready = 'true'
    })
    return () => {
      isGone = true
    }
  }, [panels, paper])

  const rows = (search?.panels ?? []).reduce((sum, panel) => sum + (panel.rows ?? 0), 0)

  if (error && !search) {
    const problem = problemOf(error)
    return (
      <Page title={problem.title} documentTitle={text.title}>
        <ProblemNote problem={problem} />
      </Page>
    )
  }
  return (
    <div className="print-page">
      <div className="print-page__bar" data-print="never">
        <div>
          <h1 tabIndex={-1}>{text.title}</h1>
          <p className="hint">{text.hint}</p>
          {rows > manyRows ? <p className="hint">{text.long(rows)}</p> : null}
        </div>
        <fieldset className="print-page__paper choices choices--row">
          <legend>{text.paper}</legend>
          {(['A4', 'letter'] as const).map((one) => (
            <label key={one} className="choice">
              <input
                type="radio"
                name="paper"
                checked={paper === one}
                onChange={() => changeSettings({ paper: one })}
              />
              <span>{text.papers[one]}</span>
            </label>
          ))}
        </fieldset>
        <div className="toolbar">
          <button
            type="button"
            className="button button--primary"
            aria-disabled={!panels}
            onClick={() => panels && window.print()}
          >
            {text.print}
          </button>
          <Link className="button" to="/searches/$search" params={{ search: id }}>
            {text.back}
          </Link>
        </div>
        {logged.error ? (
          <>
            <p className="measure">{text.notLogged}</p>
            <ProblemNote problem={problemOf(logged.error)} onRetry={() => void logged.refetch()} />
          </>
        ) : null}
        {fault ? <ProblemNote problem={problemOf(fault)} onRetry={retry} /> : null}
        {!panels && !fault && !logged.error ? (
          <div className="progress" role="status">
            <progress aria-label={text.title} max={Math.max(1, pagesAll)} value={pagesDone} />
            <p className="facts">{isOver ? text.preparing(pagesDone, pagesAll) : text.notDone}</p>
          </div>
        ) : null}
      </div>
      {search && panels ? (
        // Anew for another paper: tables that were divided for the one before are whole again.
        <article key={paper} className="document" ref={sheet} data-paper={paper}>
          <Cover search={search} />
          {search.panels.map((panel, position) => (
            <PrintedPanel
              key={panel.name}
              search={search}
              panel={panel}
              number={position + 1}
              content={panels.get(panel.name)}
            />
          ))}
        </article>
      ) : null}
    </div>
  )
}
