/** What a verification found, for people and for programs. */

export interface Wrong {
  /** Key of the file. */
  file: string
  /** Number in the tree, from 0, where one is known. */
  entry?: number
  message: string
}

/** Odd, and but for `second-opening` no sign that somebody altered the log. */
export interface Finding {
  kind:
    | 'without-closing'
    | 'without-opening'
    | 'second-opening'
    | 'second-closing'
    | 'unfinished-seal'
    | 'stale-checkpoint'
    | 'replaced-key'
    | 'early-stamp'
  /** The opening's id, or a file. */
  of: string
  at?: string
  message: string
}

/** Objects of streams, by what is known of who wrote them. */
export interface Marks {
  /** With the MAC of this log's own processes. */
  good: number
  /** With a MAC; the key of streams was not given. */
  unchecked: number
  /** Sealed, with the MAC of another key. */
  other: number
  /** Sealed, or there before the key was made: without a MAC. */
  without: number
}

/** A checkpoint that a time-stamp authority has seen: what it covers was there by then. */
export interface Stamped {
  /** Number of the seal. */
  seal: number
  /** Entries that the checkpoint covers. */
  entries: number
  /** When, by the authority's clock. */
  at: string
  /** The signer's common name. */
  by: string
}

export interface TimeStamps {
  /** Each is of the checkpoint beside it and consistent in itself. */
  count: number
  /** Whether the signers were held against authorities that were given; else anybody may have signed. */
  authority: boolean
  /** Seals after the newest stamp. */
  waiting: number
  first?: Stamped
  newest?: Stamped
  /** Seconds since the newest. */
  age?: number
  /** From the oldest entry of a seal to the first stamp that covers it, of seals after the first stamped: not rewritten later than that. */
  longest?: { seal: number; seconds: number }
}

/** How many files below `access/` are those that the log tells of. */
export interface RulesHeld {
  versions: number
  proposals: number
  decisions: number
}

export interface Report {
  /** Nothing is wrong, and no id was given twice. Other findings and uncovered entries may be there all the same. */
  ok: boolean
  wrong?: Wrong
  /** Sentences. */
  checked: string[]
  /** At most a thousand of a kind; `counts` has how many there are. */
  findings: Finding[]
  counts: Partial<Record<Finding['kind'], number>>
  covered: { entries: number; seals: number; root?: string; key?: string; at?: string }
  /** Who wrote the objects of streams. */
  marks: Marks
  /** Openings, covered or not. */
  actions: number
  /** What could still be cut off unseen. */
  uncovered: { entries: number; since?: string }
  timeStamps: TimeStamps
  /** Absent where the access rules were not held against the log. */
  rules?: RulesHeld
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
