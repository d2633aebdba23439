import { useEffect } from 'react'
import { useSettings } from '../lib/settings.ts'

/** How a table's width on the screen becomes the one in print: text of 8 pt for 15 px, and narrower cells. */
const shrink = 0.72
/** Width of the paper within its margins, in CSS pixels, upright and on its side. */
const widths = { A4: { upright: 672, sideways: 1001 }, letter: { upright: 695, sideways: 935 } } as const

/** Whether a table goes on its side, and how much smaller it must be so that nothing of it is cut. */
export function fitForPrint(screenWidth: number, paper: keyof typeof widths): { isWide: boolean; zoom: number } {
  const width = screenWidth * shrink
  if (width <= widths[paper].upright) return { isWide: false, zoom: 1 }
  return { isWide: true, zoom: Math.min(1, widths[paper].sideways / width) }
}

/**
 * The browser's own print command, when it does not come by the keyboard: the page as it stands, its wide tables on their side and
 * small enough. The document with every row is on the print page.
 */
export function usePlainPrint(): void {
  const { paper } = useSettings()
  useEffect(() => {
    const before = () => {
      for (const table of document.querySelectorAll<HTMLTableElement>('.panel .m-table')) {
        // A wide screen stretches a narrow table: what counts is the width it needs.
        const wrap = table.parentElement
        const isWideOnScreen = wrap?.classList.contains('is-wide') ?? false
        wrap?.classList.remove('is-wide')
        const needed =
          wrap && wrap.scrollWidth > wrap.clientWidth ? table.scrollWidth : Math.min(table.scrollWidth, 930)
        wrap?.classList.toggle('is-wide', isWideOnScreen)
        const { isWide, zoom } = fitForPrint(needed, paper)
        const panel = table.closest<HTMLElement>('.panel')
        if (panel && isWide) panel.dataset.page = 'wide'
        table.style.setProperty('--print-zoom', zoom.toFixed(3))
      }
    }
    const after = () => {
      for (const panel of document.querySelectorAll<HTMLElement>('.panel')) delete panel.dataset.page
      for (const table of document.querySelectorAll<HTMLElement>('.m-table')) table.style.removeProperty('--print-zoom')
    }
    addEventListener('beforeprint', before)
    addEventListener('afterprint', after)
    return () => {
      removeEventListener('beforeprint', before)
      removeEventListener('afterprint', after)
    }
  }, [paper])
}
