import { problem } from './problem.ts'
import type { PanelOutcome } from './search-record.ts'

export const nothingScanned = { bytesScanned: 0, queueMs: 0, engineMs: 0 }

/** For a panel whose execution nobody knows any more: the process that followed it has ended. */
export const interrupted = (): PanelOutcome => ({
  state: 'failed',
  ...nothingScanned,
  problem: problem('interrupted', 'The server stopped before this was answered. Run the search again.'),
})
