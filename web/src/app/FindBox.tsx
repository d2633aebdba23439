import { useNavigate } from '@tanstack/react-router'
import { finderText } from '../lib/finder.ts'
import { useStore } from '../lib/store.ts'
import { text } from './text.ts'

/** The frame's search field: Enter carries the words to the start page, in memory and never in the address. */
export function FindBox() {
  const words = useStore(finderText)
  const navigate = useNavigate()
  return (
    <search className="find-box">
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void navigate({ to: '/' })
        }}
      >
        <input
          type="search"
          id="find"
          aria-label={text.find}
          placeholder={text.findPlaceholder}
          aria-keyshortcuts="/"
          value={words}
          onChange={(event) => finderText.set(event.target.value)}
          autoComplete="off"
        />
        <span className="find-box__key" aria-hidden="true">
          /
        </span>
      </form>
    </search>
  )
}
