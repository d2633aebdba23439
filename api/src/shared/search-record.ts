import type { SeenRecord } from '@muniment/archive/audit/port'
import type { Restrictions, Statement } from '@muniment/archive/engine/port'
import type { Inputs } from '@muniment/query-templates/types'
import type { InForce, PanelState, Problem, Purpose, Search } from '../contract.ts'
import type { ProcessMark } from './process-mark.ts'

export interface RecordedColumn {
  name: string
  label: string
  type: string
  hidden: boolean
  numeric: boolean
  /** What the person sees of it, once the engine has told. */
  masked?: 'hidden' | 'partial'
  codeList?: string
  unit?: string
}

export interface PanelOutcome {
  /** `left-out`: the role may not see it. */
  state: 'done' | 'failed' | 'cancelled' | 'left-out'
  rows?: number
  more?: boolean
  /** Version of the catalog by which it ran, where it is not the search's: a load was committed between the panels. */
  catalogVersion?: string
  /** sha-256 of the rows, each as a JSON array followed by a newline; hex. */
  resultHash?: string
  bytesScanned: number
  queueMs: number
  engineMs: number
  problem?: Problem
  /** What the engine said, for whoever mends it; it may quote values, so it is in no log. */
  engineMessage?: string
}

export interface RecordedPanel {
  name: string
  title: string
  query: string
  layout: 'table' | 'summary' | 'timeline'
  honours: string[]
  /** What its query was bound with, by the query's own names: out of the form, fixed by the use case, or by default. */
  inputs?: Inputs
  /** The same as a person reads it. Searches of before have neither. */
  inputsRead?: PanelState['inputsRead']
  columns: RecordedColumn[]
  sorts: { name: string; label: string }[]
  /** What is said where nothing is found, where that is not the query's. */
  empty?: string
  /** Absent where the template could not be bound. */
  statement?: Pick<Statement, 'sql' | 'values' | 'reading'>
  /** What the person was told of tables that it read and that were incomplete. */
  notice?: string
  /** Domains that the role lacked; then nothing was run. */
  lacks?: { name: string; title: string }[]
  /** Bytes that it reads at most, as known before anything ran; absent where what it reads was not known. */
  bytesAtMost?: number
  execution?: string
  outcome?: PanelOutcome
}

/**
 * What was searched, by whom, for what: searches/<day>/<id>.json. Created before any query runs, replaced when it has
 * ended (and once between, when that takes long); it says enough to be cited and to be run again.
 */
export interface SearchRecord {
  version: 1
  id: string
  person: { id: string; name: string }
  /** Entry of the audit log that opened it, and that its end closes. Absent in records of before. */
  entry?: string
  /** What the person could not see, as the engine was told, and in words. */
  restrictions?: Restrictions
  inForce?: InForce
  purpose: Purpose
  /** The process that carries it out, or that ended it; absent in records of before. */
  by?: ProcessMark
  application: string
  useCase: string
  title: string
  kind: Search['kind']
  /** As checked, with defaults. */
  inputs: Inputs
  inputsRead: Search['inputsRead']
  engine: string
  templateHash: string
  /** Of all templates of the application. */
  templatesHash: string
  catalogVersion: string
  loads: string[]
  started: string
  finished?: string
  state: Search['state']
  record?: Search['record']
  /** The records that its title names, by their keys: what all its panels are about. */
  titled?: SeenRecord[]
  panels: RecordedPanel[]
}

export const hasEnded = (state: Search['state']): boolean => state !== 'queued' && state !== 'running'
