const UNITS = [
  ['Y', 'year'],
  ['M', 'month'],
  ['W', 'week'],
  ['D', 'day'],
] as const

/** "1 year and 6 months" of P1Y6M; "no time" of P0D. */
export function periodWords(period: string): string {
  const parts = UNITS.flatMap(([letter, unit]) => {
    const number = Number(new RegExp(`(\\d+)${letter}`).exec(period)?.[1] ?? 0)
    return number === 0 ? [] : [`${number} ${unit}${number === 1 ? '' : 's'}`]
  })
  if (parts.length === 0) return 'no time'
  const last = parts.pop() ?? ''
  return parts.length === 0 ? last : `${parts.join(', ')} and ${last}`
}
