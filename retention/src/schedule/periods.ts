/** A period of ISO 8601 as it is reckoned: years are twelve months, weeks are seven days. */
export interface Reckoned {
  months: number
  days: number
}

export function reckoned(period: string): Reckoned {
  const found = /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?$/.exec(period)
  if (!found) throw new TypeError(`"${period}" is no period.`)
  const [years = 0, months = 0, weeks = 0, days = 0] = found.slice(1).map((part) => Number(part ?? 0))
  return { months: years * 12 + months, days: weeks * 7 + days }
}
