import { useEffect, useRef } from 'react'
import { text } from './text.ts'

interface ErrorSummaryProps {
  /** Id of the field to its sentence; an empty id stands for the whole form. */
  errors: ReadonlyArray<{ field: string; message: string }>
  /** Changes with every attempt, so that a second failed one takes the focus again. */
  attempt: number
  /** Of what cannot be done yet; a search, unless told. */
  title?: string
}

export function ErrorSummary({ errors, attempt, title = text.errorSummary }: ErrorSummaryProps) {
  const box = useRef<HTMLDivElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the attempt is what the focus follows
  useEffect(() => box.current?.focus(), [attempt])
  if (errors.length === 0) return null
  return (
    <div className="error-summary" ref={box} tabIndex={-1} role="alert" aria-labelledby="error-summary">
      <h2 id="error-summary">{title}</h2>
      <ul>
        {errors.map(({ field, message }) => (
          <li key={`${field} ${message}`}>
            {field ? (
              <a
                href={`#${field}`}
                onClick={(event) => {
                  event.preventDefault()
                  document.getElementById(field)?.focus()
                }}
              >
                {message}
              </a>
            ) : (
              message
            )}
          </li>
        ))}
      </ul>
    </div>
  )
}
