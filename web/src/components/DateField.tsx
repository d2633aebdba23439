import { useRef, useState } from 'react'
import { announce } from '../lib/announce.ts'
import { dateWords } from '../lib/date-words.ts'
import { formatDay } from '../lib/format.ts'
import { dayOrText, isCalendarDate } from '../lib/read-date.ts'
import { useSettings } from '../lib/settings.ts'

interface DateFieldProps {
  id: string
  name: string
  label: string
  /** An ISO day, or what was typed where it is none. */
  value: string
  onChange: (value: string) => void
  'aria-describedby'?: string | undefined
  'aria-invalid'?: boolean | undefined
  'aria-required'?: boolean | undefined
}

const hasPicker = 'showPicker' in HTMLInputElement.prototype

/**
 * A date as one writes it, with the browser's calendar beside it. A native date field alone shows the browser's order of day and
 * month, which may be another than the product's. Left, it reads back what was understood.
 */
export function DateField({ label, value, onChange, ...control }: DateFieldProps) {
  const { dates } = useSettings()
  const [typed, setTyped] = useState<string>()
  const calendar = useRef<HTMLInputElement>(null)
  const day = isCalendarDate(value) ? value : ''
  const openCalendar = () => calendar.current?.showPicker()
  return (
    <span className="date-field">
      <input
        {...control}
        type="text"
        placeholder={dateWords.placeholder(dates)}
        value={typed ?? formatDay(value, dates)}
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        onChange={(event) => {
          setTyped(event.target.value)
          onChange(dayOrText(event.target.value))
        }}
        onBlur={() => {
          const read = formatDay(value, dates)
          if (typed !== undefined && day && typed.trim() !== read) announce(dateWords.readAs(read))
          setTyped(undefined)
        }}
        onKeyDown={(event) => {
          if (event.key !== 'ArrowDown' || !event.altKey || !hasPicker) return
          event.preventDefault()
          openCalendar()
        }}
      />
      {hasPicker ? (
        <>
          <button
            type="button"
            className="date-field__open"
            aria-label={dateWords.calendar(label)}
            onClick={openCalendar}
          >
            <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
              <path d="M2.500 4h11v9.500h-11zM2.500 7h11M5.500 2v3M10.500 2v3" />
            </svg>
          </button>
          {/* Holds the place where the browser's calendar opens; the field before it is the one to type in. */}
          <input
            ref={calendar}
            type="date"
            className="date-field__calendar"
            tabIndex={-1}
            aria-hidden="true"
            min="0001-01-01"
            max="9999-12-31"
            value={day}
            onChange={(event) => {
              if (!event.target.value) return
              setTyped(undefined)
              onChange(event.target.value)
              document.getElementById(control.id)?.focus()
            }}
          />
        </>
      ) : null}
    </span>
  )
}
