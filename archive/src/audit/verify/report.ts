/** What a verification found, for people and for programs. */

export interface Wrong {
  /** Key of the file. */
  file: string
  /** Number in the tree, from 0, where one is known. */
  entry?: number
  message: string
}

/** Odd, and no sign that somebody altered the log. */
export interface Finding {
  kind:
    | 'without-closing'
    | 'without-opening'
    | 'second-closing'
    | 'unfinished-seal'
    | 'stale-checkpoint'
    | 'replaced-key'
  /** The opening's id, or a file. */
  of: string
  at?: string
  message: string
}

export interface Report {
  /** Nothing is wrong. Findings and uncovered entries may be there all the same. */
  ok: boolean
  wrong?: Wrong
  /** Sentences. */
  checked: string[]
  /** At most a thousand of a kind; `counts` has how many there are. */
  findings: Finding[]
  counts: Partial<Record<Finding['kind'], number>>
  covered: { entries: number; seals: number; root?: string; key?: string; at?: string }
  /** Openings, covered or not. */
  actions: number
  /** What could still be cut off unseen. */
  uncovered: { entries: number; since?: string }
  /** Older checkpoints that the log goes on from, a witness's among them. */
  compared: { name: string; checkpoints: number; largest: number }[]
}

const MOST_OF_A_KIND = 1000

export function createFindings() {
  const findings: Finding[] = []
  const counts: Partial<Record<Finding['kind'], number>> = {}
  return {
    findings,
    counts,
    add(finding: Finding) {
      const count = (counts[finding.kind] ?? 0) + 1
      counts[finding.kind] = count
      if (count <= MOST_OF_A_KIND) findings.push(finding)
    },
  }
}
export type Findings = ReturnType<typeof createFindings>
