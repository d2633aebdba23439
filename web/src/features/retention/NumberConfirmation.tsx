import { type FormEvent, useId, useState } from 'react'
import { ProblemNote, problemOf } from '../../components/ProblemNote.tsx'
import { readTypedCount } from '../../lib/typed-count.ts'

interface NumberConfirmationProps {
  label: string
  /** What is to be typed. */
  expected: number
  /** Said of any other number. */
  wrong: string
  /** `destroy`, unless told. */
  tone?: 'destroy' | 'primary'
  button: string
  pending: string
  isPending: boolean
  error: unknown
  onConfirm: () => void
}

/** Nothing goes on until the number that was read is typed: no slip of the hand has it. */
export function NumberConfirmation({
  label,
  expected,
  wrong,
  tone = 'destroy',
  button,
  pending,
  isPending,
  error,
  onConfirm,
}: NumberConfirmationProps) {
  const id = useId()
  const [typed, setTyped] = useState('')
  const [isWrong, setIsWrong] = useState(false)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (isPending) return
    const isRight = readTypedCount(typed) === expected
    setIsWrong(!isRight)
    if (isRight) onConfirm()
    else document.getElementById(id)?.focus()
  }
  return (
    <form noValidate className="field" onSubmit={submit}>
      <label htmlFor={id}>{label}</label>
      {isWrong ? (
        <p className="field__error" id={`${id}-error`}>
          {wrong}
        </p>
      ) : null}
      <p className="toolbar">
        <input
          id={id}
          type="text"
          inputMode="numeric"
          size={12}
          value={typed}
          autoComplete="off"
          aria-invalid={isWrong || undefined}
          aria-describedby={isWrong ? `${id}-error` : undefined}
          onChange={(event) => {
            setTyped(event.target.value)
            setIsWrong(false)
          }}
        />
        <button type="submit" className={`button button--${tone}`} aria-disabled={isPending}>
          {isPending ? pending : button}
        </button>
      </p>
      {error ? <ProblemNote problem={problemOf(error)} /> : null}
    </form>
  )
}
