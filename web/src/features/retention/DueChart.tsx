import { formatCount } from '../../lib/format.ts'
import { useSettings } from '../../lib/settings.ts'
import { type Calendar, formatMonth, monthName, ticksFor } from './calendar.ts'
import { text } from './text.ts'

const height = 180
const below = 34

/** How dark a domain's part is: one ink, so that colour stays free to mean a state. More than four begin again, hatched by their outline. */
const shadeOf = (at: number): string => `due-chart__part due-chart__part--${at % 4}`

/** Bars by month, a part for each domain. Placed by percent, so that words keep their size in any window. */
export function DueChart({ calendar: { domains, months } }: { calendar: Calendar }) {
  const { dates } = useSettings()
  const ticks = ticksFor(Math.max(0, ...months.map(({ total }) => total)))
  const top = ticks.at(-1) ?? 1
  const heightOf = (records: number) => (records / top) * height
  const slot = 100 / months.length
  const present = domains.filter(({ name }) => months.some(({ parts }) => parts.some(({ domain }) => domain === name)))
  return (
    <figure className="due-chart">
      <figcaption className="hint">
        {text.due.chart}. {text.due.chartHint}
      </figcaption>
      <ul className="due-chart__legend">
        {present.map(({ name, title }) => (
          <li key={name}>
            <svg width="12" height="12" aria-hidden="true">
              <rect className={shadeOf(domains.findIndex((one) => one.name === name))} width="12" height="12" />
            </svg>
            {title}
          </li>
        ))}
      </ul>
      <div className="due-chart__plot" role="img" aria-label={text.due.chart}>
        <svg className="due-chart__axis" width="48" height={height + below + 16} aria-hidden="true">
          {ticks.map((tick) => (
            <text key={tick} x="42" y={16 + height - heightOf(tick) + 4} textAnchor="end">
              {formatCount(tick)}
            </text>
          ))}
        </svg>
        <svg className="due-chart__bars" width="100%" height={height + below + 16} aria-hidden="true">
          {ticks.map((tick) => (
            <line
              key={tick}
              className={tick === 0 ? 'due-chart__base' : 'due-chart__grid'}
              x1="0"
              x2="100%"
              y1={16 + height - heightOf(tick)}
              y2={16 + height - heightOf(tick)}
            />
          ))}
          {months.map(({ month, parts, total }, at) => {
            let under = 0
            const middle = `${(at + 0.5) * slot}%`
            return (
              <g key={month}>
                {parts.map(({ domain, records }) => {
                  under += records
                  const order = domains.findIndex(({ name }) => name === domain)
                  return (
                    <rect
                      key={domain}
                      className={shadeOf(order)}
                      x={`${(at + 0.16) * slot}%`}
                      width={`${0.68 * slot}%`}
                      // A record alone must not vanish beside thousands.
                      y={16 + height - Math.max(heightOf(under), 1.5)}
                      // A hair of paper between parts, where there is room for it.
                      height={Math.max(heightOf(records) - (heightOf(records) > 3 ? 1 : 0), 1.5)}
                    >
                      <title>{text.due.of(domains[order]?.title ?? domain, records, formatMonth(month, dates))}</title>
                    </rect>
                  )
                })}
                {total > 0 ? (
                  <text
                    className="due-chart__total"
                    x={middle}
                    y={16 + height - heightOf(total) - 5}
                    textAnchor="middle"
                  >
                    {formatCount(total)}
                  </text>
                ) : null}
                <text className="due-chart__month" x={middle} y={16 + height + 16} textAnchor="middle">
                  {monthName(month)}
                </text>
                {at === 0 || month.endsWith('-01') ? (
                  <text
                    className="due-chart__year"
                    data-crowded={months[at + 1]?.month.endsWith('-01')}
                    x={middle}
                    y={16 + height + 31}
                    textAnchor="middle"
                  >
                    {month.slice(0, 4)}
                  </text>
                ) : null}
              </g>
            )
          })}
        </svg>
      </div>
    </figure>
  )
}
