import type { HoldView } from '@muniment/api/contract'
import { Link, useParams } from '@tanstack/react-router'
import { useHold } from '../../api/holds.ts'
import { ProblemNote, problemOf } from '../../components/ProblemNote.tsx'
import { RetentionFrame, type RetentionPart } from '../../components/RetentionFrame.tsx'
import { useSheetRules } from '../../components/useSheetRules.ts'
import { formatDay, formatMoment } from '../../lib/format.ts'
import { mayHold } from '../../lib/retention-duties.ts'
import { useSettings } from '../../lib/settings.ts'
import { HoldState } from './HoldState.tsx'
import { Protected } from './Protected.tsx'
import { Release } from './Release.tsx'
import { ReviewForm } from './ReviewForm.tsx'
import { text } from './text.ts'
import { WidenForm } from './WidenForm.tsx'

const words = text.page

function Facts({ hold }: { hold: HoldView }) {
  const { dates } = useSettings()
  const facts: [string, string | undefined][] = [
    [words.authority, hold.authority],
    [words.issuer, hold.issuer],
    [words.reason, hold.reason],
  ]
  return (
    <dl className="plain-facts hold__facts">
      {facts.map(([label, value]) =>
        value ? (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ) : null,
      )}
      {hold.state === 'standing' ? (
        <div>
          <dt>{words.review}</dt>
          <dd>
            {hold.review ? formatDay(hold.review, dates) : text.list.noReview}
            {hold.reviewOverdue ? (
              <>
                {' '}
                <strong className="is-overdue">{words.overdue}</strong>
              </>
            ) : null}
          </dd>
        </div>
      ) : null}
    </dl>
  )
}

function History({ of }: { of: HoldView['history'] }) {
  const { dates } = useSettings()
  return (
    <ol className="m-timeline">
      {of.map(({ kind, signed, reason }) => (
        <li key={`${kind} ${signed.at}`} className="m-timeline__item">
          <time className="m-timeline__date" dateTime={signed.at}>
            {formatMoment(signed.at, dates)}
          </time>
          <div className="m-timeline__body">
            <p className="m-timeline__title">
              {words.events[kind] ?? kind}, {signed.by}
            </p>
            {reason ? <p className="m-timeline__text">{reason}</p> : null}
          </div>
        </li>
      ))}
    </ol>
  )
}

function Hold({ hold, part: { me, schedules } }: { hold: HoldView; part: RetentionPart }) {
  const { dates } = useSettings()
  const title = hold.matter ?? text.list.hold(hold.id)
  useSheetRules({ head: `${words.kind}: ${title}`, aside: text.states[hold.state], foot: hold.id })
  const facts = [
    words.since(formatMoment(hold.placed.at, dates), hold.placed.by),
    ...(hold.released ? [words.released(formatMoment(hold.released.at, dates), hold.released.by)] : []),
  ]
  const stands = hold.state === 'standing'
  return (
    <>
      <header className="title-block">
        <p className="title-block__kind">{words.kind}</p>
        <h1 tabIndex={-1}>{title}</h1>
        <p className="title-block__holder">
          <HoldState hold={hold} />
        </p>
        <p className="facts">
          <span className="m-id">{hold.id}</span> · {facts.join(' · ')}
        </p>
      </header>
      <Facts hold={hold} />
      {stands ? <Release hold={hold} me={me} /> : null}
      <section className="retention__part" aria-labelledby="scopes">
        <h2 id="scopes">{words.scopes}</h2>
        <ul className="sentences">
          {hold.scopes.map(({ sentence }) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
        <h3>{words.protects}</h3>
        <p className="hint measure">{words.protectsHint}</p>
        <Protected label={words.protected} tables={hold.protects} />
        {stands && mayHold(me) ? <WidenForm hold={hold} schedules={schedules} /> : null}
      </section>
      <section className="retention__part" aria-labelledby="history">
        <h2 id="history">{words.history}</h2>
        <History of={hold.history} />
        {stands && mayHold(me) ? <ReviewForm hold={hold} /> : null}
      </section>
    </>
  )
}

function HoldOrNone({ part }: { part: RetentionPart }) {
  const { hold: id } = useParams({ from: '/retention/holds/$hold' })
  const { data: hold, error, refetch } = useHold(id)
  if (hold) return <Hold key={hold.id} hold={hold} part={part} />
  if (!error) return <div className="page--pending" aria-busy="true" />
  const problem = problemOf(error)
  return (
    <>
      <h1 tabIndex={-1}>{problem.status === 404 ? words.missing : problem.title}</h1>
      <ProblemNote problem={problem} onRetry={() => void refetch()} />
      <p>
        <Link to="/retention/holds">{words.back}</Link>
      </p>
    </>
  )
}

/** A hold: who asked for it and why, what it protects, and all that was said of it since. */
export function HoldPage() {
  const { hold } = useParams({ from: '/retention/holds/$hold' })
  return (
    <RetentionFrame documentTitle={words.documentTitle(hold)} isOfOne>
      {(part) => <HoldOrNone part={part} />}
    </RetentionFrame>
  )
}
