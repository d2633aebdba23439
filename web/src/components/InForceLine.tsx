import type { Search } from '@muniment/api/contract'
import { readInForce } from '../lib/in-force.ts'
import { InForceStatement } from './InForceStatement.tsx'

/** One quiet line that opens to the whole list. */
export function InForceLine({ search }: { search: Pick<Search, 'inForce' | 'panels'> }) {
  return (
    <details className="in-force">
      <summary>{readInForce(search.inForce, search.panels)}</summary>
      <InForceStatement inForce={search.inForce} panels={search.panels} />
    </details>
  )
}
