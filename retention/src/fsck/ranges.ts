import type { RowRanges } from '../run/types.ts'

export const rowsIn = (ranges: RowRanges): number => ranges.reduce((sum, [, many]) => sum + many, 0)

/** Sorted, touching ones joined; `twice` says that some row is in two of them. */
export function joined(ranges: RowRanges): { ranges: RowRanges; twice: boolean } {
  const sorted = ranges.toSorted(([one], [other]) => one - other)
  const result: RowRanges = []
  let twice = false
  for (const [from, many] of sorted) {
    const last = result.at(-1)
    const end = last ? last[0] + last[1] : -1
    if (last && from <= end) {
      twice ||= from < end
      last[1] = Math.max(end, from + many) - last[0]
    } else result.push([from, many])
  }
  return { ranges: result, twice }
}

export const equalRanges = (one: RowRanges, other: RowRanges): boolean =>
  JSON.stringify(joined(one).ranges) === JSON.stringify(joined(other).ranges)

export function toRanges(rows: Iterable<number>): RowRanges {
  const each: RowRanges = []
  for (const row of rows) each.push([row, 1])
  return joined(each).ranges
}
