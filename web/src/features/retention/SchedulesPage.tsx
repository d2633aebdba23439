import type { DomainSchedulesView } from '@muniment/api/contract'
import { useScheduleProposals } from '../../api/retention-schedules.ts'
import { ProblemNote, problemOf } from '../../components/ProblemNote.tsx'
import { RetentionFrame, type RetentionPart } from '../../components/RetentionFrame.tsx'
import { formatMoment } from '../../lib/format.ts'
import { mayPropose } from '../../lib/retention-duties.ts'
import { useSettings } from '../../lib/settings.ts'
import { ClassSchedules } from './ClassSchedules.tsx'
import { ProposeSchedulesForm } from './ProposeSchedulesForm.tsx'
import { SchedulesProposed } from './SchedulesProposed.tsx'
import { text } from './text.ts'

const words = text.schedules

function DomainSchedules({ of }: { of: DomainSchedulesView }) {
  const { dates } = useSettings()
  const id = `schedules-${of.domain}`
  const facts = [
    words.version(of.number),
    ...(of.approved
      ? [
          words.proposedBy(of.proposed.by, formatMoment(of.proposed.at, dates)),
          words.approvedBy(of.approved.by, formatMoment(of.approved.at, dates)),
        ]
      : [words.cameWith]),
  ]
  return (
    <section className="rules" aria-labelledby={id}>
      <h2 id={id} tabIndex={-1}>
        {of.domainTitle}
      </h2>
      <p className="facts">{facts.join(' · ')}</p>
      {of.note ? (
        <p className="m-note" role="note">
          {of.note}
        </p>
      ) : null}
      {of.classes.map((one) => (
        <ClassSchedules key={one.name} of={one} level={3} />
      ))}
      {of.keptForGood.length > 0 ? (
        <div className="record-class">
          <h3>{words.keptForGood}</h3>
          <dl className="plain-facts">
            {of.keptForGood.map(({ table, why }) => (
              <div key={table}>
                <dt>{table}</dt>
                <dd>{why}</dd>
              </div>
            ))}
          </dl>
        </div>
      ) : null}
    </section>
  )
}

function Schedules({ part: { me, application, schedules } }: { part: RetentionPart }) {
  const proposals = useScheduleProposals(application)
  const open = (proposals.data ?? []).filter(({ state }) => state === 'open')
  const past = (proposals.data ?? []).filter(({ state }) => state !== 'open')
  const proposed = (of: typeof open) =>
    of.map((proposal) => (
      <SchedulesProposed
        key={proposal.id}
        proposal={proposal}
        inForce={schedules.find(({ domain }) => domain === proposal.domain)}
        me={me}
      />
    ))
  return (
    <>
      <h1 tabIndex={-1}>{words.title}</h1>
      <p className="lead">{words.lead}</p>
      {schedules.length === 0 ? <p className="m-empty">{words.none}</p> : null}
      {schedules.length > 1 ? (
        <nav className="model-jump" aria-label={words.contents} data-print="never">
          {schedules.map(({ domain, domainTitle }) => (
            <a key={domain} href={`#schedules-${domain}`}>
              {domainTitle}
            </a>
          ))}
          <a href="#schedule-proposals">{words.proposals}</a>
        </nav>
      ) : null}
      {schedules.map((one) => (
        <DomainSchedules key={one.domain} of={one} />
      ))}
      <section className="rules" aria-labelledby="schedule-proposals">
        <h2 id="schedule-proposals" tabIndex={-1}>
          {words.proposals}
        </h2>
        {proposals.error ? (
          <ProblemNote problem={problemOf(proposals.error)} onRetry={() => void proposals.refetch()} />
        ) : null}
        {proposals.data && open.length === 0 ? <p className="m-empty">{words.noProposals}</p> : null}
        {proposed(open)}
        {past.length > 0 ? (
          <details className="reason">
            <summary>{words.past}</summary>
            {proposed(past)}
          </details>
        ) : null}
      </section>
      {mayPropose(me) ? <ProposeSchedulesForm /> : null}
    </>
  )
}

/** How long what is kept, by which law, as sentences; and what somebody would change about it. */
export function SchedulesPage() {
  return (
    <RetentionFrame documentTitle={words.documentTitle}>
      {(part) => <Schedules key={part.application} part={part} />}
    </RetentionFrame>
  )
}
