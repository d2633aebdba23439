import type { RecordView } from './port.ts'
import type { Grant } from './rules.ts'

/** `a`, `a and b`, `a, b and c`. */
export function listed(words: readonly string[], joined = 'and'): string {
  const [last = '', ...others] = [...words].reverse()
  return others.length === 0 ? last : `${others.reverse().join(', ')} ${joined} ${last}`
}

/** Why a grant does not count at a moment, or undefined where it does. */
export function whyNotNow({ from, until }: Grant, at: Date): string | undefined {
  const now = at.getTime()
  if (from !== undefined && now < Date.parse(from)) return `begins at ${from}`
  if (until !== undefined && now >= Date.parse(until)) return `ended at ${until}`
  return undefined
}

/** What is masked in the tables, table by table. */
export function masksOf({ restrictions }: RecordView, tables: readonly string[]): string[] {
  return tables.flatMap((table) => {
    const masks = restrictions.masks.filter((mask) => mask.table === table)
    const of = (kind: 'hidden' | 'partial') => masks.filter(({ mask }) => mask === kind).map(({ column }) => column)
    return [
      ...(of('hidden').length > 0 ? [`In ${table}, masked: ${listed(of('hidden'))}.`] : []),
      ...(of('partial').length > 0 ? [`In ${table}, shown by the last characters: ${listed(of('partial'))}.`] : []),
    ]
  })
}
