import { setImmediate as othersTurn } from 'node:timers/promises'
import { MunimentError } from '@muniment/archive/errors'
import type { Person } from '@muniment/archive/identity/port'
import type { SearchList } from '../contract.ts'
import type { Acting } from '../shared/acting.ts'
import { dayOf, searchIdPattern } from '../shared/ids.ts'
import { searchesPrefix } from '../shared/keys.ts'
import { stillSees } from '../shared/record-rights.ts'
import type { SearchRecord } from '../shared/search-record.ts'
import type { Services } from '../shared/services.ts'

type Listed = SearchList['searches'][number]

/** Records that are read for one page, whoever's they are: after that the page ends where it is. */
const mostRead = 2_000
const readAtOnce = 50

/** How much of what was searched may still be seen. */
type Sees = (record: SearchRecord) => Promise<ReturnType<typeof stillSees>>

export const seesBy =
  ({ templates }: Pick<Services, 'templates'>, { rights }: Acting): Sees =>
  async (record) => {
    if (!rights.mayEnter(record.application)) return 'nothing'
    // Of templates that are gone or have a fault nobody can tell what may be seen; the other searches are listed all the same.
    const found = await templates.get(record.application).catch((error: unknown) => {
      if (error instanceof MunimentError) return undefined
      throw error
    })
    return found ? stillSees(rights, found, record) : 'nothing'
  }

/**
 * A person's searches, newest first. What may not be seen any more is left out, and not counted; of what is seen less of now, how much was
 * found is not told. Ids carry their time, so there is no index to keep: days and ids are gone through backwards.
 * Among many searches of others a page may hold fewer than asked, even none, and still have a next one.
 */
export async function listSearches(
  { store, records }: Pick<Services, 'store' | 'records'>,
  person: Person,
  { before, limit, sees, most = mostRead }: { before: string | undefined; limit: number; sees: Sees; most?: number },
): Promise<SearchList> {
  const found: Listed[] = []
  let read = 0
  let last = ''
  for await (const id of idsBackwards(store, before)) {
    // Ends between milliseconds, so that what `next` says is nobody's id and still leaves nothing out.
    if (read >= most && moment(id) !== moment(last)) return { searches: found, next: firstIdOf(last) }
    last = id
    read += 1
    if (read % readAtOnce === 0) await othersTurn()
    const entry = await records.read(id)
    if (entry?.record.person.id !== person.id) continue
    const seen = await sees(entry.record)
    if (seen === 'nothing') continue
    // One more than asked was found: there is a next page.
    if (found.length === limit) return { searches: found, next: found.at(-1)?.id ?? '' }
    found.push(listed(entry.record, seen === 'all'))
  }
  return { searches: found }
}

async function* idsBackwards(store: Services['store'], before: string | undefined): AsyncIterable<string> {
  const days = await backwards(store, searchesPrefix, /^(\d{4}-\d\d-\d\d)\/$/)
  // An id may claim any day, the far future too.
  const claimed = before === undefined ? undefined : dayOf(before)
  for (const day of days) {
    if (claimed !== undefined && !claimed.startsWith('+') && day > claimed) continue
    for (const id of await backwards(store, `${searchesPrefix}${day}/`, /^([0-9a-f-]{36})\.json$/)) {
      if (searchIdPattern.test(id) && (before === undefined || id < before)) yield id
    }
  }
}

async function backwards(store: Services['store'], folder: string, pattern: RegExp): Promise<string[]> {
  const parts: string[] = []
  for await (const name of store.names(folder)) {
    const part = pattern.exec(name)?.[1]
    if (part !== undefined) parts.push(part)
  }
  return parts.reverse()
}

/** The milliseconds that an id begins with. */
const moment = (id: string): string => id.slice(0, 14)
const firstIdOf = (id: string): string => `${moment(id)}7000-8000-000000000000`

const listed = (record: SearchRecord, counted: boolean): Listed => ({
  id: record.id,
  application: record.application,
  useCase: record.useCase,
  title: record.title,
  state: record.state,
  inputsRead: record.inputsRead,
  purpose: record.purpose,
  started: record.started,
  ...(counted && {
    rows: record.panels.reduce((sum, { outcome }) => sum + (outcome?.rows ?? 0), 0),
    ...(record.panels.some(({ outcome }) => outcome?.more) && { more: true }),
  }),
})
