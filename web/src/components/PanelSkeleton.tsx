import type { PanelState } from '@muniment/api/contract'

interface PanelSkeletonProps {
  panel: PanelState
  /** Rows of the page that is coming, where known. */
  rows: number
  /** The fragment begins with a line on the dates it was asked for. */
  isDated: boolean
}

/** Takes the room that the panel will need, so that nothing below it jumps. */
export function PanelSkeleton({ panel, rows, isDated }: PanelSkeletonProps) {
  const facts = panel.columns.filter((column) => !column.hidden).length
  const count = Math.max(1, panel.layout === 'summary' ? rows * (facts || 8) : rows)
  return (
    <div className={`skeleton skeleton--${panel.layout}`} data-dated={isDated} aria-hidden="true">
      {Array.from({ length: count }, (_, position) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines without identity
        <span key={position} className="skeleton__line" />
      ))}
    </div>
  )
}
