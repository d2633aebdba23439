import type { AuditEntry } from '@muniment/api/contract'
import { Fragment, useState } from 'react'
import { usePurposeLabels } from '../../api/purposes.ts'
import { TableHead } from '../../components/TableHead.tsx'
import { WideTable } from '../../components/WideTable.tsx'
import { formatCount, formatMoment } from '../../lib/format.ts'
import { useSettings } from '../../lib/settings.ts'
import { EntryDetails } from './EntryDetails.tsx'
import { readAction, readEntryPurpose, readOutcome, readSubject } from './entry-words.ts'
import { text } from './text.ts'

const { columns } = text

/** The answer: an action a row, newest first, each opening to all that the log says of it. */
export function EntryTable({ entries }: { entries: readonly AuditEntry[] }) {
  const { dates } = useSettings()
  const labels = usePurposeLabels()
  const [open, setOpen] = useState<string>()
  return (
    <WideTable label={text.table}>
      <table className="m-table audit-table">
        <TableHead
          columns={[
            columns.at,
            columns.person,
            columns.action,
            columns.subject,
            columns.purpose,
            { label: columns.rows, isNumber: true },
            columns.outcome,
            { label: text.details, isHidden: true },
          ]}
        />
        <tbody>
          {entries.map((entry) => {
            const purpose = readEntryPurpose(entry, labels)
            const isOpen = open === entry.id
            return (
              <Fragment key={entry.id}>
                <tr>
                  <td>
                    <time dateTime={entry.began}>{formatMoment(entry.began, dates)}</time>
                  </td>
                  <th scope="row">
                    <span className="m-id">{entry.person}</span>
                  </th>
                  <td>{readAction(entry.action)}</td>
                  <td>{readSubject(entry)}</td>
                  <td>{purpose}</td>
                  <td className="is-num">{entry.rows === undefined ? '' : formatCount(entry.rows)}</td>
                  <td>
                    {readOutcome(entry.outcome)}
                    {entry.wrong === undefined ? null : (
                      <>
                        {', '}
                        <strong className="is-wrong">{text.wrong}</strong>
                      </>
                    )}
                  </td>
                  <td>
                    <button
                      type="button"
                      className="as-link"
                      aria-expanded={isOpen}
                      onClick={() => setOpen(isOpen ? undefined : entry.id)}
                    >
                      {isOpen ? text.close : text.details}
                      <span className="visually-hidden"> {text.of(entry.id)}</span>
                    </button>
                  </td>
                </tr>
                {isOpen ? (
                  <tr className="audit-table__details">
                    <td colSpan={8}>
                      <EntryDetails entry={entry} purpose={purpose} />
                    </td>
                  </tr>
                ) : null}
              </Fragment>
            )
          })}
        </tbody>
      </table>
    </WideTable>
  )
}
