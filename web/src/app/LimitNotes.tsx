import type { LimitUse } from '@muniment/api/contract'
import { useMe } from '../api/me.ts'
import { formatBytes, formatCount } from '../lib/format.ts'
import { text } from './text.ts'

function readLimit({ limit, used, most }: LimitUse): string {
  const said = limit === 'bytesScannedPerMonth' ? formatBytes : formatCount
  return text.limits[limit](said(used), said(most))
}

/** Below the frame's line, from four fifths of a limit on. */
export function LimitNotes() {
  const { data: me } = useMe()
  const near = (me?.limits ?? []).filter((one) => one.near)
  if (!me || near.length === 0) return null
  return (
    <p className="frame__limits" role="status">
      {near.map(readLimit).join(' ')} {me.contact}
    </p>
  )
}
