import type { AccessVersion } from '@muniment/api/contract'
import { type ChangeEvent, type FormEvent, useState } from 'react'
import { usePropose } from '../../api/access-rules.ts'
import { ProblemNote, problemOf } from '../../components/ProblemNote.tsx'
import { announce } from '../../lib/announce.ts'
import { text } from './text.ts'

function parse(typed: string): { rules: unknown } | undefined {
  try {
    return { rules: JSON.parse(typed) as unknown }
  } catch {
    return undefined
  }
}

/** The document in force, to be changed, pasted over or taken from a file. */
export function ProposeForm({ version }: { version: AccessVersion }) {
  const propose = usePropose()
  const [typed, setTyped] = useState(() => JSON.stringify(version.rules, null, 2))
  const [reason, setReason] = useState('')
  const [fault, setFault] = useState<{ field: 'document' | 'reason'; message: string }>()

  const take = async (event: ChangeEvent<HTMLInputElement>) => {
    const [file] = event.target.files ?? []
    if (file) setTyped(await file.text())
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const parsed = parse(typed)
    const found = !parsed
      ? { field: 'document' as const, message: text.notJson }
      : reason.trim() === ''
        ? { field: 'reason' as const, message: text.noReason }
        : undefined
    setFault(found)
    if (found) document.getElementById(`rules-${found.field}`)?.focus()
    if (found || !parsed) return
    propose.mutate(
      { rules: parsed.rules, reason },
      {
        onSuccess: () => {
          setReason('')
          announce(text.proposed)
        },
      },
    )
  }
  const errorOf = (field: 'document' | 'reason') =>
    fault?.field === field ? (
      <p className="field__error" id={`rules-${field}-error`}>
        {fault.message}
      </p>
    ) : null
  const describedBy = (field: 'document' | 'reason') => (fault?.field === field ? `rules-${field}-error` : undefined)
  return (
    <section className="rules" aria-labelledby="propose">
      <h2 id="propose">{text.propose}</h2>
      <p className="measure">{text.proposeHint}</p>
      <form noValidate className="form" onSubmit={submit}>
        <div className="field">
          <label htmlFor="rules-document">{text.document}</label>
          {errorOf('document')}
          <textarea
            id="rules-document"
            value={typed}
            spellCheck={false}
            aria-invalid={fault?.field === 'document' || undefined}
            aria-describedby={describedBy('document')}
            onChange={(event) => setTyped(event.target.value)}
          />
        </div>
        <div className="field">
          <label htmlFor="rules-file">{text.upload}</label>
          <input id="rules-file" type="file" accept=".json,application/json" onChange={(event) => void take(event)} />
        </div>
        <div className="field">
          <label htmlFor="rules-reason">{text.reason}</label>
          {errorOf('reason')}
          <input
            id="rules-reason"
            type="text"
            size={60}
            value={reason}
            autoComplete="off"
            aria-invalid={fault?.field === 'reason' || undefined}
            aria-describedby={describedBy('reason')}
            onChange={(event) => setReason(event.target.value)}
          />
        </div>
        {propose.error ? <ProblemNote problem={problemOf(propose.error)} /> : null}
        {propose.isSuccess ? <p className="m-note">{text.proposed}</p> : null}
        <p className="actions">
          <button type="submit" className="button button--primary" aria-disabled={propose.isPending}>
            {propose.isPending ? text.sending : text.send}
          </button>
        </p>
      </form>
    </section>
  )
}
