import type { HoldView, Me } from '@muniment/api/contract'
import { useReleaseAct } from '../../api/holds.ts'
import { ProblemNote, problemOf } from '../../components/ProblemNote.tsx'
import { ReasonForm } from '../../components/ReasonForm.tsx'
import { announce } from '../../lib/announce.ts'
import { formatMoment } from '../../lib/format.ts'
import { mayApprove, mayHold } from '../../lib/retention-duties.ts'
import { useSettings } from '../../lib/settings.ts'
import { text } from './text.ts'

const words = text.release

function Proposed({ hold: { id, release }, me }: { hold: HoldView; me: Me }) {
  const { dates } = useSettings()
  const approve = useReleaseAct(id)
  const refuse = useReleaseAct(id)
  if (!release) return null
  const isOwn = release.proposed.by === me.id
  return (
    <>
      <p>{words.waiting(release.proposed.by, formatMoment(release.proposed.at, dates))}</p>
      <blockquote className="hold__why">{release.reason}</blockquote>
      {isOwn ? <p className="m-note">{words.own}</p> : null}
      {!isOwn && !mayApprove(me) ? <p className="measure">{words.waits}</p> : null}
      {!isOwn && mayApprove(me) ? (
        <>
          <p className="measure">{words.readBack}</p>
          <p className="toolbar">
            <button
              type="button"
              className="button button--primary"
              aria-disabled={approve.isPending}
              onClick={() =>
                approve.isPending
                  ? undefined
                  : approve.mutate({ act: 'approve-release' }, { onSuccess: () => announce(words.released) })
              }
            >
              {approve.isPending ? words.approving : words.approve}
            </button>
          </p>
          {approve.error ? <ProblemNote problem={problemOf(approve.error)} /> : null}
        </>
      ) : null}
      {mayApprove(me) || mayHold(me) ? (
        <ReasonForm
          summary={words.refuse}
          label={words.refuseLabel}
          button={words.refuseButton}
          pending={words.refusing}
          isPending={refuse.isPending}
          error={refuse.error}
          onSay={(reason) =>
            refuse.mutate({ act: 'refuse-release', reason }, { onSuccess: () => announce(words.refused) })
          }
        />
      ) : null}
    </>
  )
}

/** One person proposes, another releases; until then it stands. */
export function Release({ hold, me }: { hold: HoldView; me: Me }) {
  const propose = useReleaseAct(hold.id)
  if (!hold.release && !mayHold(me)) return null
  return (
    <section className="retention__part retention__act" aria-labelledby="release" data-print="never">
      <h2 id="release">{words.title}</h2>
      {hold.release ? (
        <Proposed hold={hold} me={me} />
      ) : (
        <ReasonForm
          summary={words.propose}
          hint={words.hint}
          label={words.label}
          button={words.button}
          pending={words.pending}
          isPending={propose.isPending}
          error={propose.error}
          onSay={(reason) =>
            propose.mutate({ act: 'propose-release', reason }, { onSuccess: () => announce(words.proposed) })
          }
        />
      )}
    </section>
  )
}
