import type { ObjectStore } from '../../store/port.ts'
import type { LogEntry } from '../entries.ts'
import type { Note } from '../keys/note.ts'
import type { Heads } from '../seal/seal-file.ts'
import type { checkMarks } from './marks.ts'
import type { createPairs } from './pairs.ts'
import type { Findings } from './report.ts'
import type { checkRulesHeld } from './rules.ts'
import type { checkStamps } from './stamps.ts'
import type { checkTree } from './tree.ts'
import type { Trust } from './trust.ts'

/** What a verification carries from file to file. */
export interface Verification {
  store: ObjectStore
  /** Where the streams stand by the seals followed so far; all of them. */
  heads: Heads
  tree: ReturnType<typeof checkTree>
  trust: Trust
  marks: ReturnType<typeof checkMarks>
  pairs: ReturnType<typeof createPairs>
  findings: Findings
  origin: { name?: string }
  /** Sizes of the tree after each seal. */
  sizes: number[]
  /** What the oldest entry of each seal says of its time, in milliseconds. */
  times: number[]
  /** The same of the seal that is being followed. */
  oldest: number
  stamps: ReturnType<typeof checkStamps>
  /** Undefined where the access rules are not held against the log. */
  rules: ReturnType<typeof checkRulesHeld> | undefined
  /** Numbers of checkpoints that no believed key signed. */
  unknown: number[]
  /** The newest checkpoint. */
  signed: { number: number; size: number; at: string; text: string; note: Note; root: Buffer } | undefined
  take(file: string, entry: LogEntry, bytes: Buffer): Promise<void>
}
