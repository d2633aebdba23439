import type { RunDetails, ScheduleView } from '@muniment/api/contract'
import { TableHead } from '../../components/TableHead.tsx'
import { WideTable } from '../../components/WideTable.tsx'
import { formatCount, formatDay } from '../../lib/format.ts'
import { useSettings } from '../../lib/settings.ts'
import { hasAny, keyWords, sumOf } from './plan-words.ts'
import { text } from './text.ts'

const words = text.run
const figures = ['due', 'rows', 'held', 'kept', 'review', 'undated', 'conflict'] as const
const labels = { ...words.columns, due: words.columns.records }

type Planned = RunDetails['classes'][number]

export function PlanTable({ run }: { run: RunDetails }) {
  return (
    <WideTable label={words.table}>
      <table className="m-table retention-table">
        <TableHead
          columns={[words.columns.class, ...figures.map((figure) => ({ label: labels[figure], isNumber: true }))]}
        />
        <tbody>
          {run.classes.map((one) => (
            <tr key={one.class}>
              <th scope="row">{one.title}</th>
              {figures.map((figure) => (
                <td key={figure} className="is-num" data-none={one[figure] === 0} data-figure={figure}>
                  {formatCount(one[figure])}
                </td>
              ))}
            </tr>
          ))}
          {run.classes.length > 1 ? (
            <tr className="retention-table__sum">
              <th scope="row">{words.all}</th>
              {figures.map((figure) => (
                <td key={figure} className="is-num" data-none={sumOf(run, figure) === 0}>
                  {formatCount(sumOf(run, figure))}
                </td>
              ))}
            </tr>
          ) : null}
        </tbody>
      </table>
    </WideTable>
  )
}

function ListedRecords({ title, of, records }: { title: string; of: Planned; records: Planned['samples'] }) {
  const { dates } = useSettings()
  if (records.length === 0) return null
  const hasRows = records.some(({ rows }) => rows !== undefined)
  return (
    <div className="listed-records">
      <h4>{title}</h4>
      <table className="m-table" aria-label={words.listed(title, of.title)}>
        <TableHead
          columns={[
            of.keyLabels.join(' / '),
            words.dueFrom,
            ...(hasRows ? [{ label: words.rowsColumn, isNumber: true }] : []),
          ]}
        />
        <tbody>
          {records.map(({ key, dueFrom, rows }) => (
            <tr key={key.join('\n')}>
              <th scope="row">
                <span className="m-id">{keyWords(key)}</span>
              </th>
              <td>
                <time dateTime={dueFrom}>{formatDay(dueFrom, dates)}</time>
              </td>
              {hasRows ? <td className="is-num">{rows === undefined ? '' : formatCount(rows)}</td> : null}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** One class of the plan: by which authority its records go, which of them look odd, and why others stay. */
function PlannedClass({ of, schedules }: { of: Planned; schedules: readonly ScheduleView[] }) {
  const id = `class-${of.class}`
  return (
    <section className="retention__domain" aria-labelledby={id}>
      <h3 id={id}>{of.title}</h3>
      {of.authorities.length > 0 ? (
        <>
          <h4>{words.authority}</h4>
          <ul className="sentences">
            {of.authorities.map(({ schedule, title, authority, records }) => (
              <li key={schedule}>
                {words.authorityOf(records, title, authority)}
                <span className="hint"> {schedules.find(({ id }) => id === schedule)?.sentence}</span>
              </li>
            ))}
          </ul>
        </>
      ) : null}
      {of.reasons.length > 0 ? (
        <>
          <h4>{words.reasons}</h4>
          <ul className="sentences">
            {of.reasons.map(({ why, records }) => (
              <li key={why}>{words.reasonOf(why.replace(/\.$/, ''), records)}</li>
            ))}
          </ul>
        </>
      ) : null}
      <div className="listed-records__row">
        <ListedRecords title={words.oldest} of={of} records={of.oldest} />
        <ListedRecords title={words.largest} of={of} records={of.largest} />
        <ListedRecords title={words.samples} of={of} records={of.samples} />
      </div>
    </section>
  )
}

export function PlannedClasses({ run, schedules }: { run: RunDetails; schedules: readonly ScheduleView[] }) {
  return run.classes.filter(hasAny).map((one) => <PlannedClass key={one.class} of={one} schedules={schedules} />)
}
