import type { ParameterDescription } from '@muniment/api/contract'
import type { ReactNode } from 'react'
import { DateField } from '../../components/DateField.tsx'
import { dateWords } from '../../lib/date-words.ts'
import { useSettings } from '../../lib/settings.ts'
import { ListControl } from './ListControl.tsx'
import { SeveralOf } from './SeveralOf.tsx'
import { text } from './text.ts'

interface FieldProps {
  parameter: ParameterDescription
  value: string | string[] | undefined
  error: string | undefined
  /** Where no field must be filled, saying so of each is noise. */
  saysOptional: boolean
  onChange: (value: string | string[]) => void
}

/** Of more choices than this a person is not shown all at once. */
const atAGlance = 4

export interface ControlProps {
  id: string
  name: string
  'aria-describedby': string | undefined
  'aria-invalid': boolean | undefined
  'aria-required': boolean | undefined
}

/** How wide the answer probably is, as a hint of what is expected. */
function widthOf(parameter: ParameterDescription): 'short' | 'medium' | 'full' {
  if (parameter.type === 'integer' || parameter.type === 'decimal') return 'short'
  const length = Math.max(parameter.example?.length ?? 0, parameter.pattern ? 12 : 0)
  if (length > 0 && length <= 12) return 'short'
  return length > 0 && length <= 24 ? 'medium' : 'full'
}

function Control({
  parameter,
  value,
  onChange,
  ...control
}: Omit<FieldProps, 'error' | 'saysOptional'> & ControlProps) {
  const single = Array.isArray(value) ? (value[0] ?? '') : (value ?? '')
  const options =
    parameter.type === 'boolean'
      ? [
          { value: 'true', label: text.yes },
          { value: 'false', label: text.no },
        ]
      : parameter.options
  if (options) {
    return (
      <select {...control} value={single} onChange={(event) => onChange(event.target.value)}>
        {parameter.required && single !== '' ? null : <option value="">{parameter.required ? '' : text.any}</option>}
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    )
  }
  if (parameter.type === 'date') {
    return <DateField {...control} label={parameter.label} value={single} onChange={onChange} />
  }
  const isNumber = parameter.type === 'integer' || parameter.type === 'decimal'
  return (
    <input
      {...control}
      type="text"
      {...(isNumber ? { inputMode: parameter.type === 'integer' ? ('numeric' as const) : ('decimal' as const) } : {})}
      dir="auto"
      placeholder={parameter.example}
      value={single}
      onChange={(event) => onChange(event.target.value)}
      autoComplete="off"
      autoCapitalize="off"
      spellCheck={false}
      data-width={widthOf(parameter)}
    />
  )
}

/** What is typed, and behind it what it is counted in. */
function WithUnit({ id, unit, children }: { id: string | undefined; unit: string | undefined; children: ReactNode }) {
  if (unit === undefined) return children
  return (
    <div className="field__measured">
      {children}
      <span className="field__unit" id={id}>
        {unit}
      </span>
    </div>
  )
}

export function Field({ parameter, value, error, saysOptional, onChange }: FieldProps) {
  const id = `field-${parameter.name}`
  const { dates } = useSettings()
  const isOfCodes = parameter.list && parameter.options !== undefined
  const isLong = (parameter.options?.length ?? 0) > atAGlance
  const isGroup = isOfCodes && !isLong
  const hint = [
    ...(parameter.hint ? [parameter.hint] : []),
    ...(parameter.type === 'date' && !parameter.options ? [dateWords.hint(dates)] : []),
    ...(parameter.list && !isOfCodes ? [text.listHint] : []),
  ].join(' ')
  const hintId = hint ? `${id}-hint` : undefined
  const errorId = error ? `${id}-error` : undefined
  const unitId = parameter.unit === undefined ? undefined : `${id}-unit`
  const described = [errorId, unitId, hintId].filter((one) => one !== undefined).join(' ') || undefined
  const label = (
    <>
      {parameter.label}
      {parameter.required || !saysOptional ? null : <span className="field__optional"> {text.optional}</span>}
    </>
  )
  const around = (
    <>
      {hintId ? (
        <p className="hint" id={hintId}>
          {hint}
        </p>
      ) : null}
      {error ? (
        <p className="field__error" id={errorId}>
          {error}
        </p>
      ) : null}
    </>
  )
  const control: ControlProps = {
    id,
    name: parameter.name,
    'aria-describedby': described,
    'aria-invalid': error ? true : undefined,
    'aria-required': parameter.required ? true : undefined,
  }
  const values = Array.isArray(value) ? value : value ? [value] : []
  if (isGroup) {
    return (
      <fieldset
        className="field choices choices--columns"
        data-invalid={error !== undefined}
        aria-describedby={described}
      >
        <legend>{label}</legend>
        {around}
        {parameter.options?.map((option, position) => (
          <label key={option.value} className="choice">
            <input
              type="checkbox"
              id={position === 0 ? id : undefined}
              name={parameter.name}
              value={option.value}
              checked={values.includes(option.value)}
              onChange={(event) =>
                onChange(
                  event.target.checked ? [...values, option.value] : values.filter((one) => one !== option.value),
                )
              }
            />
            <span>{option.label}</span>
          </label>
        ))}
      </fieldset>
    )
  }
  return (
    <div className="field" data-invalid={error !== undefined}>
      <label htmlFor={id} id={`${id}-label`}>
        {label}
      </label>
      {around}
      <WithUnit id={unitId} unit={parameter.unit}>
        {isOfCodes ? (
          <SeveralOf {...control} options={parameter.options ?? []} values={values} onChange={onChange} />
        ) : parameter.list ? (
          <ListControl {...control} parameter={parameter} values={values} onChange={onChange} />
        ) : (
          <Control {...control} parameter={parameter} value={value} onChange={onChange} />
        )}
      </WithUnit>
    </div>
  )
}
