import type { PanelState, Search } from '../contract.ts'
import type { RecordedPanel } from '../shared/search-record.ts'
import type { Progress } from './runs.ts'

export function panelState(panel: RecordedPanel, progress?: Progress): PanelState['state'] {
  if (panel.outcome) return panel.outcome.state
  return progress?.get(panel.name)?.running ? 'running' : 'queued'
}

/** One panel that answers makes a search done; what failed is said at its panel. */
export function stateOf(panels: RecordedPanel[], progress?: Progress): Search['state'] {
  const states = panels.map((panel) => panelState(panel, progress))
  if (states.every((state) => state === 'queued')) return 'queued'
  if (states.some((state) => state === 'queued' || state === 'running')) return 'running'
  if (states.includes('cancelled')) return 'cancelled'
  return states.includes('done') ? 'done' : 'failed'
}
