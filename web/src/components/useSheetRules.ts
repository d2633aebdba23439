import { useEffect } from 'react'
import { type SheetWords, sheetRules } from '../lib/page-rules.ts'
import { useSettings } from '../lib/settings.ts'

/** Gives every printed page what stands in its corners, while what it is about is on the screen. */
export function useSheetRules({ head, aside, foot }: SheetWords): void {
  const { paper } = useSettings()
  useEffect(() => {
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(sheetRules(paper, { head, aside, foot }))
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet]
    return () => {
      document.adoptedStyleSheets = document.adoptedStyleSheets.filter((one) => one !== sheet)
    }
  }, [paper, head, aside, foot])
}
