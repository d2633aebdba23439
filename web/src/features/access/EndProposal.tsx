import { type FormEvent, useState } from 'react'
import { useEndProposal } from '../../api/access-rules.ts'
import { ProblemNote, problemOf } from '../../components/ProblemNote.tsx'
import { announce } from '../../lib/announce.ts'
import { text } from './text.ts'

/** For who made the proposal: it is theirs to take back. */
export function Withdrawal({ id }: { id: string }) {
  const end = useEndProposal()
  return (
    <>
      <p className="actions">
        <button
          type="button"
          className="button"
          aria-disabled={end.isPending}
          onClick={() => end.mutate({ id }, { onSuccess: () => announce(text.withdrawn) })}
        >
          {end.isPending ? text.withdrawing : text.withdraw}
        </button>
      </p>
      {end.error ? <ProblemNote problem={problemOf(end.error)} /> : null}
    </>
  )
}

/** For who might approve it: whoever proposed it reads the reason. */
export function Refusal({ id }: { id: string }) {
  const end = useEndProposal()
  const [reason, setReason] = useState('')
  const [isMissing, setIsMissing] = useState(false)
  const field = `refuse-${id}`
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setIsMissing(reason.trim() === '')
    if (reason.trim() === '') document.getElementById(field)?.focus()
    else end.mutate({ id, reason }, { onSuccess: () => announce(text.refused) })
  }
  return (
    <details>
      <summary>{text.refuseInstead}</summary>
      <form noValidate className="field" onSubmit={submit}>
        <label htmlFor={field}>{text.refusalReason}</label>
        {isMissing ? (
          <p className="field__error" id={`${field}-error`}>
            {text.noRefusalReason}
          </p>
        ) : null}
        <p className="toolbar">
          <input
            id={field}
            type="text"
            size={50}
            value={reason}
            autoComplete="off"
            aria-invalid={isMissing || undefined}
            aria-describedby={isMissing ? `${field}-error` : undefined}
            onChange={(event) => setReason(event.target.value)}
          />
          <button type="submit" className="button" aria-disabled={end.isPending}>
            {end.isPending ? text.refusing : text.refuse}
          </button>
        </p>
        {end.error ? <ProblemNote problem={problemOf(end.error)} /> : null}
      </form>
    </details>
  )
}
