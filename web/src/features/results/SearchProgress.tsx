import type { Search } from '@muniment/api/contract'
import { useEffect, useState } from 'react'
import { isRunning } from '../../api/search.ts'
import { formatBytes, formatDuration } from '../../lib/format.ts'
import { words } from '../../lib/search-words.ts'
import { text } from './text.ts'

/** Milliseconds since a moment, anew every half second. */
function useAge(since: string): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 500)
    return () => clearInterval(timer)
  }, [])
  return Math.max(0, now - Date.parse(since))
}

export function SearchProgress({ search }: { search: Search }) {
  const age = useAge(search.started)
  const done = search.panels.filter((panel) => !isRunning(panel.state)).length
  return (
    <div className="progress">
      <progress aria-label={text.running(done, search.panels.length)} value={search.progress} max={1} />
      <p className="facts">
        {search.state === 'queued' ? text.queued : text.running(done, search.panels.length)}{' '}
        {age > 1_000 ? text.elapsed(formatDuration(age)) : null}
        {search.bytesScanned > 0 ? ` · ${words.read(formatBytes(search.bytesScanned))}` : null}
      </p>
      {age > 10_000 ? <p className="facts">{text.mayLeave}</p> : null}
    </div>
  )
}
