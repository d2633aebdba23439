import type { HoldView } from '@muniment/api/contract'
import { Link } from '@tanstack/react-router'
import { useHolds } from '../../api/holds.ts'
import { ProblemNote, problemOf } from '../../components/ProblemNote.tsx'
import { RetentionFrame, type RetentionPart } from '../../components/RetentionFrame.tsx'
import { TableHead } from '../../components/TableHead.tsx'
import { WideTable } from '../../components/WideTable.tsx'
import { formatDay, formatMoment, isoDay } from '../../lib/format.ts'
import { mayHold } from '../../lib/retention-duties.ts'
import { useSettings } from '../../lib/settings.ts'
import { HoldState } from './HoldState.tsx'
import { text } from './text.ts'

const words = text.list

function HoldTable({ label, holds }: { label: string; holds: readonly HoldView[] }) {
  const { dates } = useSettings()
  const { columns } = words
  return (
    <WideTable label={label}>
      <table className="m-table">
        <TableHead
          columns={[columns.matter, columns.authority, columns.protects, columns.since, columns.review, columns.state]}
        />
        <tbody>
          {holds.map((hold) => (
            <tr key={hold.id}>
              <th scope="row">
                <Link to="/retention/holds/$hold" params={{ hold: hold.id }}>
                  {hold.matter ?? words.hold(hold.id)}
                </Link>
              </th>
              <td>{hold.authority}</td>
              <td>{hold.scopes.map(({ sentence }) => sentence).join(' ')}</td>
              <td>
                <time dateTime={hold.placed.at} title={formatMoment(hold.placed.at, dates)}>
                  {formatDay(isoDay(new Date(hold.placed.at)), dates)}
                </time>
              </td>
              <td>
                {hold.review ? (
                  <time dateTime={hold.review}>{formatDay(hold.review, dates)}</time>
                ) : (
                  <span className="m-none">{words.noReview}</span>
                )}
                {hold.reviewOverdue ? <strong className="is-overdue"> {words.overdue}</strong> : null}
              </td>
              <td>
                <HoldState hold={hold} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </WideTable>
  )
}

function Holds({ part: { me, application } }: { part: RetentionPart }) {
  const { data: holds, error, refetch } = useHolds(application)
  const standing = (holds ?? []).filter(({ state }) => state === 'standing')
  const released = (holds ?? []).filter(({ state }) => state === 'released')
  // Those to be looked at come first; otherwise as they came, newest first.
  const ordered = [...standing].sort((left, right) => Number(right.reviewOverdue) - Number(left.reviewOverdue))
  return (
    <>
      <h1 tabIndex={-1}>{words.title}</h1>
      <p className="lead">{words.lead}</p>
      {mayHold(me) ? (
        <p className="toolbar" data-print="never">
          <Link className="button button--primary" to="/retention/holds/new" search={{ application }}>
            {words.place}
          </Link>
        </p>
      ) : null}
      {error ? <ProblemNote problem={problemOf(error)} onRetry={() => void refetch()} /> : null}
      {holds ? (
        <section className="retention__part" aria-labelledby="standing">
          <h2 id="standing">{words.standing}</h2>
          {standing.length === 0 ? (
            <p className="m-empty">{words.none}</p>
          ) : (
            <HoldTable label={words.table} holds={ordered} />
          )}
          {released.length > 0 ? (
            <details className="reason">
              <summary>{words.released(released.length)}</summary>
              <HoldTable label={words.releasedTable} holds={released} />
            </details>
          ) : null}
        </section>
      ) : null}
    </>
  )
}

/** The register: what is held, since when, by whose order, and what waits to be looked at. */
export function HoldsPage() {
  return (
    <RetentionFrame documentTitle={words.documentTitle}>
      {(part) => <Holds key={part.application} part={part} />}
    </RetentionFrame>
  )
}
