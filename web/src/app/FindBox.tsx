import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { finderText } from '../lib/finder.ts'
import { text } from './text.ts'

/** The frame's search field: Enter carries the words to the start page, in memory and never in the address. */
export function FindBox() {
  const [words, setWords] = useState('')
  const navigate = useNavigate()
  return (
    <search className="find-box">
      <form
        onSubmit={(event) => {
          event.preventDefault()
          finderText.set(words)
          setWords('')
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
          onChange={(event) => setWords(event.target.value)}
          autoComplete="off"
        />
        <span className="find-box__key" aria-hidden="true">
          /
        </span>
      </form>
    </search>
  )
}
