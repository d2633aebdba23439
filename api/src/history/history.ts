import type { Person } from '@muniment/archive/identity/port'
import type { SearchList } from '../contract.ts'
import { dayOf, searchIdPattern } from '../shared/ids.ts'
import { searchesPrefix } from '../shared/keys.ts'
import type { SearchRecord } from '../shared/search-record.ts'
import type { Services } from '../shared/services.ts'

type Listed = SearchList['searches'][number]

const dayMs = 86_400_000

/** A person's searches, newest first. Days are looked through backwards: ids carry their day, so there is no index to keep. */
export async function listSearches(
  { store, records, clock }: Services,
  person: Person,
  { before, limit }: { before: string | undefined; limit: number },
): Promise<SearchList> {
  const found: Listed[] = []
  const first = await earliestDay(store)
  if (!first) return { searches: [] }
  const today = clock().toISOString().slice(0, 10)
  // An id may claim any day, the far future too.
  const claimed = before ? dayOf(before) : today
  const last = claimed.startsWith('+') || claimed > today ? today : claimed
  for (let day = last; day >= first; day = dayBefore(day)) {
    for (const id of await idsOf(store, day)) {
      if (before && id >= before) continue
      const entry = await records.read(id)
      if (entry?.record.person.id !== person.id) continue
      // One more than asked was found: there is a next page.
      if (found.length === limit) return { searches: found, next: found.at(-1)?.id ?? '' }
      found.push(listed(entry.record))
    }
  }
  return { searches: found }
}

async function earliestDay(store: Services['store']): Promise<string | undefined> {
  for await (const { key } of store.list(searchesPrefix)) return key.split('/')[1]
  return undefined
}

async function idsOf(store: Services['store'], day: string): Promise<string[]> {
  const ids: string[] = []
  for await (const { key } of store.list(`${searchesPrefix}${day}/`)) {
    const id = key.slice(searchesPrefix.length + day.length + 1, -'.json'.length)
    if (searchIdPattern.test(id)) ids.push(id)
  }
  return ids.reverse()
}

const dayBefore = (day: string): string => new Date(Date.parse(day) - dayMs).toISOString().slice(0, 10)

const listed = (record: SearchRecord): Listed => ({
  id: record.id,
  application: record.application,
  useCase: record.useCase,
  title: record.title,
  state: record.state,
  inputsRead: record.inputsRead,
  purpose: record.purpose,
  started: record.started,
  rows: record.panels.reduce((sum, { outcome }) => sum + (outcome?.rows ?? 0), 0),
})
