import type { PanelState, Search } from '@muniment/api/contract'
import { useState } from 'react'
import { type FragmentView, useFragment, viewOf } from '../../api/fragment.ts'
import { isRunning } from '../../api/search.ts'
import { Fragment } from '../../components/Fragment.tsx'
import { IncompleteNote } from '../../components/IncompleteNote.tsx'
import { LeftOutNote } from '../../components/LeftOutNote.tsx'
import { PanelSkeleton } from '../../components/PanelSkeleton.tsx'
import { ProblemNote, problemOf } from '../../components/ProblemNote.tsx'
import { announce } from '../../lib/announce.ts'
import { keepColumns } from '../../lib/columns.ts'
import { copyText, rowText } from '../../lib/copy.ts'
import { readWithheld } from '../../lib/in-force.ts'
import { isTitleDate, readPanelFacts, saysDates } from '../../lib/search-words.ts'
import { useSettings } from '../../lib/settings.ts'
import { ExportJobs } from './ExportJobs.tsx'
import { Pager } from './Pager.tsx'
import { PanelTools } from './PanelTools.tsx'
import { text } from './text.ts'
import { useOpenLink } from './useOpenLink.ts'

interface PanelProps {
  search: Search
  panel: PanelState
  /** The only panel of a result: the page's own heading says what it is. */
  isOnly: boolean
  /** What that heading reads. */
  heading?: string | undefined
}

/** How each panel was last seen, so that Back finds it as it was left. In memory, like everything about a result. */
const views = new Map<string, FragmentView>()

/** Rows to keep room for before their number is known. */
const waitingRows = (panel: PanelState): number => (panel.layout === 'summary' ? 1 : 4)

export function Panel({ search, panel, isOnly, heading }: PanelProps) {
  const key = `${search.id}/${panel.name}`
  const { dates } = useSettings()
  const [kept, setKept] = useState(() => views.get(key) ?? viewOf(search, panel))
  const [exports, setExports] = useState<string[]>([])
  const view = { ...kept, dates }
  const isDone = panel.state === 'done'
  const fragment = useFragment(view, isDone)
  const opening = useOpenLink(search)
  const rows = panel.rows ?? 0
  const pages = Math.max(1, Math.ceil(rows / view.size))
  const id = `panel-${panel.name}`

  const show = (change: Partial<FragmentView>) => {
    const next = { ...view, ...change }
    views.set(key, next)
    setKept(next)
  }
  const turnTo = (page: number) => {
    if (page < 1 || page > pages) return
    show({ page })
    announce(text.pager.said(page, pages))
  }
  const sortBy = (name: string) => {
    const label = panel.sorts.find((sort) => sort.name === name)?.label ?? name
    show({ sort: view.sort === name ? `-${name}` : name, page: 1 })
    announce(`${text.panel.sorting}: ${label}`)
  }
  const chooseColumns = (columns: string[] | undefined) => {
    keepColumns(search.application, search.useCase, panel.name, columns)
    const { columns: _, ...rest } = view
    const next = columns ? { ...rest, columns } : rest
    views.set(key, next)
    setKept(next)
  }
  const copyRow = async (row: HTMLElement) => {
    announce((await copyText(rowText(row))) ? text.panel.copied(1) : text.panel.copyRefused)
  }

  const facts = readPanelFacts(panel)
  const withheld = readWithheld(search.inForce)
  const fault = fragment.error ?? opening.error
  const isWaiting = isRunning(panel.state) || (isDone && !fragment.data && !fragment.error)
  return (
    <section
      className="panel"
      id={id}
      aria-labelledby={`${id}-title`}
      data-layout={panel.layout}
      data-dates={isTitleDate(search, panel) ? 'title' : 'own'}
    >
      <header className="panel__head">
        <h2 id={`${id}-title`} className={isOnly && panel.title === heading ? 'visually-hidden' : undefined}>
          {panel.title}
        </h2>
        {facts.length > 0 ? <p className="facts panel__facts">{facts.join(' · ')}</p> : null}
        {isDone && rows > 0 ? (
          <PanelTools
            search={search}
            panel={panel}
            pages={pages}
            {...(view.columns ? { columns: view.columns } : {})}
            {...(view.sort ? { sort: view.sort } : {})}
            onColumns={chooseColumns}
            onExport={(started) => setExports((ids) => [...ids, started])}
          />
        ) : null}
      </header>
      <IncompleteNote notice={panel.notice} />
      <ExportJobs ids={exports} onDismiss={(gone) => setExports((ids) => ids.filter((one) => one !== gone))} />
      {fault ? <ProblemNote problem={problemOf(fault)} onRetry={() => void fragment.refetch()} /> : null}
      {panel.state === 'failed' && panel.problem ? <ProblemNote problem={panel.problem} /> : null}
      {panel.state === 'cancelled' ? <p className="m-empty">{text.panel.cancelled}</p> : null}
      {panel.state === 'left-out' ? <LeftOutNote panel={panel} inForce={search.inForce} /> : null}
      {isWaiting ? (
        <PanelSkeleton
          panel={panel}
          rows={isDone ? Math.min(rows, view.size) : waitingRows(panel)}
          isDated={saysDates(search, panel)}
        />
      ) : null}
      {isDone && fragment.data !== undefined ? (
        <Fragment
          html={fragment.data}
          isStale={fragment.isPlaceholderData || opening.isPending}
          onOpen={opening.open}
          onSort={sortBy}
          onTurnPage={(step) => turnTo(view.page + step)}
          onCopyRow={(row) => void copyRow(row)}
        />
      ) : null}
      {isDone && rows === 0 && withheld ? <p className="facts withheld">{withheld}</p> : null}
      {pages > 1 ? <p className="print-only m-note">{text.panel.printsPage}</p> : null}
      {isDone && pages > 1 ? (
        <Pager
          title={panel.title}
          page={view.page}
          size={view.size}
          rows={rows}
          onPage={turnTo}
          onSize={(size) => show({ size, page: 1 })}
        />
      ) : null}
    </section>
  )
}
