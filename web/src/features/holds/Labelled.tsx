import type { ReactNode } from 'react'
import { text } from './text.ts'

interface Option {
  value: string
  label: string
}

interface LabelledProps {
  id: string
  label: string
  hint?: string
  fault: string | undefined
  children: (aria: { id: string; 'aria-describedby'?: string; 'aria-invalid'?: true }) => ReactNode
}

export function Labelled({ id, label, hint, fault, children }: LabelledProps) {
  const described = [...(hint ? [`${id}-hint`] : []), ...(fault ? [`${id}-error`] : [])].join(' ')
  return (
    <div className="field" data-invalid={fault !== undefined}>
      <label htmlFor={id}>{label}</label>
      {hint ? (
        <p className="hint" id={`${id}-hint`}>
          {hint}
        </p>
      ) : null}
      {fault ? (
        <p className="field__error" id={`${id}-error`}>
          {fault}
        </p>
      ) : null}
      {children({
        id,
        ...(described && { 'aria-describedby': described }),
        ...(fault !== undefined && { 'aria-invalid': true as const }),
      })}
    </div>
  )
}

export function Choice({
  options,
  value,
  onChange,
  ...aria
}: {
  id: string
  options: readonly Option[]
  value: string
  onChange: (value: string) => void
}) {
  return (
    <select {...aria} value={value} onChange={(event) => onChange(event.target.value)}>
      <option value="">{text.scope.choose}</option>
      {options.map((one) => (
        <option key={one.value} value={one.value}>
          {one.label}
        </option>
      ))}
    </select>
  )
}
