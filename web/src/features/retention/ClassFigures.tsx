import type { DueCalendar } from '@muniment/api/contract'
import { TableHead } from '../../components/TableHead.tsx'
import { WideTable } from '../../components/WideTable.tsx'
import { formatCount } from '../../lib/format.ts'
import { text } from './text.ts'

const words = text.due
const figures = ['due', 'held', 'kept', 'review', 'undated', 'conflict'] as const

/** One domain's classes: what is due, what stays although it is, and why. */
export function ClassFigures({ title, classes }: { title: string; classes: DueCalendar['classes'] }) {
  const reasons = classes.flatMap((one) => one.reasons.map((reason) => ({ title: one.title, ...reason })))
  return (
    <>
      <WideTable label={words.table(title)}>
        <table className="m-table retention-table">
          <TableHead
            columns={[
              words.columns.class,
              ...figures.map((figure) => ({ label: words.columns[figure], isNumber: true })),
            ]}
          />
          <tbody>
            {classes.map((one) => (
              <tr key={one.class}>
                <th scope="row">{one.title}</th>
                {figures.map((figure) => (
                  <td key={figure} className="is-num" data-none={one[figure] === 0} data-figure={figure}>
                    {formatCount(one[figure])}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </WideTable>
      {reasons.length > 0 ? (
        <details className="reason">
          <summary>{words.why}</summary>
          <ul className="sentences">
            {reasons.map(({ title, why, records }) => (
              <li key={`${title} ${why}`}>{words.whyOf(title, why, records)}</li>
            ))}
          </ul>
        </details>
      ) : null}
    </>
  )
}
