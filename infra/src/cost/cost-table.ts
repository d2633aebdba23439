import { prices } from '../prices.ts'
import type { CostItem, Expected } from './estimate-cost.ts'
import { totalsOf } from './estimate-cost.ts'

export const dollars = (usd: number): string => {
  if (usd > 0 && usd < 0.005) return 'under $0.01'
  const digits = usd >= 1000 ? 0 : 2
  return `$${usd.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits })}`
}

const heads: Record<CostItem['when'], string> = {
  always: 'while nobody searches, a month',
  searching: 'on top while people search, a month',
  once: 'once, over the whole time',
}

const kinds = ['always', 'searching', 'once'] as const

/** For docs/cost.md. */
export function costMarkdown(items: readonly CostItem[], expected: Expected): string {
  const rows = (when: CostItem['when']) =>
    items.filter((one) => one.when === when).map(({ name, usd, sum }) => `| ${name} | ${dollars(usd)} | ${sum} |`)
  const totals = totalsOf(items, expected.retentionYears)
  const of = { always: totals.alwaysPerMonth, searching: totals.searchingPerMonth, once: totals.once }
  return [
    ...kinds.flatMap((when) => [
      `| ${heads[when]} | US$ | worked out as |`,
      '|---|---|---|',
      ...rows(when),
      `| **together** | **${dollars(of[when])}** | |`,
      '',
    ]),
    `Over ${expected.retentionYears} years: **${dollars(totals.wholeTime)}**.`,
  ].join('\n')
}

/** For a terminal. */
export function costLines(items: readonly CostItem[], expected: Expected): string[] {
  const totals = totalsOf(items, expected.retentionYears)
  const of = { always: totals.alwaysPerMonth, searching: totals.searchingPerMonth, once: totals.once }
  const line = (name: string, usd: number) => `  ${name.padEnd(58)}${dollars(usd).padStart(12)}`
  const { recordsGb, searchesPerMonth, people, retentionYears } = expected
  return [
    `What it will cost, for ${recordsGb} GB of records, ${searchesPerMonth.toLocaleString('en')} searches a month by ${people} people, kept ${retentionYears} years:`,
    ...kinds.flatMap((when) => [
      ` ${heads[when]}`,
      ...items.filter((one) => one.when === when).map(({ name, usd }) => line(name, usd)),
      line('together', of[when]),
    ]),
    line(`in all, over ${retentionYears} years`, totals.wholeTime),
    `  Prices of ${prices.region}, ${prices.asOf}${prices.confirmed ? '' : ', to be confirmed'}; no free tiers, taxes or discounts. How it is worked out: docs/cost.md.`,
  ]
}
