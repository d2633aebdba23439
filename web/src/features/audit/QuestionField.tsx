import type { AuditNames } from '@muniment/api/contract'
import { DateField } from '../../components/DateField.tsx'
import { dateWords } from '../../lib/date-words.ts'
import { useSettings } from '../../lib/settings.ts'
import { applicationOf, type FieldName, isKey, keyLabel, type Question, type Typed, tablesOf } from './questions.ts'
import { text } from './text.ts'

const { fields } = text

interface QuestionFieldProps {
  question: Question
  name: FieldName
  typed: Typed
  names: AuditNames
  fault: string | undefined
  onChange: (value: string) => void
}

type Choices = { none: string; options: readonly (readonly [string, string])[] }

export const labelOf = (name: FieldName, typed: Typed, names: AuditNames): string =>
  isKey(name) ? keyLabel(name, typed, names) : fields[name]

function choicesOf(question: Question, name: FieldName, typed: Typed, names: AuditNames): Choices | undefined {
  if (name === 'action') return { none: fields.any, options: Object.entries(text.actions) }
  if (name === 'outcome') return { none: fields.any, options: Object.entries(text.outcomes) }
  if (name === 'application')
    return {
      none: question === 'record' ? fields.choose : fields.any,
      options: names.map(({ name, title }) => [name, title]),
    }
  if (name !== 'table') return undefined
  const tables = tablesOf(typed, names).map(({ name, title }) => [name, title] as const)
  return { none: fields.choose, options: tables.sort(([, left], [, right]) => left.localeCompare(right)) }
}

/** What auditors may not read they need not know by heart: tables and the columns of their keys are chosen by name. */
export function QuestionField({ question, name, typed, names, fault, onChange }: QuestionFieldProps) {
  const { dates } = useSettings()
  const id = `audit-${name}`
  const isDate = name === 'from' || name === 'until'
  const hint = isDate ? dateWords.hint(dates) : name === 'person' ? fields.personHint : undefined
  const described = [...(hint ? [`${id}-hint`] : []), ...(fault ? [`${id}-error`] : [])].join(' ')
  const label = labelOf(name, typed, names)
  const common = {
    id,
    name,
    'aria-describedby': described || undefined,
    'aria-invalid': fault ? (true as const) : undefined,
  }
  const choices = choicesOf(question, name, typed, names)
  const isNeeded = name === 'application' && question === 'record'
  const value = isNeeded ? applicationOf(typed, names) : (typed[name] ?? '')
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
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
        <DateField {...common} label={label} value={value} onChange={onChange} />
      ) : choices ? (
        <select {...common} value={value} onChange={(event) => onChange(event.target.value)}>
          <option value="">{choices.none}</option>
          {choices.options.map(([one, words]) => (
            <option key={one} value={one}>
              {words}
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
