import type { RecordStanding, Search } from '@muniment/api/contract'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useMe } from '../../api/me.ts'
import { useRecordStanding } from '../../api/retention-record.ts'
import { ProblemNote, problemOf } from '../../components/ProblemNote.tsx'
import { formatDay, formatMoment, isoDay } from '../../lib/format.ts'
import { seesHolds } from '../../lib/retention-duties.ts'
import { useSettings } from '../../lib/settings.ts'
import { text } from './text.ts'

const words = text.whyHere

function Holds({ holds }: Pick<RecordStanding, 'holds'>) {
  const { dates } = useSettings()
  const { data: me } = useMe()
  const mayOpen = me !== undefined && seesHolds(me)
  return (
    <>
      <h2>{words.holds}</h2>
      <ul className="sentences">
        {holds.map(({ id, matter, placed }) => (
          <li key={id}>
            <span className="m-tag" data-state="held">
              {words.held}
            </span>{' '}
            {words.since(formatDay(isoDay(new Date(placed)), dates))}
            {matter ? ` · ${matter}` : null}
            {mayOpen ? (
              <>
                {' · '}
                <Link to="/retention/holds/$hold" params={{ hold: id }}>
                  {words.openHold}
                </Link>
              </>
            ) : null}
          </li>
        ))}
      </ul>
    </>
  )
}

function Schedules({ schedules }: Pick<RecordStanding, 'schedules'>) {
  const { dates } = useSettings()
  return (
    <>
      <h2>{words.schedules}</h2>
      <ul className="sentences">
        {schedules.map(({ id, sentence, authority, trigger, dueFrom, decides }) => (
          <li key={id}>
            {sentence} {decides ? <strong>{words.decides}</strong> : null}
            <span className="hint why-here__facts">
              {[
                authority,
                trigger ? words.trigger(formatDay(trigger, dates)) : words.noTrigger,
                ...(dueFrom ? [words.dueFrom(formatDay(dueFrom, dates))] : []),
              ].join(' · ')}
            </span>
          </li>
        ))}
      </ul>
    </>
  )
}

function Statements({ statements }: Pick<RecordStanding, 'statements'>) {
  const { dates } = useSettings()
  return (
    <>
      <h2>{words.statements}</h2>
      <ul className="sentences">
        {statements.map(({ id, sentence, reason, signed, waits }) => (
          <li key={id}>
            {sentence} {waits ? <strong>{words.waits}</strong> : null}
            <span className="hint why-here__facts">
              {[reason, words.signed(signed.by, formatMoment(signed.at, dates))].join(' · ')}
            </span>
          </li>
        ))}
      </ul>
    </>
  )
}

function Standing({ of }: { of: RecordStanding }) {
  return (
    <>
      {of.sentences.length === 0 ? <p>{words.nothing}</p> : null}
      {of.sentences.map((sentence) => (
        <p key={sentence} className="why-here__sentence">
          {sentence}
        </p>
      ))}
      {of.holds.length > 0 ? <Holds holds={of.holds} /> : null}
      {of.schedules.length > 0 ? <Schedules schedules={of.schedules} /> : null}
      {of.statements.length > 0 ? <Statements statements={of.statements} /> : null}
    </>
  )
}

/** By which schedule a record is kept, until when, and what keeps it longer: asked when somebody wants to know. */
export function WhyHere({ search: { application, record } }: { search: Search }) {
  const [isOpen, setIsOpen] = useState(false)
  const names = record?.names
  const standing = useRecordStanding(
    { application, table: names?.table ?? '', key: names?.key ?? [] },
    isOpen && names !== undefined,
  )
  if (!names) return null
  return (
    <details className="why-here" data-print="never" onToggle={(event) => setIsOpen(event.currentTarget.open)}>
      <summary>{words.title}</summary>
      <div className="why-here__answer" aria-busy={standing.isPending}>
        {standing.isPending && isOpen ? (
          <p className="waiting" role="status">
            {words.looking}
          </p>
        ) : null}
        {standing.error ? (
          <ProblemNote problem={problemOf(standing.error)} onRetry={() => void standing.refetch()} />
        ) : null}
        {standing.data ? <Standing of={standing.data} /> : null}
      </div>
    </details>
  )
}
