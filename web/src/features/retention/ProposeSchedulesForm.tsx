import { type ChangeEvent, type FormEvent, useState } from 'react'
import { useProposeSchedules } from '../../api/retention-schedules.ts'
import { ProblemNote, problemOf } from '../../components/ProblemNote.tsx'
import { announce } from '../../lib/announce.ts'
import { text } from './text.ts'

const words = text.schedules

type FieldName = 'document' | 'reason'

function parse(typed: string): { schedules: unknown } | undefined {
  try {
    return { schedules: JSON.parse(typed) as unknown }
  } catch {
    return undefined
  }
}

/** A domain's schedules, pasted or taken from a file. */
export function ProposeSchedulesForm() {
  const propose = useProposeSchedules()
  const [typed, setTyped] = useState('')
  const [reason, setReason] = useState('')
  const [fault, setFault] = useState<{ field: FieldName; message: string }>()

  const take = async (event: ChangeEvent<HTMLInputElement>) => {
    const [file] = event.target.files ?? []
    if (file) setTyped(await file.text())
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (propose.isPending) return
    const parsed = parse(typed)
    const found = !parsed
      ? { field: 'document' as const, message: words.notJson }
      : reason.trim() === ''
        ? { field: 'reason' as const, message: words.noReason }
        : undefined
    setFault(found)
    if (found) document.getElementById(`schedules-${found.field}`)?.focus()
    if (found || !parsed) return
    propose.mutate(
      { schedules: parsed.schedules, reason: reason.trim() },
      {
        onSuccess: () => {
          setReason('')
          setTyped('')
          announce(words.proposed)
        },
      },
    )
  }
  const errorOf = (field: FieldName) =>
    fault?.field === field ? (
      <p className="field__error" id={`schedules-${field}-error`}>
        {fault.message}
      </p>
    ) : null
  const common = (field: FieldName) => ({
    id: `schedules-${field}`,
    'aria-invalid': fault?.field === field || undefined,
    'aria-describedby': fault?.field === field ? `schedules-${field}-error` : undefined,
  })
  return (
    <section className="rules" aria-labelledby="propose-schedules">
      <h2 id="propose-schedules">{words.propose}</h2>
      <p className="measure">{words.proposeHint}</p>
      <form noValidate className="form" onSubmit={submit}>
        <div className="field">
          <label htmlFor="schedules-document">{words.document}</label>
          {errorOf('document')}
          <textarea
            {...common('document')}
            value={typed}
            spellCheck={false}
            onChange={(event) => setTyped(event.target.value)}
          />
        </div>
        <div className="field">
          <label htmlFor="schedules-file">{words.upload}</label>
          <input
            id="schedules-file"
            type="file"
            accept=".json,application/json"
            onChange={(event) => void take(event)}
          />
        </div>
        <div className="field">
          <label htmlFor="schedules-reason">{words.reason}</label>
          {errorOf('reason')}
          <input
            {...common('reason')}
            type="text"
            size={60}
            maxLength={2000}
            value={reason}
            autoComplete="off"
            onChange={(event) => setReason(event.target.value)}
          />
        </div>
        {propose.error ? <ProblemNote problem={problemOf(propose.error)} /> : null}
        {propose.isSuccess ? <p className="m-note">{words.proposed}</p> : null}
        <p className="actions">
          <button type="submit" className="button button--primary" aria-disabled={propose.isPending}>
            {propose.isPending ? words.sending : words.send}
          </button>
        </p>
      </form>
    </section>
  )
}
