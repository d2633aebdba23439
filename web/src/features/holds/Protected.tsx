import type { HoldView } from '@muniment/api/contract'
import { TableHead } from '../../components/TableHead.tsx'
import { formatCount } from '../../lib/format.ts'
import { text } from './text.ts'

const words = text.page

/** Rows by table, those of whole tables said as such. */
export function Protected({ label, tables }: { label: string; tables: HoldView['protects'] }) {
  return (
    <table className="m-table protects" aria-label={label}>
      <TableHead columns={[words.columns.table, { label: words.columns.rows, isNumber: true }]} />
      <tbody>
        {tables.map(({ table, title, rows, all }) => (
          <tr key={table}>
            <th scope="row">{title}</th>
            <td className="is-num">{all ? words.all : formatCount(rows)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
