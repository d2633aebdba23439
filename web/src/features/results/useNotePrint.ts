import { useEffect } from 'react'
import { notePrint } from '../../api/log-print.ts'

/** The browser's own print command prints the page as it stands, past the document: it is noted when it begins. */
export function useNotePrint(search: string, isShown: boolean): void {
  useEffect(() => {
    if (!isShown) return
    const note = () => notePrint(search)
    addEventListener('beforeprint', note)
    return () => removeEventListener('beforeprint', note)
  }, [search, isShown])
}
