import type { PlacedHold } from '@muniment/api/contract'
import { Link } from '@tanstack/react-router'
import { TableHead } from '../../components/TableHead.tsx'
import { text } from './text.ts'

const words = text.late

interface LateNoteProps {
  placed: PlacedHold
  /** Titles of tables, by name. */
  titles: ReadonlyMap<string, string>
}

export const isLate = ({ late, unchecked, incomplete }: PlacedHold): boolean =>
  late.length + (unchecked?.length ?? 0) + (incomplete?.length ?? 0) > 0

/** What a hold could not save, or may not have saved: told plainly, by record. */
export function LateNote({ placed: { late, unchecked = [], incomplete = [] }, titles }: LateNoteProps) {
  return (
    <div className="problem" role="alert">
      {late.length > 0 ? (
        <>
          <p className="problem__title">{words.title}</p>
          <p>{words.lead(late.length)}</p>
          <table className="m-table" aria-label={words.table}>
            <TableHead columns={[words.columns.table, words.columns.key, words.columns.run]} />
            <tbody>
              {late.map(({ run, table, key }) => (
                <tr key={`${run} ${table} ${key.join(' ')}`}>
                  <td>{titles.get(table) ?? table}</td>
                  <td>
                    <span className="m-id">{key.join(' / ')}</span>
                  </td>
                  <td>
                    <Link to="/retention/runs/$run" params={{ run }}>
                      <span className="m-id">{run}</span>
                    </Link>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      ) : null}
      {unchecked.length > 0 ? (
        <>
          <p>{words.uncheckedLead}</p>
          <ul className="sentences">
            {unchecked.map(({ run, why }) => (
              <li key={run}>
                <span className="m-id">{run}</span>: {why}
              </li>
            ))}
          </ul>
        </>
      ) : null}
      {incomplete.length > 0 ? <p>{words.incomplete(incomplete.map((table) => titles.get(table) ?? table))}</p> : null}
    </div>
  )
}
