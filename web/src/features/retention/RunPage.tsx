import type { RunDetails } from '@muniment/api/contract'
import { Link, useParams } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { useRun } from '../../api/retention-runs.ts'
import { ProblemNote, problemOf } from '../../components/ProblemNote.tsx'
import { RetentionFrame, type RetentionPart } from '../../components/RetentionFrame.tsx'
import { useSheetRules } from '../../components/useSheetRules.ts'
import { announce } from '../../lib/announce.ts'
import { formatDay, formatMoment } from '../../lib/format.ts'
import { useSettings } from '../../lib/settings.ts'
import { PlannedClasses, PlanTable } from './PlannedClasses.tsx'
import { sumOf } from './plan-words.ts'
import { RunDecision } from './RunDecision.tsx'
import { RunExecution } from './RunExecution.tsx'
import { RunState } from './RunState.tsx'
import { difference, records, stateOf } from './run-words.ts'
import { text } from './text.ts'

const words = text.run

const isUnderWay = ({ state }: RunDetails): boolean =>
  state === 'approved' || state === 'executing' || state === 'paused' || state === 'executed' || state === 'verified'

function Head({ run }: { run: RunDetails }) {
  const { dates } = useSettings()
  const facts = [
    words.planned(formatMoment(run.planned.at, dates), run.planned.by),
    ...(run.approved ? [words.approved(formatMoment(run.approved.at, dates), run.approved.by)] : []),
    words.schedules(run.schedules),
  ]
  return (
    <header className="result-head">
      <div className="title-block">
        <p className="title-block__kind">{words.kind}</p>
        <h1 tabIndex={-1}>{words.title(run.domainTitle, formatDay(run.asOf, dates))}</h1>
        <p className="title-block__holder">
          <RunState state={run.state} />
        </p>
        <p className="facts">
          <span className="m-id">{run.run}</span> · {facts.join(' · ')}
        </p>
      </div>
      <div className="result-head__side toolbar" data-print="never">
        {run.certificate ? (
          <Link className="button button--primary" to="/retention/runs/$run/certificate" params={{ run: run.run }}>
            {words.certificate}
          </Link>
        ) : null}
        <button type="button" className="button" onClick={() => window.print()}>
          {words.print}
        </button>
      </div>
    </header>
  )
}

function Plan({ run, part }: { run: RunDetails; part: RetentionPart }) {
  const { dates } = useSettings()
  const { since } = run
  const kept = sumOf(run, 'kept')
  const isOpen = run.state === 'planned' || run.state === 'approved'
  const schedules = part.schedules
    .filter(({ domain }) => domain === run.domain)
    .flatMap(({ classes }) => classes.flatMap((one) => one.schedules))
  return (
    <section className="retention__part" aria-labelledby="what">
      <h2 id="what">{run.state === 'planned' ? words.what : words.whatWas}</h2>
      {run.records === 0 ? (
        <p className="retention__sum">{words.nothing}</p>
      ) : (
        <p className="retention__sum">{words.sentence(run.records, run.rows)}</p>
      )}
      <div className="measure retention__facts">
        <p>{words.heldSentence(sumOf(run, 'held'))}</p>
        {kept > 0 ? <p>{words.keptSentence(kept)}</p> : null}
        {isOpen ? <p>{words.late}</p> : null}
        {since ? (
          <p>
            {words.since(difference(run.records, since.records), formatDay(since.asOf, dates))}{' '}
            <Link to="/retention/runs/$run" params={{ run: since.run }}>
              {records(since.records)}
            </Link>
            .
          </p>
        ) : (
          <p>{words.firstRun}</p>
        )}
      </div>
      <PlanTable run={run} />
      <PlannedClasses run={run} schedules={schedules} />
      <dl className="plain-facts retention__hash">
        <div>
          <dt>{words.hash}</dt>
          <dd>
            <span className="m-id">{run.hash}</span>
            <br />
            <span className="hint">{words.hashHint}</span>
          </dd>
        </div>
      </dl>
    </section>
  )
}

function Run({ run, part }: { run: RunDetails; part: RetentionPart }) {
  const { dates } = useSettings()
  const title = words.title(run.domainTitle, formatDay(run.asOf, dates))
  useSheetRules({ head: `${words.kind}: ${title}`, aside: stateOf(run.state).words, foot: run.run })
  const isBefore = run.state === 'planned' || run.state === 'approved'
  const was = useRef(run.state)
  useEffect(() => {
    if (was.current !== run.state) announce(stateOf(run.state).words)
    was.current = run.state
  }, [run.state])
  return (
    <>
      <Head run={run} />
      {run.sentBack ? (
        <div className="m-note" role="note">
          <p>{words.sentBack(run.sentBack.by, formatMoment(run.sentBack.at, dates))}</p>
          <p>{run.sentBack.reason}</p>
        </div>
      ) : null}
      {run.obstacles.length > 0 ? (
        <section className="problem" aria-labelledby="obstacles">
          <h2 className="problem__title" id="obstacles">
            {isBefore ? words.obstacles : words.stopped}
          </h2>
          <ul>
            {run.obstacles.map((obstacle) => (
              <li key={obstacle}>{obstacle}</li>
            ))}
          </ul>
          <p className="hint">{isBefore ? words.obstaclesHint : words.stoppedHint}</p>
        </section>
      ) : null}
      {isUnderWay(run) ? <RunExecution run={run} me={part.me} /> : null}
      <Plan run={run} part={part} />
      {run.state === 'planned' ? <RunDecision run={run} me={part.me} /> : null}
    </>
  )
}

function RunOrNone({ part }: { part: RetentionPart }) {
  const { run: id } = useParams({ from: '/retention/runs/$run' })
  const { data: run, error, refetch } = useRun(id)
  if (run) return <Run key={run.run} run={run} part={part} />
  if (!error) return <div className="page--pending" aria-busy="true" />
  const problem = problemOf(error)
  return (
    <>
      <h1 tabIndex={-1}>{problem.status === 404 ? text.missingRun : problem.title}</h1>
      <ProblemNote problem={problem} onRetry={() => void refetch()} />
      <p>
        <Link to="/retention/runs">{words.back}</Link>
      </p>
    </>
  )
}

/** A plan, somebody's word on it, and what became of it. */
export function RunPage() {
  const { run } = useParams({ from: '/retention/runs/$run' })
  return (
    <RetentionFrame documentTitle={words.documentTitle(run)} isOfOne>
      {(part) => <RunOrNone part={part} />}
    </RetentionFrame>
  )
}
