import { Link } from '@tanstack/react-router'
import { useRuns } from '../../api/retention-runs.ts'
import { ProblemNote, problemOf } from '../../components/ProblemNote.tsx'
import { RetentionFrame } from '../../components/RetentionFrame.tsx'
import { TableHead } from '../../components/TableHead.tsx'
import { WideTable } from '../../components/WideTable.tsx'
import { formatCount, formatDay, formatMoment } from '../../lib/format.ts'
import { useSettings } from '../../lib/settings.ts'
import { RunState } from './RunState.tsx'
import { text } from './text.ts'

const words = text.runs

function Runs({ application }: { application: string }) {
  const { dates } = useSettings()
  const { data: runs, error, refetch } = useRuns(application)
  return (
    <>
      <h1 tabIndex={-1}>{words.title}</h1>
      <p className="lead">{words.lead}</p>
      {error ? <ProblemNote problem={problemOf(error)} onRetry={() => void refetch()} /> : null}
      {runs?.length === 0 ? <p className="m-empty">{words.none}</p> : null}
      {runs && runs.length > 0 ? (
        <WideTable label={words.table}>
          <table className="m-table">
            <TableHead
              columns={[
                words.columns.domain,
                words.columns.asOf,
                words.columns.state,
                { label: words.columns.records, isNumber: true },
                words.columns.planned,
                words.columns.run,
              ]}
            />
            <tbody>
              {runs.map((run) => (
                <tr key={run.run}>
                  <th scope="row">
                    <Link to="/retention/runs/$run" params={{ run: run.run }}>
                      {run.domainTitle}
                      <span className="visually-hidden">, {formatDay(run.asOf, dates)}</span>
                    </Link>
                  </th>
                  <td>
                    <time dateTime={run.asOf}>{formatDay(run.asOf, dates)}</time>
                  </td>
                  <td>
                    <RunState state={run.state} />
                    {run.progress && (run.state === 'executing' || run.state === 'paused') ? (
                      <span className="hint">
                        {' '}
                        {words.done(Math.floor((100 * run.progress.done) / Math.max(1, run.progress.objects)))}
                      </span>
                    ) : null}
                  </td>
                  <td className="is-num">{formatCount(run.records)}</td>
                  <td>{words.plannedBy(formatMoment(run.planned.at, dates), run.planned.by)}</td>
                  <td>
                    <span className="m-id">{run.run}</span>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </WideTable>
      ) : null}
    </>
  )
}

export function RunsPage() {
  return (
    <RetentionFrame documentTitle={words.documentTitle}>
      {({ application }) => <Runs application={application} />}
    </RetentionFrame>
  )
}
