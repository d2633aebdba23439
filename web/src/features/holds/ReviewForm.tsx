import type { HoldView } from '@muniment/api/contract'
import { type FormEvent, useState } from 'react'
import { useReviewHold } from '../../api/holds.ts'
import { DateField } from '../../components/DateField.tsx'
import { ProblemNote, problemOf } from '../../components/ProblemNote.tsx'
import { announce } from '../../lib/announce.ts'
import { dateFault, dateWords } from '../../lib/date-words.ts'
import { useSettings } from '../../lib/settings.ts'
import { Labelled } from './Labelled.tsx'
import { text } from './text.ts'

const words = text.review
const id = 'review'

/** Somebody looked, found that it is still needed, and says when to look again. */
export function ReviewForm({ hold }: { hold: HoldView }) {
  const { dates } = useSettings()
  const review = useReviewHold(hold.id)
  const [reason, setReason] = useState('')
  const [day, setDay] = useState('')
  const [faults, setFaults] = useState<{ reason?: string | undefined; day?: string | undefined }>({})
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (review.isPending) return
    const found = {
      reason: reason.trim() === '' ? words.noReason : undefined,
      day: day.trim() === '' ? undefined : dateFault(words.next, day, dates),
    }
    setFaults(found)
    if (found.reason) return document.getElementById(`${id}-reason`)?.focus()
    if (found.day) return document.getElementById(`${id}-day`)?.focus()
    review.mutate(
      { reason: reason.trim(), ...(day !== '' && { review: day }) },
      {
        onSuccess: () => {
          setReason('')
          setDay('')
          announce(words.done)
        },
      },
    )
  }
  return (
    <details className="reason" data-print="never">
      <summary>{words.open}</summary>
      <form noValidate className="form hold-form" onSubmit={submit}>
        <Labelled id={`${id}-reason`} label={words.reason} fault={faults.reason}>
          {(aria) => (
            <input
              {...aria}
              type="text"
              maxLength={2000}
              value={reason}
              autoComplete="off"
              onChange={(event) => setReason(event.target.value)}
            />
          )}
        </Labelled>
        <Labelled
          id={`${id}-day`}
          label={`${words.next} ${text.place.optional}`}
          hint={dateWords.hint(dates)}
          fault={faults.day}
        >
          {(aria) => <DateField {...aria} name="review" label={words.next} value={day} onChange={setDay} />}
        </Labelled>
        {review.error ? <ProblemNote problem={problemOf(review.error)} /> : null}
        <p className="toolbar">
          <button type="submit" className="button" aria-disabled={review.isPending}>
            {review.isPending ? words.pending : words.button}
          </button>
        </p>
      </form>
    </details>
  )
}
