import type { DueCalendar } from '@muniment/api/contract'
import { useEffect, useRef } from 'react'
import { useDue, useWorkOutDue } from '../../api/retention-due.ts'
import { ProblemNote, problemOf } from '../../components/ProblemNote.tsx'
import { RetentionFrame, type RetentionPart } from '../../components/RetentionFrame.tsx'
import { announce } from '../../lib/announce.ts'
import { formatDay, formatMoment } from '../../lib/format.ts'
import { mayPlan } from '../../lib/retention-duties.ts'
import { useSettings } from '../../lib/settings.ts'
import { ClassFigures } from './ClassFigures.tsx'
import { readCalendar } from './calendar.ts'
import { DueChart } from './DueChart.tsx'
import { MonthTable } from './MonthTable.tsx'
import { PlanForm } from './PlanForm.tsx'
import { text } from './text.ts'

const words = text.due

function WorkedOut({ due, application, may }: { due: DueCalendar; application: string; may: boolean }) {
  const { dates } = useSettings()
  const workOut = useWorkOutDue(application)
  const was = useRef(due.working)
  useEffect(() => {
    if (was.current && !due.working) announce(words.done)
    was.current = due.working
  }, [due.working])
  const isBusy = due.working || workOut.isPending
  const facts = due.at
    ? [words.at(formatMoment(due.at, dates)), words.counted(formatDay(due.asOf, dates))]
    : [words.never]
  return (
    <>
      <p className="facts">{facts.join(' · ')}</p>
      {may ? (
        <p className="actions" data-print="never">
          <button
            type="button"
            className="button"
            aria-disabled={isBusy}
            onClick={() => (isBusy ? undefined : workOut.mutate())}
          >
            {isBusy ? words.working : due.at ? words.again : words.first}
          </button>
          {isBusy ? (
            <span className="hint" role="status">
              {words.workingHint}
            </span>
          ) : null}
        </p>
      ) : null}
      {workOut.error ? <ProblemNote problem={problemOf(workOut.error)} /> : null}
    </>
  )
}

function Figures({ due, part: { me, application } }: { due: DueCalendar; part: RetentionPart }) {
  const calendar = readCalendar(due)
  const domains = calendar.domains.map((domain) => ({
    ...domain,
    classes: due.classes.filter((one) => one.domain === domain.name),
  }))
  return (
    <>
      <section className="retention__part" aria-labelledby="by-month">
        <h2 id="by-month">{words.byMonth}</h2>
        <p className="retention__sum">
          {words.summary(calendar.overdue.total, calendar.coming, calendar.later?.total).join(', ')}.
        </p>
        {calendar.coming > 0 ? <DueChart calendar={calendar} /> : null}
        <MonthTable calendar={calendar} />
      </section>
      <section className="retention__part" aria-labelledby="by-class">
        <h2 id="by-class">{words.byClass}</h2>
        <p className="hint measure">{words.classesHint}</p>
        {domains.map(({ name, title, classes }) => (
          <section key={name} className="retention__domain" aria-labelledby={`domain-${name}`}>
            <h3 id={`domain-${name}`}>{title}</h3>
            <ClassFigures title={title} classes={classes} />
            {mayPlan(me) ? (
              <PlanForm application={application} domain={name} domainTitle={title} asOf={due.asOf} />
            ) : null}
          </section>
        ))}
      </section>
    </>
  )
}

function Due({ part }: { part: RetentionPart }) {
  const { data: due, error, refetch } = useDue(part.application)
  return (
    <>
      <h1 tabIndex={-1}>{words.title}</h1>
      <p className="lead">{words.lead}</p>
      {error ? <ProblemNote problem={problemOf(error)} onRetry={() => void refetch()} /> : null}
      {due ? <WorkedOut due={due} application={part.application} may={mayPlan(part.me)} /> : null}
      {due?.at ? <Figures due={due} part={part} /> : null}
    </>
  )
}

/** What falls due when and why, and the way to a plan. */
export function DuePage() {
  return (
    <RetentionFrame documentTitle={words.documentTitle}>
      {(part) => <Due key={part.application} part={part} />}
    </RetentionFrame>
  )
}
