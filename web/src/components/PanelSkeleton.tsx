import type { PanelState } from '@muniment/api/contract'

interface PanelSkeletonProps {
  layout: PanelState['layout']
  /** Rows of the page that is coming, where known. */
  rows: number
}

/** Takes the room that the panel will need, so that nothing below it jumps. */
export function PanelSkeleton({ layout, rows }: PanelSkeletonProps) {
  const count = layout === 'summary' ? 8 : Math.max(1, rows)
  return (
    <div className={`skeleton skeleton--${layout}`} aria-hidden="true">
      {Array.from({ length: count }, (_, position) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines without identity
        <span key={position} className="skeleton__line" />
      ))}
    </div>
  )
}
