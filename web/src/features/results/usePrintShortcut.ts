import { useNavigate } from '@tanstack/react-router'
import { useEffect } from 'react'
import { settings } from '../../lib/settings.ts'

/** `p`, and the browser's own print command: what is printed is the whole document, not the page of rows one happens to see. */
export function usePrintShortcut(search: string): void {
  const navigate = useNavigate()
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const isCommand = (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey
      const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey
      if (event.key !== 'p' || event.defaultPrevented || !(isCommand || isPlain)) return
      if (document.querySelector('[role=dialog], [role=menu]')) return
      if (isPlain && settings.get().keys === 'off') return
      if (isPlain && event.target instanceof Element && event.target.closest('input, select, textarea')) return
      event.preventDefault()
      void navigate({ to: '/searches/$search/print', params: { search } })
    }
    document.addEventListener('keydown', onKeyDown)
    return () => document.removeEventListener('keydown', onKeyDown)
  }, [navigate, search])
}
