import { TableHead } from '../../components/TableHead.tsx'
import { WideTable } from '../../components/WideTable.tsx'
import { formatCount } from '../../lib/format.ts'
import { useSettings } from '../../lib/settings.ts'
import { type Calendar, formatMonth, type Month } from './calendar.ts'
import { text } from './text.ts'

const words = text.due

/** What the chart shows, in figures, with what is due already and what comes after it. */
export function MonthTable({ calendar: { domains, overdue, months, later } }: { calendar: Calendar }) {
  const { dates } = useSettings()
  const row = (label: string, { month, parts, total }: Month) => (
    <tr key={month}>
      <th scope="row">{label}</th>
      {domains.map(({ name }) => {
        const records = parts.find(({ domain }) => domain === name)?.records ?? 0
        return (
          <td key={name} className="is-num" data-none={records === 0}>
            {formatCount(records)}
          </td>
        )
      })}
      <td className="is-num">{formatCount(total)}</td>
    </tr>
  )
  return (
    <WideTable label={words.months}>
      <table className="m-table retention-table">
        <TableHead
          columns={[
            words.month,
            ...domains.map(({ title }) => ({ label: title, isNumber: true })),
            { label: words.all, isNumber: true },
          ]}
        />
        <tbody>
          {row(words.overdue, overdue)}
          {months.map((month) => row(formatMonth(month.month, dates), month))}
          {later ? row(words.later, later) : null}
        </tbody>
      </table>
    </WideTable>
  )
}
