import type { ParameterDescription } from '@muniment/api/contract'
import { useRef, useState } from 'react'
import { announce } from '../../lib/announce.ts'
import { dateWords } from '../../lib/date-words.ts'
import { formatDay } from '../../lib/format.ts'
import { dayOrText } from '../../lib/read-date.ts'
import { useSettings } from '../../lib/settings.ts'
import type { ControlProps } from './Field.tsx'
import { text } from './text.ts'

interface ListControlProps extends ControlProps {
  parameter: ParameterDescription
  values: string[]
  onChange: (values: string[]) => void
}

/** Several values: Enter adds the one typed, a pasted list is taken line by line, an empty Enter searches. */
export function ListControl({ parameter, values, onChange, ...control }: ListControlProps) {
  const [typed, setTyped] = useState('')
  const field = useRef<HTMLInputElement>(null)
  const { dates } = useSettings()
  const isDate = parameter.type === 'date'
  const read = (value: string) => (isDate ? formatDay(value, dates) : value)
  const add = (text: string) => {
    const fresh = text
      .split(/[\n\r;\t]+/)
      .map((item) => (isDate ? dayOrText(item.trim()) : item.trim()))
      .filter((item) => item !== '' && !values.includes(item))
    if (fresh.length > 0) onChange([...values, ...new Set(fresh)])
    setTyped('')
  }
  return (
    <div className="list-control">
      {values.length > 0 ? (
        <ul>
          {values.map((value) => (
            <li key={value}>
              <bdi>{read(value)}</bdi>
              <button
                type="button"
                aria-label={text.remove(read(value))}
                onClick={() => {
                  onChange(values.filter((one) => one !== value))
                  announce(text.removed(read(value)))
                  field.current?.focus()
                }}
              >
                <span aria-hidden="true">×</span>
              </button>
            </li>
          ))}
        </ul>
      ) : null}
      <div className="list-control__entry">
        <input
          {...control}
          ref={field}
          type="text"
          dir="auto"
          placeholder={isDate ? dateWords.placeholder(dates) : parameter.example}
          value={typed}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => setTyped(event.target.value)}
          onBlur={() => add(typed)}
          onPaste={(event) => {
            const pasted = event.clipboardData.getData('text')
            if (!/[\n\r;\t]/.test(pasted)) return
            event.preventDefault()
            add(pasted)
          }}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || typed.trim() === '') return
            event.preventDefault()
            add(typed)
          }}
        />
        <button type="button" className="button" onClick={() => add(typed)}>
          {text.add}
        </button>
      </div>
    </div>
  )
}
