import { type FormEvent, useState } from 'react'
import { DateField } from '../../components/DateField.tsx'
import { dateFault, dateWords } from '../../lib/date-words.ts'
import { useSettings } from '../../lib/settings.ts'
import { type FieldName, fieldsOf, missingIn, type Question, questions, type Typed } from './questions.ts'
import { text } from './text.ts'

interface QuestionFormProps {
  isPending: boolean
  /** The server's sentences, by field. */
  faults: Readonly<Record<string, string>>
  onAsk: (question: Question, typed: Typed) => void
}

const { fields } = text
const hints: Partial<Record<FieldName, string>> = {
  application: fields.applicationHint,
  table: fields.tableHint,
  key: fields.keyHint,
  person: fields.personHint,
}

interface ControlProps {
  name: FieldName
  value: string
  fault: string | undefined
  onChange: (value: string) => void
}

function Control({ name, value, fault, onChange }: ControlProps) {
  const { dates } = useSettings()
  const id = `audit-${name}`
  const isDate = name === 'from' || name === 'until'
  const hint = isDate ? dateWords.hint(dates) : hints[name]
  const described = [...(hint ? [`${id}-hint`] : []), ...(fault ? [`${id}-error`] : [])].join(' ')
  const common = {
    id,
    name,
    'aria-describedby': described || undefined,
    'aria-invalid': fault ? (true as const) : undefined,
  }
  const choices = name === 'action' ? text.actions : name === 'outcome' ? text.outcomes : undefined
  return (
    <div className="field">
      <label htmlFor={id}>{fields[name]}</label>
      {hint ? (
        <p className={isDate ? 'visually-hidden' : 'hint'} id={`${id}-hint`}>
          {hint}
        </p>
      ) : null}
      {fault ? (
        <p className="field__error" id={`${id}-error`}>
          {fault}
        </p>
      ) : null}
      {isDate ? (
        <DateField {...common} label={fields[name]} value={value} onChange={onChange} />
      ) : choices ? (
        <select {...common} value={value} onChange={(event) => onChange(event.target.value)}>
          <option value="">{fields.any}</option>
          {Object.entries(choices).map(([one, label]) => (
            <option key={one} value={one}>
              {label}
            </option>
          ))}
        </select>
      ) : (
        <input
          {...common}
          type="text"
          value={value}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </div>
  )
}

/** The questions auditors come with, each with what it needs to be asked. */
export function QuestionForm({ isPending, faults, onAsk }: QuestionFormProps) {
  const { dates } = useSettings()
  const [question, setQuestion] = useState<Question>('record')
  const [typed, setTyped] = useState<Typed>({})
  const [fault, setFault] = useState<{ name: FieldName; message: string }>()

  const check = (): { name: FieldName; message: string } | undefined => {
    const missing = missingIn(question, typed)
    if (missing) return { name: missing, message: text.missing(fields[missing]) }
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
    else onAsk(question, typed)
  }
  // A record is one field for the server and two here.
  const faultOf = (name: FieldName): string | undefined =>
    fault?.name === name ? fault.message : faults[name === 'key' ? 'record' : name]
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
      <div className="audit-form__fields">
        {fieldsOf[question].map((name) => (
          <Control
            key={name}
            name={name}
            value={typed[name] ?? ''}
            fault={faultOf(name)}
            onChange={(value) => {
              setTyped({ ...typed, [name]: value })
              if (fault?.name === name) setFault(undefined)
            }}
          />
        ))}
      </div>
      <p className="hint">{fields.period}</p>
      <p className="actions">
        <button type="submit" className="button button--primary" aria-disabled={isPending}>
          {isPending ? text.asking : text.ask}
        </button>
      </p>
    </form>
  )
}
