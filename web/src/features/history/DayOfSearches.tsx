import type { SearchList } from '@muniment/api/contract'
import { Link } from '@tanstack/react-router'
import { Fragment } from 'react'
import { usePurposeLabels } from '../../api/purposes.ts'
import { formatClock } from '../../lib/format.ts'
import { readPurpose } from '../../lib/purpose.ts'
import { text } from './text.ts'

interface DayOfSearchesProps {
  title: string
  day: string
  entries: SearchList['searches']
  /** `application/use-case` to its title. */
  titles: ReadonlyMap<string, string>
}

export function DayOfSearches({ title, day, entries, titles }: DayOfSearchesProps) {
  const labels = usePurposeLabels()
  return (
    <section className="history-day" aria-labelledby={`day-${day}`}>
      <h2 id={`day-${day}`}>{title}</h2>
      <ol className="history">
        {entries.map((entry) => (
          <li key={entry.id} className="history__entry">
            <time dateTime={entry.started}>{formatClock(entry.started)}</time>
            <div className="history__what">
              <Link to="/searches/$search" params={{ search: entry.id }}>
                {titles.get(`${entry.application}/${entry.useCase}`) ?? entry.title}
              </Link>
              <span className="history__inputs">
                {entry.inputsRead.length === 0 ? text.noInputs : null}
                {entry.inputsRead.map((input, at) => (
                  <Fragment key={input.name}>
                    {at > 0 ? ', ' : ''}
                    {input.label} <bdi>{input.value}</bdi>
                  </Fragment>
                ))}
              </span>
            </div>
            <span className="history__purpose">{readPurpose(entry.purpose, labels)}</span>
            <span className="history__rows">
              {text.states[entry.state] || (entry.rows === undefined ? '' : text.count(entry.rows, entry.more))}
            </span>
          </li>
        ))}
      </ol>
    </section>
  )
}
