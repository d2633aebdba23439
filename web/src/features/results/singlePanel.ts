import type { PanelState, Search } from '@muniment/api/contract'

/** The panel of a finished search that holds its one and only row, where nothing may be lacking or is left out beside it. */
export function singlePanel(search: Search | undefined): PanelState | undefined {
  if (search?.kind !== 'search' || search.state !== 'done') return undefined
  if (search.panels.some((panel) => panel.notice || panel.state === 'left-out')) return undefined
  const filled = search.panels.filter((panel) => (panel.rows ?? 0) > 0)
  const [only] = filled
  return filled.length === 1 && only?.rows === 1 ? only : undefined
}
