import type { RunSummary } from '@muniment/api/contract'
import { stateOf } from './run-words.ts'

export function RunState({ state }: Pick<RunSummary, 'state'>) {
  const { words, kind } = stateOf(state)
  return (
    <span className="m-tag" data-state={kind}>
      {words}
    </span>
  )
}
