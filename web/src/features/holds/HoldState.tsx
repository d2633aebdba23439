import type { HoldView } from '@muniment/api/contract'
import { text } from './text.ts'

export function HoldState({ hold: { state, release } }: { hold: Pick<HoldView, 'state' | 'release'> }) {
  const words = state === 'standing' && release ? text.states.releasing : text.states[state]
  return (
    <span className="m-tag" data-state={state === 'standing' ? 'held' : 'ended'}>
      {words}
    </span>
  )
}
