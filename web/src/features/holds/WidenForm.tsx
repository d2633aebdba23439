import type { DomainSchedulesView, HoldView } from '@muniment/api/contract'
import { type FormEvent, useState } from 'react'
import { useWidenHold } from '../../api/holds.ts'
import { useModel } from '../../api/model.ts'
import { ProblemNote, problemOf } from '../../components/ProblemNote.tsx'
import { announce } from '../../lib/announce.ts'
import { Labelled } from './Labelled.tsx'
import { isLate, LateNote } from './LateNote.tsx'
import { ScopeQuestion } from './ScopeQuestion.tsx'
import { text } from './text.ts'
import { useScope } from './useScope.ts'

const words = text.widen
const id = 'widen'

interface WidenFormProps {
  hold: HoldView
  schedules: readonly DomainSchedulesView[]
}

export function WidenForm({ hold, schedules }: WidenFormProps) {
  const { data: model } = useModel(hold.application)
  const widen = useWidenHold(hold.id)
  const scope = useScope(hold.application, model, id)
  const [reason, setReason] = useState('')
  const [fault, setFault] = useState<{ field: 'reason' | 'scope'; message: string }>()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (widen.isPending) return
    const what = scope.read()
    if (!what) return setFault(undefined)
    const isSeen = scope.preview.data !== undefined || scope.preview.error !== null
    const found =
      reason.trim() === ''
        ? { field: 'reason' as const, message: words.noReason }
        : isSeen
          ? undefined
          : { field: 'scope' as const, message: text.place.first }
    setFault(found)
    if (found?.field === 'reason') document.getElementById(`${id}-reason`)?.focus()
    if (found) return
    widen.mutate({ scope: what, reason: reason.trim() }, { onSuccess: () => announce(words.done) })
  }
  if (!model) return null
  return (
    <>
      <details className="reason" data-print="never">
        <summary>{words.open}</summary>
        <form noValidate className="form hold-form" onSubmit={submit}>
          <p className="hint">{words.hint}</p>
          <ScopeQuestion id={id} scope={scope} model={model} schedules={schedules} />
          <Labelled
            id={`${id}-reason`}
            label={words.reason}
            fault={fault?.field === 'reason' ? fault.message : undefined}
          >
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
          {fault?.field === 'scope' && !scope.preview.data ? (
            <p className="field__error" role="alert">
              {fault.message}
            </p>
          ) : null}
          {widen.error ? <ProblemNote problem={problemOf(widen.error)} /> : null}
          <p className="toolbar">
            <button type="submit" className="button" aria-disabled={widen.isPending}>
              {widen.isPending ? words.pending : words.button}
            </button>
          </p>
        </form>
      </details>
      {widen.data && isLate(widen.data) ? (
        <LateNote placed={widen.data} titles={new Map(model.tables.map(({ name, title }) => [name, title]))} />
      ) : null}
    </>
  )
}
