import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { useStartRun } from '../../api/retention-runs.ts'
import { DateField } from '../../components/DateField.tsx'
import { ProblemNote, problemOf } from '../../components/ProblemNote.tsx'
import { announce } from '../../lib/announce.ts'
import { dateFault, dateWords } from '../../lib/date-words.ts'
import { useSettings } from '../../lib/settings.ts'
import { text } from './text.ts'

const words = text.plan

interface PlanFormProps {
  application: string
  domain: string
  domainTitle: string
  /** Of the calendar: the day that is offered. */
  asOf: string
}

/** Destroys nothing: it makes the list that a second person reads. */
export function PlanForm({ application, domain, domainTitle, asOf }: PlanFormProps) {
  const { dates } = useSettings()
  const navigate = useNavigate()
  const plan = useStartRun()
  const [day, setDay] = useState(asOf)
  const [fault, setFault] = useState<string>()
  const id = `plan-${domain}`
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (plan.isPending) return
    const found = dateFault(words.asOf, day, dates)
    setFault(found)
    if (found) return document.getElementById(id)?.focus()
    plan.mutate(
      { application, domain, asOf: day },
      {
        onSuccess: ({ run, records }) => {
          announce(words.planned(records))
          void navigate({ to: '/retention/runs/$run', params: { run } })
        },
      },
    )
  }
  return (
    <details className="reason" data-print="never">
      <summary>{words.summary(domainTitle)}</summary>
      <form noValidate className="field" onSubmit={submit}>
        <p className="measure">{words.hint}</p>
        <label htmlFor={id}>{words.asOf}</label>
        <p className="hint" id={`${id}-hint`}>
          {words.asOfHint} <span className="visually-hidden">{dateWords.hint(dates)}</span>
        </p>
        {fault ? (
          <p className="field__error" id={`${id}-error`}>
            {fault}
          </p>
        ) : null}
        <p className="toolbar">
          <DateField
            id={id}
            name="asOf"
            label={words.asOf}
            value={day}
            onChange={setDay}
            aria-invalid={fault ? true : undefined}
            aria-describedby={fault ? `${id}-hint ${id}-error` : `${id}-hint`}
          />
          <button type="submit" className="button" aria-disabled={plan.isPending}>
            {plan.isPending ? words.planning : words.button}
          </button>
        </p>
        {plan.isPending ? (
          <p className="hint" role="status">
            {words.long}
          </p>
        ) : null}
        {plan.error ? <ProblemNote problem={problemOf(plan.error)} /> : null}
      </form>
    </details>
  )
}
