import type { KeptDraft } from '../../lib/drafts.ts'
import type { Inputs } from './validate.ts'

interface Beginnings {
  /** What was typed into this form in this tab. */
  kept: KeptDraft | undefined
  /** Inputs of the search that was begun at this place in the browser's history, or that is to be changed. */
  earlier: Inputs | undefined
  /** The search that is to be changed. */
  from: string | undefined
}

/**
 * What a form begins with: first what no search holds yet, then the search that belongs here, then what was last searched. Undefined: as
 * it stands before anybody typed.
 */
export function beginning({ kept, earlier, from }: Beginnings): { inputs: Inputs; isUnsent: boolean } | undefined {
  // Changes to one search are none to another.
  const own = kept?.from === from ? kept : undefined
  if (own?.isUnsent) return { inputs: own.draft, isUnsent: true }
  if (earlier) return { inputs: earlier, isUnsent: false }
  return kept && from === undefined ? { inputs: kept.draft, isUnsent: kept.isUnsent } : undefined
}
