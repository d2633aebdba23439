import type { Search } from '@muniment/api/contract'
import { formatCount } from '../../lib/format.ts'
import { text } from './text.ts'

function ContentsList({ search }: { search: Search }) {
  return (
    <ol>
      {search.panels.map((panel) => (
        <li key={panel.name}>
          <a href={`#panel-${panel.name}`}>{panel.title}</a>
          {panel.layout !== 'summary' && panel.rows !== undefined ? (
            <span className="contents__count">{formatCount(panel.rows)}</span>
          ) : panel.state === 'left-out' ? (
            <span className="contents__count">{text.leftOut}</span>
          ) : null}
        </li>
      ))}
    </ol>
  )
}

/** Beside the file on wide screens, folded above it on narrow ones; only one of the two is there at a time. */
export function Contents({ search }: { search: Search }) {
  return (
    <>
      <nav className="contents contents--beside" aria-label={text.contents} data-print="never">
        <p className="contents__title" aria-hidden="true">
          {text.contents}
        </p>
        <ContentsList search={search} />
      </nav>
      <details className="contents contents--above" data-print="never">
        <summary>{text.contents}</summary>
        <nav aria-label={text.contents}>
          <ContentsList search={search} />
        </nav>
      </details>
    </>
  )
}
