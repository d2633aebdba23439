import type { SearchList } from '@muniment/api/contract'
import { Link } from '@tanstack/react-router'
import { useSearches } from '../../api/searches.ts'
import { useAllUseCases } from '../../api/use-cases.ts'
import { Page } from '../../components/Page.tsx'
import { ProblemNote, problemOf } from '../../components/ProblemNote.tsx'
import { formatMomentDay, isoDay } from '../../lib/format.ts'
import { useSettings } from '../../lib/settings.ts'
import { DayOfSearches } from './DayOfSearches.tsx'
import { text } from './text.ts'

type Entry = SearchList['searches'][number]

export function byDay(entries: readonly Entry[]): Array<readonly [day: string, entries: Entry[]]> {
  const days = new Map<string, Entry[]>()
  for (const entry of entries) {
    const day = isoDay(new Date(entry.started))
    days.set(day, [...(days.get(day) ?? []), entry])
  }
  return [...days]
}

export function HistoryPage() {
  const searches = useSearches()
  const { dates } = useSettings()
  const entries = searches.data?.pages.flatMap((page) => page.searches) ?? []
  const { useCases } = useAllUseCases([...new Set(entries.map((entry) => entry.application))])
  const titles = new Map(useCases.map((one) => [`${one.application}/${one.name}`, one.title]))
  const today = isoDay(new Date())
  const yesterday = isoDay(new Date(Date.now() - 86_400_000))
  const nameOf = (day: string) =>
    day === today ? text.today : day === yesterday ? text.yesterday : formatMomentDay(`${day}T12:00:00`, dates)
  return (
    <Page title={text.title} lead={text.lead} kind="wide">
      {searches.error ? (
        <ProblemNote problem={problemOf(searches.error)} onRetry={() => void searches.refetch()} />
      ) : null}
      {searches.isPending ? (
        <p className="waiting" role="status">
          {text.loading}
        </p>
      ) : null}
      {searches.isSuccess && entries.length === 0 ? (
        <div className="nothing">
          <p className="nothing__title">{text.none}</p>
          <Link to="/">{text.begin}</Link>
        </div>
      ) : null}
      {byDay(entries).map(([day, own]) => (
        <DayOfSearches key={day} title={nameOf(day)} day={day} entries={own} titles={titles} />
      ))}
      {searches.hasNextPage ? (
        <button
          type="button"
          className="button"
          aria-disabled={searches.isFetchingNextPage}
          onClick={() => void searches.fetchNextPage()}
        >
          {searches.isFetchingNextPage ? text.fetching : text.earlier}
        </button>
      ) : entries.length > 50 ? (
        <p className="hint">{text.all}</p>
      ) : null}
    </Page>
  )
}
