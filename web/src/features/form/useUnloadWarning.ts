import { useEffect } from 'react'

/**
 * Has the browser ask before a reload or a closed tab loses what was typed. It is kept in memory only, on purpose: it is personal
 * data, and a browser's storage outlives the person's turn at the desk.
 */
export function useUnloadWarning(isUnsent: boolean): void {
  useEffect(() => {
    if (!isUnsent) return
    const ask = (event: BeforeUnloadEvent) => event.preventDefault()
    addEventListener('beforeunload', ask)
    return () => removeEventListener('beforeunload', ask)
  }, [isUnsent])
}
