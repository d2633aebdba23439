import type { ObjectStore } from '@muniment/archive/store/port'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { listSearches } from '../src/history/history.ts'
import { dayOf } from '../src/shared/ids.ts'
import type { SearchRecord } from '../src/shared/search-record.ts'
import type { SearchRecords } from '../src/shared/search-records.ts'

const sees = async () => 'all' as const
const ada = { id: 'ada', name: 'Ada', groups: [] }

/** An id as UUIDv7 makes them, of a moment and with a part of its own. */
function idOf(milliseconds: number, own: number): string {
  const time = milliseconds.toString(16).padStart(12, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}-7${own.toString(16).padStart(3, '0')}-8000-000000000001`
}

const recordOf = (id: string, person: string) =>
  ({ id, person: { id: person, name: person }, panels: [], state: 'done' }) as unknown as SearchRecord

/** A store of nothing but these searches' records, with a count of how many were read. */
function holding(all: Map<string, string>) {
  const parts = {
    reads: 0,
    store: {
      async *names(folder: string) {
        const below = [...all.keys()]
          .map((id) => `searches/${dayOf(id)}/${id}.json`)
          .filter((key) => key.startsWith(folder))
        yield* [...new Set(below.map((key) => key.slice(folder.length).replace(/\/.*/, '/')))].sort()
      },
    } as unknown as ObjectStore,
    records: {
      async read(id: string) {
        parts.reads += 1
        return { record: recordOf(id, all.get(id) ?? ''), etag: '' }
      },
    } as unknown as SearchRecords,
  }
  return parts
}

it('gives every search of a person once, newest first, by pages that each read a bounded number of records', async () => {
  const start = Date.UTC(2026, 10, 22, 23, 59, 59, 990)
  const entry = fc.record({ at: fc.nat(25), own: fc.nat(4095), person: fc.constantFrom('ada', 'bob', 'cleo') })
  await fc.assert(
    fc.asyncProperty(
      fc.array(entry, { maxLength: 30 }),
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 1, max: 6 }),
      async (entries, limit, most) => {
        const all = new Map(entries.map(({ at, own, person }) => [idOf(start + at, own), person]))
        const sizes = new Map<string, number>()
        for (const id of all.keys()) sizes.set(id.slice(0, 14), (sizes.get(id.slice(0, 14)) ?? 0) + 1)
        const inOneMillisecond = Math.max(0, ...sizes.values())
        const parts = holding(all)
        const seen: string[] = []
        let before: string | undefined
        do {
          parts.reads = 0
          const page = await listSearches(parts, ada, { before, limit, most, sees })
          expect(parts.reads).toBeLessThanOrEqual(most + inOneMillisecond)
          expect(page.searches.length).toBeLessThanOrEqual(limit)
          seen.push(...page.searches.map(({ id }) => id))
          if (page.next !== undefined) expect(all.get(page.next) ?? 'ada').toBe('ada')
          before = page.next
        } while (before !== undefined)
        const hers = [...all].flatMap(([id, person]) => (person === 'ada' ? [id] : []))
        expect(seen).toEqual(hers.sort().reverse())
      },
    ),
    { numRuns: 300 },
  )
})

it('reads a page of the newest and not the day', async () => {
  const start = Date.UTC(2026, 10, 22, 12)
  const all = new Map(Array.from({ length: 300 }, (_, index) => [idOf(start + index, index), 'ada']))
  const parts = holding(all)
  const page = await listSearches(parts, ada, { before: undefined, limit: 10, sees })
  expect(page.searches.map(({ id }) => id)).toEqual([...all.keys()].reverse().slice(0, 10))
  expect(parts.reads).toBe(11)
})

it('says where there were more rows than were kept', async () => {
  const start = Date.UTC(2026, 10, 22, 12)
  const all = new Map([
    [idOf(start, 1), 'ada'],
    [idOf(start + 1, 1), 'ada'],
  ])
  const parts = holding(all)
  const read = parts.records.read
  parts.records.read = async (id: string) => {
    const entry = await read(id)
    const more = id === idOf(start, 1)
    const outcome = { state: 'done', rows: more ? 10_000 : 3, more, bytesScanned: 0, queueMs: 0, engineMs: 0 }
    return { ...entry, record: { ...entry?.record, panels: [{ outcome }] } } as unknown as typeof entry
  }
  const { searches } = await listSearches(parts, ada, { before: undefined, limit: 10, sees })
  expect(searches.map(({ rows, more }) => [rows, more])).toEqual([
    [3, undefined],
    [10_000, true],
  ])
})
