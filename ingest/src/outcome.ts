/** What an ingest tells: as it goes (Progress) and when it has ended (LoadOutcome). */

/**
 * `cast` to `code`, and `total`, can be accepted by a rule in the model. The others say that the delivery is not what it claims to
 * be or cannot be read without guessing, and are refused always; `no-manifest` yields to an option of the command.
 */
export type DeviationKind =
  | 'cast'
  | 'null'
  | 'orphan'
  | 'duplicate-key'
  | 'precision'
  | 'code'
  | 'total'
  | 'hash'
  | 'structure'
  | 'encoding'
  | 'missing-column'
  | 'extra-column'
  | 'missing-file'
  | 'extra-file'
  | 'manifest'
  | 'no-manifest'
  | 'reconciliation'
  /** Keys that were certified destroyed. */
  | 'destroyed'

export const ACCEPTABLE = ['cast', 'null', 'orphan', 'duplicate-key', 'precision', 'code', 'total'] as const

/** Never holds the value itself: that stays in quarantine/. */
export interface Deviation {
  kind: DeviationKind
  table?: string
  /** File name in the delivery. */
  file?: string
  /** Physical line on which the field begins, from 1; in a Parquet file the row, from 1. */
  line?: number
  /** As the source names it. */
  column?: string
  message: string
  accepted: boolean
}

export interface TableCounts {
  /** Records in the delivery. */
  read: number
  /** Rows in the archive. */
  written: number
  /** Records with at least one deviation that no rule accepts. */
  refused: number
}

export interface LoadOutcome {
  load: string
  application: string
  state: 'committed' | 'unchanged' | 'refused'
  tables: Record<string, TableCounts>
  /** The first of them, refused ones first; all are in the load's deviations.jsonl. */
  deviations: Deviation[]
  /** Key of the report. */
  report: string
  /** Files of the delivery were not loaded again although the model has changed since they were: their records stay as loaded. */
  earlierModel?: EarlierModel[]
  /** A manifest came after its files were loaded: it was held against these loads, and is kept under this key. */
  laterManifest?: { loads: string[]; key: string }
}

/** A load by another version of the model. */
export interface EarlierModel {
  load: string
  /** When the load ended, ISO 8601. */
  loadedAt: string
  /** What differs now, in words, of the tables in question; absent where the load has not kept its model. */
  tables?: { table: string; changes: string[] }[]
}

export type Phase = 'hash' | 'scan' | 'measure' | 'write' | 'verify' | 'references' | 'move' | 'seal' | 'done'

export interface Progress {
  table: string
  phase: Phase
  /** Records of the whole delivery dealt with so far; none while it is being hashed. */
  rows: number
  totalRows?: number
  /** Records a second since the work began. */
  rate: number
  secondsLeft?: number
}
