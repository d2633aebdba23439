import { useRouter } from '@tanstack/react-router'
import { useEffect } from 'react'

/**
 * After a navigation the page's heading takes the focus, so that a keyboard or a screen reader goes on from there. The start
 * page's field takes it by itself; a page that is still loading gives it to its heading when that appears.
 */
export function useFocusOnNavigation(): void {
  const router = useRouter()
  useEffect(() => {
    let observer: MutationObserver | undefined
    const stop = router.subscribe('onResolved', ({ pathChanged, fromLocation }) => {
      observer?.disconnect()
      if (!pathChanged || !fromLocation) return
      const focusHeading = (): boolean => {
        const heading = document.querySelector<HTMLElement>('main h1')
        if (!heading) return false
        if (heading.dataset.focus !== 'elsewhere') {
          heading.tabIndex = -1
          heading.focus({ preventScroll: true })
        }
        return true
      }
      if (focusHeading()) return
      observer = new MutationObserver(() => {
        if (focusHeading()) observer?.disconnect()
      })
      observer.observe(document.getElementById('content') ?? document.body, { childList: true, subtree: true })
    })
    return () => {
      stop()
      observer?.disconnect()
    }
  }, [router])
}
