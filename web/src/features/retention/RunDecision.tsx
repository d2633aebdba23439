import type { Me, RunDetails } from '@muniment/api/contract'
import { useRunAct } from '../../api/retention-runs.ts'
import { ReasonForm } from '../../components/ReasonForm.tsx'
import { announce } from '../../lib/announce.ts'
import { formatCount } from '../../lib/format.ts'
import { mayApprove } from '../../lib/retention-duties.ts'
import { listed } from '../../lib/role-words.ts'
import { NumberConfirmation } from './NumberConfirmation.tsx'
import { authoritiesOf } from './plan-words.ts'
import { text } from './text.ts'

const words = text.approve

/** The second person's word on a plan: what would happen is read back, and its number asked for. */
export function RunDecision({ run, me }: { run: RunDetails; me: Me }) {
  const approve = useRunAct(run.run)
  const sendBack = useRunAct(run.run)
  const isOwn = run.planned.by === me.id
  const authorities = authoritiesOf(run)
  const content = () => {
    if (!mayApprove(me)) return <p className="measure">{words.waits}</p>
    if (isOwn) return <p className="m-note">{words.own}</p>
    return (
      <>
        {run.records === 0 ? (
          <p className="measure">{words.nothing}</p>
        ) : run.obstacles.length > 0 ? (
          <p className="measure">{words.obstructed}</p>
        ) : (
          <>
            <p className="retention__read-back">{words.readBack(run.records, run.rows, run.domainTitle)}</p>
            {authorities.length > 0 ? <p className="measure">{words.under(listed(authorities))}</p> : null}
            <NumberConfirmation
              label={words.confirm}
              expected={run.records}
              wrong={words.wrong(formatCount(run.records))}
              button={words.button}
              pending={words.pending}
              isPending={approve.isPending}
              error={approve.error}
              onConfirm={() =>
                approve.mutate(
                  { act: 'approve', hash: run.hash, records: run.records },
                  { onSuccess: () => announce(words.done) },
                )
              }
            />
          </>
        )}
        <ReasonForm
          summary={words.sendBack}
          label={words.sendBackLabel}
          button={words.sendBackButton}
          pending={words.sendingBack}
          isPending={sendBack.isPending}
          error={sendBack.error}
          onSay={(reason) =>
            sendBack.mutate({ act: 'send-back', reason }, { onSuccess: () => announce(words.sentBack) })
          }
        />
      </>
    )
  }
  return (
    <section className="retention__part retention__act" aria-labelledby="decision" data-print="never">
      <h2 id="decision">{words.title}</h2>
      {content()}
    </section>
  )
}
