import type { DueCalendar } from '@muniment/api/contract'

export interface Part {
  domain: string
  records: number
}

export interface Month {
  /** `2026-12`, `overdue` or `later`. */
  month: string
  /** In the order of the domains, those without records left out. */
  parts: Part[]
  total: number
}

export interface Calendar {
  domains: { name: string; title: string }[]
  overdue: Month
  /** Twelve at least, without gaps. */
  months: Month[]
  /** Absent where nobody looked that far. */
  later: Month | undefined
  /** Records that fall due in `months`. */
  coming: number
}

const isMonth = (month: string): boolean => /^\d{4}-\d{2}$/.test(month)

/** The month so many months after another. */
export function monthAfter(month: string, by: number): string {
  const [year = 0, number = 1] = month.split('-').map(Number)
  const months = year * 12 + (number - 1) + by
  return `${String(Math.floor(months / 12)).padStart(4, '0')}-${String((months % 12) + 1).padStart(2, '0')}`
}

/** Figures by month and domain, as a chart and a table show them. */
export function readCalendar({ asOf, months, classes }: Pick<DueCalendar, 'asOf' | 'months' | 'classes'>): Calendar {
  const titles = new Map(classes.map(({ domain, domainTitle }) => [domain, domainTitle]))
  for (const { domain } of months) if (!titles.has(domain)) titles.set(domain, domain)
  const domains = [...titles].map(([name, title]) => ({ name, title }))

  const monthOf = (month: string): Month => {
    const own = months.filter((one) => one.month === month)
    const parts = domains.flatMap(({ name }) => {
      const records = own.reduce((sum, one) => (one.domain === name ? sum + one.records : sum), 0)
      return records > 0 ? [{ domain: name, records }] : []
    })
    return { month, parts, total: parts.reduce((sum, { records }) => sum + records, 0) }
  }

  const named = months.flatMap(({ month }) => (isMonth(month) ? [month] : [])).sort()
  // The months to come after this one; of this one only what is told, and none that nobody looked at.
  const month = asOf.slice(0, 7)
  const first = [monthAfter(month, 1), ...named].sort()[0] ?? month
  const last = [monthAfter(month, 12), ...named].sort().at(-1) ?? month
  const shown: Month[] = []
  for (let month = first; month <= last; month = monthAfter(month, 1)) shown.push(monthOf(month))
  return {
    domains,
    overdue: monthOf('overdue'),
    months: shown,
    later: months.some(({ month }) => month === 'later') ? monthOf('later') : undefined,
    coming: shown.reduce((sum, { total }) => sum + total, 0),
  }
}

/** Round numbers from 0 to the first that no bar exceeds: four to six of them, whole. */
export function ticksFor(most: number): number[] {
  if (most <= 0) return [0, 1]
  const rough = most / 4
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = Math.max(
    1,
    [1, 2, 2.5, 5, 10].map((one) => one * power).find((one) => one >= rough && Number.isInteger(one)) ?? 10 * power,
  )
  const ticks = [0]
  while ((ticks.at(-1) ?? 0) < most) ticks.push((ticks.at(-1) ?? 0) + step)
  return ticks
}

const names = new Intl.DateTimeFormat('en-GB', { month: 'short', timeZone: 'UTC' })

/** `Dec`, of `2026-12`. */
export const monthName = (month: string): string => names.format(new Date(`${month}-01T00:00:00Z`)).slice(0, 3)

/** A month in the person's style: `Dec 2026`, or as it is. */
export const formatMonth = (month: string, style: 'long' | 'iso'): string =>
  style === 'iso' ? month : `${monthName(month)} ${month.slice(0, 4)}`
