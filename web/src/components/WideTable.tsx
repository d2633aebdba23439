import { type ReactNode, useEffect, useId, useRef } from 'react'
import { watchWideTables } from './wideTables.ts'

/** A table of the application's own, in the same box as those of the templates. */
export function WideTable({ label, children }: { label: string; children: ReactNode }) {
  const root = useRef<HTMLDivElement>(null)
  const id = useId()
  useEffect(() => (root.current ? watchWideTables(root.current) : undefined), [])
  return (
    <div ref={root} className="own-table">
      <p className="wide-table__hint" id={id} hidden />
      <div className="wide-table">
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reached by keyboard */}
        <section className="m-table-wrap" tabIndex={0} aria-label={label}>
          {children}
        </section>
      </div>
    </div>
  )
}
