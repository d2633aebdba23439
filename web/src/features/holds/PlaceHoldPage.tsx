import type { ModelDescription, PlacedHold } from '@muniment/api/contract'
import { Link, useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { usePlaceHold } from '../../api/holds.ts'
import { useModel } from '../../api/model.ts'
import { DateField } from '../../components/DateField.tsx'
import { ErrorSummary } from '../../components/ErrorSummary.tsx'
import { ProblemNote, problemOf } from '../../components/ProblemNote.tsx'
import { RetentionFrame, type RetentionPart } from '../../components/RetentionFrame.tsx'
import { announce } from '../../lib/announce.ts'
import { dateFault, dateWords } from '../../lib/date-words.ts'
import { mayHold } from '../../lib/retention-duties.ts'
import { useSettings } from '../../lib/settings.ts'
import { Labelled } from './Labelled.tsx'
import { isLate, LateNote } from './LateNote.tsx'
import { ScopeQuestion } from './ScopeQuestion.tsx'
import { text } from './text.ts'
import { useScope } from './useScope.ts'

const words = text.place
const id = 'hold'

const required = ['matter', 'authority', 'reason'] as const
type Faults = { [field in 'matter' | 'authority' | 'reason' | 'review' | 'scope']?: string | undefined }

/** Held, but not all of it: what it came too late for stands here until somebody has read it. */
function TooLate({ placed, model }: { placed: PlacedHold; model: ModelDescription }) {
  return (
    <>
      <h1 tabIndex={-1}>{words.placed}</h1>
      <LateNote placed={placed} titles={new Map(model.tables.map(({ name, title }) => [name, title]))} />
      <p className="actions">
        <Link className="button button--primary" to="/retention/holds/$hold" params={{ hold: placed.hold.id }}>
          {text.late.open}
        </Link>
      </p>
    </>
  )
}

function PlaceHoldForm({ part: { application, schedules }, model }: { part: RetentionPart; model: ModelDescription }) {
  const { dates } = useSettings()
  const navigate = useNavigate()
  const place = usePlaceHold()
  const scope = useScope(application, model, id)
  const [typed, setTyped] = useState({ matter: '', authority: '', issuer: '', reason: '', review: '' })
  const [faults, setFaults] = useState<Faults>({})
  const [attempt, setAttempt] = useState(0)

  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (place.isPending) return
    const found: Faults = {}
    for (const field of required) if (typed[field].trim() === '') found[field] = words.missing[field]
    const dated = typed.review.trim() === '' ? undefined : dateFault(words.review, typed.review, dates)
    if (dated) found.review = dated
    const what = scope.read()
    // A hold in haste is looked at all the same: what it covers is read before it stands, unless that cannot be told.
    if (what && !scope.preview.data && !scope.preview.error) found.scope = words.first
    setFaults(found)
    if (!what || Object.keys(found).length > 0) return setAttempt((count) => count + 1)
    const { matter, authority, issuer, reason, review } = typed
    place.mutate(
      {
        application,
        matter,
        authority,
        ...(issuer.trim() !== '' && { issuer }),
        reason,
        ...(review !== '' && { review }),
        scope: what,
      },
      {
        onSuccess: (placed) => {
          announce(words.placed)
          if (!isLate(placed)) void navigate({ to: '/retention/holds/$hold', params: { hold: placed.hold.id } })
        },
      },
    )
  }
  const field = (
    name: 'matter' | 'authority' | 'issuer' | 'reason',
    label: string,
    hint?: string,
    example?: string,
  ) => (
    <Labelled
      id={`${id}-${name}`}
      label={label}
      {...(hint && { hint })}
      fault={name === 'issuer' ? undefined : faults[name]}
    >
      {(aria) => (
        <input
          {...aria}
          type="text"
          maxLength={name === 'issuer' ? 500 : 2000}
          placeholder={example}
          value={typed[name]}
          autoComplete="off"
          aria-required={name !== 'issuer'}
          onChange={(event) => {
            setTyped({ ...typed, [name]: event.target.value })
            setFaults({ ...faults, [name]: undefined })
          }}
        />
      )}
    </Labelled>
  )
  const summary = [
    ...([...required, 'review'] as const).map((name) => ({ field: `${id}-${name}`, message: faults[name] })),
    ...scope.faults.map(({ field: name, message }) => ({ field: `${id}-${name}`, message })),
    { field: `${id}-look`, message: scope.preview.data ? undefined : faults.scope },
  ].flatMap(({ field: name, message }) => (message ? [{ field: name, message }] : []))
  if (place.data && isLate(place.data)) return <TooLate placed={place.data} model={model} />
  return (
    <>
      <h1 tabIndex={-1}>{words.title}</h1>
      <p className="lead">{words.lead}</p>
      <ErrorSummary attempt={attempt} errors={summary} title={words.errorSummary} />
      <form noValidate className="form hold-form" onSubmit={submit}>
        {field('matter', words.matter, words.matterHint, words.matterExample)}
        {field('authority', words.authority, words.authorityHint, words.authorityExample)}
        {field('issuer', `${words.issuer} ${words.optional}`)}
        {field('reason', words.reason, words.reasonHint)}
        <Labelled
          id={`${id}-review`}
          label={`${words.review} ${words.optional}`}
          hint={`${words.reviewHint} ${dateWords.hint(dates)}`}
          fault={faults.review}
        >
          {(aria) => (
            <DateField
              {...aria}
              name="review"
              label={words.review}
              value={typed.review}
              onChange={(review) => {
                setTyped({ ...typed, review })
                setFaults({ ...faults, review: undefined })
              }}
            />
          )}
        </Labelled>
        <ScopeQuestion id={id} scope={scope} model={model} schedules={schedules} />
        {place.error ? <ProblemNote problem={problemOf(place.error)} /> : null}
        <p className="actions">
          <button type="submit" className="button button--primary" aria-disabled={place.isPending}>
            {place.isPending ? words.pending : words.button}
          </button>
        </p>
      </form>
    </>
  )
}

function PlaceHold({ part }: { part: RetentionPart }) {
  const { data: model, error, refetch } = useModel(part.application)
  if (!mayHold(part.me)) {
    return <h1 tabIndex={-1}>{text.list.notYours}</h1>
  }
  if (error) return <ProblemNote problem={problemOf(error)} onRetry={() => void refetch()} />
  if (!model) return <div className="page--pending" aria-busy="true" />
  return <PlaceHoldForm part={part} model={model} />
}

/** One person, at once: who asks, why, until when somebody looks again, and what it covers before it stands. */
export function PlaceHoldPage() {
  return (
    <RetentionFrame documentTitle={words.documentTitle}>
      {(part) => <PlaceHold key={part.application} part={part} />}
    </RetentionFrame>
  )
}
