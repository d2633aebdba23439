import type { Rights } from '@muniment/archive/access/port'
import { priceOf } from '@muniment/archive/engine/price'
import type { Estimate } from '../contract.ts'
import { type Cheaper, refusalOf, totalOf } from './budget.ts'
import type { SearchRecord } from './search-record.ts'
import { toldBoundOf } from './told-bytes.ts'

/** What a search, or an export of one, costs at most, as the contract tells it. */
export function presentEstimate(
  opening: SearchRecord,
  budget: Estimate['budget'],
  over: boolean,
  cheaper: Cheaper,
  rights: Rights,
  what: 'search' | 'export' = 'search',
): Estimate {
  const bytesAtMost = totalOf(opening)
  const panels = opening.panels.map((panel) => ({ panel, bytes: toldBoundOf(opening, panel) }))
  const billed = opening.engine === 'athena' && bytesAtMost !== undefined
  return {
    ...(bytesAtMost !== undefined && { bytesAtMost }),
    ...(billed && { priceAtMost: panels.reduce((sum, { bytes }) => sum + (bytes ? priceOf(bytes) : 0), 0) }),
    panels: panels.map(({ panel: { name, title }, bytes }) => ({
      name,
      title,
      ...(bytes !== undefined && { bytesAtMost: bytes }),
    })),
    ...(budget && { budget }),
    ...(over && budget && { refused: refusalOf(opening, budget, cheaper, rights, what), cheaper }),
  }
}
