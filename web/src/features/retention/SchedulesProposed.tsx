import type { DomainSchedulesView, Me, SchedulesProposal } from '@muniment/api/contract'
import { useEndSchedulesProposal } from '../../api/retention-schedules.ts'
import { ProblemNote, problemOf } from '../../components/ProblemNote.tsx'
import { ReasonForm } from '../../components/ReasonForm.tsx'
import { TableHead } from '../../components/TableHead.tsx'
import { WideTable } from '../../components/WideTable.tsx'
import { announce } from '../../lib/announce.ts'
import { formatCount, formatMoment } from '../../lib/format.ts'
import { mayApproveSchedules } from '../../lib/retention-duties.ts'
import { useSettings } from '../../lib/settings.ts'
import { ClassSchedules } from './ClassSchedules.tsx'
import { NumberConfirmation } from './NumberConfirmation.tsx'
import { signed } from './run-words.ts'
import { text } from './text.ts'

const words = text.schedules

function Changes({ of: { id, reason, changes } }: { of: SchedulesProposal }) {
  return (
    <>
      <h4 id={`changes-${id}`}>{words.changes}</h4>
      <ul className="sentences">
        {changes.map((one) => (
          <li key={one.class}>
            {one.title}: {words.changeWords(one.dueThen - one.dueNow)}
          </li>
        ))}
      </ul>
      <WideTable label={words.changesTable(reason)}>
        <table className="m-table retention-table">
          <TableHead
            columns={[
              words.columns.class,
              { label: words.columns.before, isNumber: true },
              { label: words.columns.after, isNumber: true },
              { label: words.columns.change, isNumber: true },
            ]}
          />
          <tbody>
            {changes.map((one) => (
              <tr key={one.class}>
                <th scope="row">{one.title}</th>
                <td className="is-num">{formatCount(one.dueNow)}</td>
                <td className="is-num">{formatCount(one.dueThen)}</td>
                <td className="is-num" data-none={one.dueThen === one.dueNow}>
                  {signed(one.dueThen - one.dueNow)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </WideTable>
    </>
  )
}

function Withdrawal({ id }: { id: string }) {
  const end = useEndSchedulesProposal()
  const withdraw = () =>
    end.isPending ? undefined : end.mutate({ id, by: 'withdraw' }, { onSuccess: () => announce(words.withdrawn) })
  return (
    <>
      <p className="actions">
        <button type="button" className="button" aria-disabled={end.isPending} onClick={withdraw}>
          {end.isPending ? words.withdrawing : words.withdraw}
        </button>
      </p>
      {end.error ? <ProblemNote problem={problemOf(end.error)} /> : null}
    </>
  )
}

function Decision({ of: { id, against }, domainTitle }: { of: SchedulesProposal; domainTitle: string }) {
  const approve = useEndSchedulesProposal()
  const refuse = useEndSchedulesProposal()
  const next = against + 1
  return (
    <>
      <p className="measure">{words.readBack(domainTitle)}</p>
      <NumberConfirmation
        label={words.confirm(next)}
        expected={next}
        wrong={words.wrongNumber(next)}
        tone="primary"
        button={words.approve}
        pending={words.approving}
        isPending={approve.isPending}
        error={approve.error}
        onConfirm={() => approve.mutate({ id, by: 'approve' }, { onSuccess: () => announce(words.approved) })}
      />
      <ReasonForm
        summary={words.refuseInstead}
        label={words.refusalReason}
        button={words.refuse}
        pending={words.refusing}
        isPending={refuse.isPending}
        error={refuse.error}
        onSay={(reason) => refuse.mutate({ id, by: 'refuse', reason }, { onSuccess: () => announce(words.refused) })}
      />
    </>
  )
}

interface SchedulesProposedProps {
  proposal: SchedulesProposal
  /** Those in force in its domain. */
  inForce: DomainSchedulesView | undefined
  me: Me
}

export function SchedulesProposed({ proposal, inForce, me }: SchedulesProposedProps) {
  const { dates } = useSettings()
  const isOpen = proposal.state === 'open'
  const isOwn = proposal.proposed.by === me.id
  const may = isOpen && mayApproveSchedules(me)
  const id = `proposal-${proposal.id}`
  const domainTitle = inForce?.domainTitle ?? proposal.domain
  return (
    <article className="proposal" aria-labelledby={id}>
      <h3 id={id}>{proposal.reason}</h3>
      <p className="facts">
        {[
          domainTitle,
          words.proposedBy(proposal.proposed.by, formatMoment(proposal.proposed.at, dates)),
          words.states[proposal.state],
        ].join(' · ')}
      </p>
      {proposal.ended ? (
        <p className="measure">
          {words.endedBy(proposal.ended.by, formatMoment(proposal.ended.at, dates))}
          {proposal.ended.reason ? `: ${proposal.ended.reason}` : null}
        </p>
      ) : null}
      {isOpen ? <Changes of={proposal} /> : null}
      <details className="reason">
        <summary>{words.asProposed}</summary>
        {proposal.schedules.classes.map((one) => (
          <ClassSchedules key={one.name} of={one} level={4} />
        ))}
      </details>
      {isOpen && isOwn ? <Withdrawal id={proposal.id} /> : null}
      {may && isOwn ? <p className="m-note">{words.own}</p> : null}
      {may && !isOwn ? <Decision of={proposal} domainTitle={domainTitle} /> : null}
    </article>
  )
}
