import type { AuditFilters, AuditNames } from '@muniment/api/contract'
import { type FormEvent, useState } from 'react'
import { useAuditNames } from '../../api/audit-names.ts'
import { ProblemNote, problemOf } from '../../components/ProblemNote.tsx'
import { dateFault } from '../../lib/date-words.ts'
import { useSettings } from '../../lib/settings.ts'
import { labelOf, QuestionField } from './QuestionField.tsx'
import {
  type FieldName,
  fieldsOf,
  filtersOf,
  isKey,
  missingIn,
  type Question,
  questions,
  type Typed,
} from './questions.ts'
import { text } from './text.ts'

interface QuestionFormProps {
  isPending: boolean
  /** The server's sentences, by field. */
  faults: Readonly<Record<string, string>>
  onAsk: (filters: AuditFilters) => void
}

const { fields } = text
const noNames: AuditNames = []

/** The questions auditors come with, each with what it needs to be asked. */
export function QuestionForm({ isPending, faults, onAsk }: QuestionFormProps) {
  const { dates } = useSettings()
  const { data: names = noNames, error, refetch } = useAuditNames()
  const [question, setQuestion] = useState<Question>('record')
  const [typed, setTyped] = useState<Typed>({})
  const [fault, setFault] = useState<{ name: FieldName; message: string }>()

  const check = (): { name: FieldName; message: string } | undefined => {
    const missing = missingIn(question, typed, names)
    if (missing) {
      const isChosen = missing === 'application' || missing === 'table'
      const say = isChosen ? text.notChosen : text.missing
      return { name: missing, message: say(labelOf(missing, typed, names)) }
    }
    for (const name of ['from', 'until'] as const) {
      const value = typed[name] ?? ''
      const message = value.trim() === '' ? undefined : dateFault(fields[name], value, dates)
      if (message) return { name, message }
    }
    return undefined
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const found = check()
    setFault(found)
    if (found) document.getElementById(`audit-${found.name}`)?.focus()
    else onAsk(filtersOf(question, typed, names))
  }
  const change = (name: FieldName, value: string) => {
    // Another application has other tables, and another table another key.
    const { table: _table, ...withoutTable } = typed
    setTyped({ ...(name === 'application' ? withoutTable : typed), [name]: value })
    if (fault?.name === name) setFault(undefined)
  }
  const shown = fieldsOf(question, typed, names)
  const lastKey = shown.findLast(isKey)
  // A record is one field for the server and several here.
  const faultOf = (name: FieldName): string | undefined =>
    fault?.name === name ? fault.message : faults[name === lastKey ? 'record' : name]
  return (
    <form noValidate className="audit-form" onSubmit={submit}>
      <fieldset className="choices audit-form__questions">
        <legend>
          <h2>{text.questions.title}</h2>
        </legend>
        {questions.map((one) => (
          <label key={one} className="choice">
            <input
              type="radio"
              name="question"
              checked={question === one}
              onChange={() => {
                setQuestion(one)
                setFault(undefined)
              }}
            />
            <span>{text.questions[one]}</span>
          </label>
        ))}
      </fieldset>
      {error ? <ProblemNote problem={problemOf(error)} onRetry={() => void refetch()} /> : null}
      <div className="audit-form__fields">
        {shown.map((name) => (
          <QuestionField
            key={name}
            question={question}
            name={name}
            typed={typed}
            names={names}
            fault={faultOf(name)}
            onChange={(value) => change(name, value)}
          />
        ))}
      </div>
      {question === 'unusual' ? <p className="hint measure">{text.unusualHint}</p> : null}
      <p className="hint">{fields.period}</p>
      <p className="actions">
        <button type="submit" className="button button--primary" aria-disabled={isPending}>
          {isPending ? text.asking : text.ask}
        </button>
      </p>
    </form>
  )
}
