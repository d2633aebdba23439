import { useNavigate } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { askForPurpose, purposeQuestion } from '../lib/purpose.ts'
import { settings } from '../lib/settings.ts'

/** Single keys stay letters wherever somebody types. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement)
    return true
  return target instanceof HTMLInputElement && !['checkbox', 'radio', 'button', 'submit'].includes(target.type)
}

/** In the empty search field `/` asks for where one is already; after other letters it is one of them. */
export const isFindKeyInFinder = (event: Pick<KeyboardEvent, 'key' | 'target'>): boolean =>
  event.key === '/' &&
  event.target instanceof HTMLInputElement &&
  event.target.id === 'find' &&
  event.target.value === ''

export function useShortcuts({ showKeys }: { showKeys: () => void }): void {
  const navigate = useNavigate()
  const show = useRef(showKeys)
  show.current = showKeys
  useEffect(() => {
    let beforeG = 0
    // A narrow window has no search field in its frame; the start page has one always, and it takes the focus.
    const find = () => {
      const field = document.getElementById('find')
      if (field?.checkVisibility()) field.focus()
      else return navigate({ to: '/' })
    }
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return
      if (settings.get().keys === 'off') return
      if (isFindKeyInFinder(event)) return event.preventDefault()
      if (isTyping(event.target)) return
      if (purposeQuestion.get() || document.querySelector('[role=dialog]')) return
      const afterG = performance.now() - beforeG < 1_000
      beforeG = 0
      const run = (action: () => void) => {
        event.preventDefault()
        action()
      }
      if (event.key === '/') run(() => void find())
      else if (event.key === '?') run(() => show.current())
      else if (afterG && event.key === 's') run(() => void navigate({ to: '/searches' }))
      else if (afterG && event.key === 'm') run(() => void navigate({ to: '/model' }))
      else if (event.key === 'g') beforeG = performance.now()
      else if (event.key === 'w') run(() => void askForPurpose(false))
    }
    document.addEventListener('keydown', onKeyDown)
    return () => document.removeEventListener('keydown', onKeyDown)
  }, [navigate])
}
