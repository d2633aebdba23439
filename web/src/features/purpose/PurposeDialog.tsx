import { type FormEvent, useState } from 'react'
import { usePurposes } from '../../api/purposes.ts'
import { Modal } from '../../components/Modal.tsx'
import { ProblemNote, problemOf } from '../../components/ProblemNote.tsx'
import { purpose, type StatedPurpose } from '../../lib/purpose.ts'
import { text } from './text.ts'

interface PurposeDialogProps {
  waiting: boolean
  onAnswer: (value: StatedPurpose | undefined) => void
}

export function PurposeDialog({ waiting, onAnswer }: PurposeDialogProps) {
  const { data: reasons, error: fault, refetch } = usePurposes()
  const current = purpose.get()
  const [choice, setChoice] = useState(current && 'request' in current ? '' : (current?.reason ?? ''))
  const [isRequest, setIsRequest] = useState(current !== undefined && 'request' in current)
  const [note, setNote] = useState(current && 'reason' in current ? current.note : '')
  const [request, setRequest] = useState(current && 'request' in current ? current.request : '')
  const [error, setError] = useState<string>()

  const needsNote = reasons?.find((reason) => reason.code === choice)?.sentence !== false

  const submit = (event: FormEvent) => {
    event.preventDefault()
    event.stopPropagation()
    if (isRequest) {
      const reference = request.trim()
      if (reference) return onAnswer({ request: reference })
      setError(text.missing)
      document.getElementById('purpose-request')?.focus()
      return
    }
    if (choice && needsNote && note.trim() === '') {
      setError(text.sentence)
      document.getElementById('purpose-note')?.focus()
      return
    }
    if (choice) return onAnswer({ reason: choice, note: note.trim() })
    setError(text.choose)
    document.querySelector<HTMLElement>('[name=purpose-reason]')?.focus()
  }

  return (
    <Modal title={text.title} description={waiting ? text.waiting : text.lead} onClose={() => onAnswer(undefined)}>
      <form noValidate onSubmit={submit}>
        {fault ? <ProblemNote problem={problemOf(fault)} onRetry={() => void refetch()} /> : null}
        <fieldset
          className="choices choices--columns"
          aria-describedby={error && !isRequest ? 'purpose-error' : undefined}
        >
          <legend>{text.kind}</legend>
          {(reasons ?? []).map((reason) => (
            <label key={reason.code} className="choice">
              <input
                type="radio"
                name="purpose-reason"
                value={reason.code}
                aria-description={reason.description}
                checked={!isRequest && choice === reason.code}
                onChange={() => {
                  setIsRequest(false)
                  setChoice(reason.code)
                  setError(undefined)
                }}
              />
              <span>{reason.label}</span>
            </label>
          ))}
          <label className="choice">
            <input
              type="radio"
              name="purpose-reason"
              checked={isRequest}
              onChange={() => {
                setIsRequest(true)
                setError(undefined)
              }}
            />
            <span>{text.request}</span>
          </label>
        </fieldset>
        <p className="hint purpose-meaning" aria-hidden="true">
          {isRequest ? text.requestMeans : (reasons?.find((reason) => reason.code === choice)?.description ?? '')}
        </p>
        {isRequest ? (
          <div className="field">
            <label htmlFor="purpose-request">{text.reference}</label>
            <p className="hint" id="purpose-request-hint">
              {text.referenceHint}
            </p>
            {error ? (
              <p className="field__error" id="purpose-error">
                {error}
              </p>
            ) : null}
            <input
              id="purpose-request"
              value={request}
              maxLength={100}
              autoComplete="off"
              aria-invalid={error !== undefined}
              aria-describedby={error ? 'purpose-error purpose-request-hint' : 'purpose-request-hint'}
              onChange={(event) => setRequest(event.target.value)}
            />
          </div>
        ) : (
          <div className="field">
            {error ? (
              <p className="field__error" id="purpose-error" role="alert">
                {error}
              </p>
            ) : null}
            <label htmlFor="purpose-note">{needsNote ? text.note : text.noteOptional}</label>
            <p className="hint" id="purpose-note-hint">
              {text.noteHint}
            </p>
            <input
              id="purpose-note"
              value={note}
              maxLength={500}
              autoComplete="off"
              aria-invalid={error === text.sentence}
              aria-describedby={error === text.sentence ? 'purpose-error purpose-note-hint' : 'purpose-note-hint'}
              onChange={(event) => setNote(event.target.value)}
            />
          </div>
        )}
        <p className="actions">
          <button type="submit" className="button button--primary">
            {waiting ? text.useWaiting : text.use}
          </button>
          <button type="button" className="button" onClick={() => onAnswer(undefined)}>
            {text.cancel}
          </button>
        </p>
      </form>
    </Modal>
  )
}
