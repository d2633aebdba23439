import type { PanelState, Search } from '@muniment/api/contract'
import { useLayoutEffect, useRef } from 'react'
import { IncompleteNote } from '../../components/IncompleteNote.tsx'
import { LeftOutNote } from '../../components/LeftOutNote.tsx'
import { readWithheld } from '../../lib/in-force.ts'
import { isTitleDate } from '../../lib/search-words.ts'
import { text } from './text.ts'

interface PrintedPanelProps {
  search: Search
  panel: PanelState
  number: number
  content: DocumentFragment | undefined
}

export function PrintedPanel({ search, panel, number, content }: PrintedPanelProps) {
  const box = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => {
    box.current?.replaceChildren(...(content ? [content.cloneNode(true)] : []))
  }, [content])
  const rows = panel.rows ?? 0
  const withheld = readWithheld(search.inForce)
  const facts = panel.state === 'done' ? [panel.more ? text.more(rows) : text.rows(rows)] : []
  return (
    <section
      className="document__panel"
      data-layout={panel.layout}
      data-dates={isTitleDate(search, panel) ? 'title' : 'own'}
    >
      <header>
        <h2>
          <span className="document__number">{number}</span> {panel.title}
        </h2>
        {facts.length > 0 ? <p className="facts">{facts.join(' · ')}</p> : null}
      </header>
      <IncompleteNote notice={panel.notice} />
      {panel.state === 'failed' ? <p className="m-note">{panel.problem?.detail ?? text.failed}</p> : null}
      {panel.state === 'cancelled' ? <p className="m-note">{text.cancelled}</p> : null}
      {panel.state === 'left-out' ? <LeftOutNote panel={panel} inForce={search.inForce} /> : null}
      <div ref={box} className="document__content" />
      {panel.state === 'done' && rows === 0 && withheld ? <p className="facts">{withheld}</p> : null}
    </section>
  )
}
