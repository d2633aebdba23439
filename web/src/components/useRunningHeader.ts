import type { Search } from '@muniment/api/contract'
import { useEffect } from 'react'
import { useTitleOfUseCase } from '../api/use-cases.ts'
import { formatMoment } from '../lib/format.ts'
import { pageRules } from '../lib/page-rules.ts'
import { readAsOf, readTitleDate, titleInputs } from '../lib/search-words.ts'
import { useSettings } from '../lib/settings.ts'

/** Gives every printed page its record, dates, search, person and number, while this search is on the screen. */
export function useRunningHeader(search: Search | undefined): void {
  const { dates, paper } = useSettings()
  const title = useTitleOfUseCase(search)
  useEffect(() => {
    if (!search) return
    const record = search.record ? `${search.record.kind} ${search.record.number}` : title
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(
      pageRules({
        paper,
        record,
        asOf:
          search.kind === 'file' ? readTitleDate(titleInputs(search), dates) : (readAsOf(search.inputs, dates) ?? ''),
        search: search.id,
        person: search.person,
        moment: formatMoment(search.started, dates),
      }),
    )
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet]
    return () => {
      document.adoptedStyleSheets = document.adoptedStyleSheets.filter((one) => one !== sheet)
    }
  }, [search, title, dates, paper])
}
