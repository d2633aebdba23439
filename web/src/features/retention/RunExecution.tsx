import type { Me, RunDetails } from '@muniment/api/contract'
import { useRunAct, useRunSoon } from '../../api/retention-runs.ts'
import { ProblemNote, problemOf } from '../../components/ProblemNote.tsx'
import { announce } from '../../lib/announce.ts'
import { formatCount } from '../../lib/format.ts'
import { mayPlan } from '../../lib/retention-duties.ts'
import { NumberConfirmation } from './NumberConfirmation.tsx'
import { timeLeft } from './run-words.ts'
import { text } from './text.ts'
import { useStalled } from './useStalled.ts'

const words = text.execute

function Progress({ progress }: { progress: NonNullable<RunDetails['progress']> }) {
  const { objects, done, destroyed, held, secondsLeft } = progress
  const facts = [
    words.progress(formatCount(done), formatCount(objects)),
    words.destroyed(destroyed),
    ...(held > 0 ? [words.held(held)] : []),
    ...(secondsLeft !== undefined ? [timeLeft(secondsLeft)] : []),
  ]
  return (
    <div className="progress">
      <progress aria-label={words.running} max={Math.max(1, objects)} value={done} />
      <p className="facts">{facts.join(' · ')}</p>
    </div>
  )
}

/** Ends it between two files. What is gone is gone: said before. */
function Cancel({ run }: { run: RunDetails }) {
  const cancel = useRunAct(run.run)
  const hasBegun = (run.progress?.destroyed ?? 0) > 0
  return (
    <details className="reason" data-print="never">
      <summary>{words.cancel}</summary>
      <p className="measure">{hasBegun ? words.cancelHint : words.cancelHintBefore}</p>
      <p className="toolbar">
        <button
          type="button"
          className="button"
          aria-disabled={cancel.isPending}
          onClick={() =>
            cancel.isPending
              ? undefined
              : cancel.mutate({ act: 'cancel' }, { onSuccess: () => announce(words.cancelled) })
          }
        >
          {cancel.isPending ? words.cancelling : words.cancelButton}
        </button>
      </p>
      {cancel.error ? <ProblemNote problem={problemOf(cancel.error)} /> : null}
    </details>
  )
}

/** From the approval to the end: begun by a number that is typed, then watched, stopped between files, gone on with. */
export function RunExecution({ run, me }: { run: RunDetails; me: Me }) {
  const begin = useRunAct(run.run)
  const move = useRunAct(run.run)
  const may = mayPlan(me)
  const { state, progress } = run
  const isBeginning = begin.isPending || (begin.isSuccess && state === 'approved')
  useRunSoon(run.run, isBeginning && !begin.isPending)
  const isStalled = useStalled(run)
  const canGoOn = state === 'paused' || (state !== 'approved' && isStalled)
  const title = state === 'approved' ? words.title : state === 'paused' ? words.pausedTitle : words.running
  return (
    <section className="retention__part retention__act" aria-labelledby="execution">
      <h2 id="execution">{title}</h2>
      {state === 'approved' ? (
        may ? (
          run.obstacles.length > 0 ? (
            <p className="measure">{words.obstructed}</p>
          ) : (
            <>
              <p className="retention__read-back">{words.readBack(run.records, run.rows, run.approved?.by ?? '')}</p>
              <NumberConfirmation
                label={words.confirm}
                expected={run.records}
                wrong={text.approve.wrong(formatCount(run.records))}
                button={words.button}
                pending={words.pending}
                isPending={isBeginning}
                error={begin.error}
                onConfirm={() => begin.mutate({ act: 'execute' }, { onSuccess: () => announce(words.begun) })}
              />
            </>
          )
        ) : (
          <p className="measure">{words.waits}</p>
        )
      ) : null}
      {progress && state !== 'approved' ? <Progress progress={progress} /> : null}
      {state === 'executing' ? <p className="hint">{words.mayLeave}</p> : null}
      {state === 'paused' ? <p className="measure">{words.pausedHint}</p> : null}
      {state === 'executed' || state === 'verified' ? <p className="measure">{words.verifying}</p> : null}
      {may && canGoOn ? (
        <>
          {state === 'paused' ? null : <p className="m-note">{words.stalled}</p>}
          <p className="actions" data-print="never">
            <button
              type="button"
              className="button"
              aria-disabled={move.isPending}
              onClick={() => (move.isPending ? undefined : move.mutate({ act: 'execute' }))}
            >
              {move.isPending ? words.goingOn : words.goOn}
            </button>
          </p>
        </>
      ) : null}
      {may && state === 'executing' ? (
        <p className="actions" data-print="never">
          <button
            type="button"
            className="button"
            aria-disabled={move.isPending}
            onClick={() => (move.isPending ? undefined : move.mutate({ act: 'pause' }))}
          >
            {move.isPending ? words.pausing : words.pause}
          </button>
        </p>
      ) : null}
      {move.error ? <ProblemNote problem={problemOf(move.error)} /> : null}
      {may && (state === 'approved' || state === 'executing' || state === 'paused') ? <Cancel run={run} /> : null}
    </section>
  )
}
