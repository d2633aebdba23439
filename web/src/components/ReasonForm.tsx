import { type FormEvent, useId, useState } from 'react'
import { ProblemNote, problemOf } from './ProblemNote.tsx'
import { text } from './text.ts'

interface ReasonFormProps {
  /** What opens the form. */
  summary: string
  /** What follows, where it needs saying. */
  hint?: string
  label: string
  button: string
  pending: string
  isPending: boolean
  error: unknown
  onSay: (reason: string) => void
}

/** For what takes a reason: closed until somebody wants it. */
export function ReasonForm({ summary, hint, label, button, pending, isPending, error, onSay }: ReasonFormProps) {
  const id = useId()
  const [reason, setReason] = useState('')
  const [isMissing, setIsMissing] = useState(false)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (isPending) return
    setIsMissing(reason.trim() === '')
    if (reason.trim() === '') document.getElementById(id)?.focus()
    else onSay(reason.trim())
  }
  return (
    <details className="reason" data-print="never">
      <summary>{summary}</summary>
      <form noValidate className="field" onSubmit={submit}>
        <label htmlFor={id}>{label}</label>
        {hint ? (
          <p className="hint" id={`${id}-hint`}>
            {hint}
          </p>
        ) : null}
        {isMissing ? (
          <p className="field__error" id={`${id}-error`}>
            {text.reason.missing}
          </p>
        ) : null}
        <p className="toolbar">
          <input
            id={id}
            type="text"
            size={50}
            maxLength={2000}
            value={reason}
            autoComplete="off"
            aria-invalid={isMissing || undefined}
            aria-describedby={
              [...(hint ? [`${id}-hint`] : []), ...(isMissing ? [`${id}-error`] : [])].join(' ') || undefined
            }
            onChange={(event) => setReason(event.target.value)}
          />
          <button type="submit" className="button" aria-disabled={isPending}>
            {isPending ? pending : button}
          </button>
        </p>
        {error ? <ProblemNote problem={problemOf(error)} /> : null}
      </form>
    </details>
  )
}
