/** What the server and an engine process say to each other; each a frame (frames.ts). */
import type { Column, ColumnType, Table } from '../../model/types.ts'
import type { BoundValue, FailureKind, Restrictions, ResultColumn, UnloadTarget } from '../port.ts'
import type { StatementReading } from '../reading.ts'

/** A table as a worker needs it: where its objects lie and which types the model gives its columns. */
export interface TableSetup {
  name: string
  /** `type` as queries see it, `stored` as the files hold it; a column only the model knows has no `stored`. */
  columns: (Pick<Column, 'name' | 'partly' | 'rowRule'> & {
    type: ColumnType
    stored?: ColumnType
    /** Compressed bytes in all objects. */
    bytes: number
  })[]
  persons: Table['persons']
  primaryKey: Table['primaryKey']
  partitionBy: string[]
  /** Absolute paths. */
  files: string[]
  /** Files of several loads may differ in their columns. */
  unionByName: boolean
}

export interface ApplicationSetup {
  name: string
  /** Version of the catalog; a worker that has another one is set up anew. */
  version: string
  /** The only folder outside the temporary one that its instance may open files in. */
  folder: string
  tables: TableSetup[]
  /** Tables of the model of which nothing was ever loaded. */
  absent: string[]
  /** Row rules that the model knows: one of another name cannot be kept. */
  rowRules: string[]
}

export interface WorkerSettings {
  /** Bytes. */
  memory: number
  threads: number
  /** Folder for spilling, of this process alone. */
  scratch: string
  /** Bytes. */
  scratchLimit: number
  /** Folder this process may write exports into; undefined where it must not write at all. */
  exports?: string
}

export interface Job {
  id: string
  application: string
  sql: string
  values: BoundValue[]
  restrictions?: Restrictions
  /** Tables also have `_object` and `_row`. */
  places?: true
  /** What is hidden is taken out before anything else is computed, however long it takes. */
  careful?: boolean
  work:
    | { kind: 'rows'; rowLimit: number; byteLimit: number }
    | { kind: 'prepare' }
    | { kind: 'reading' }
    | {
        kind: 'unload'
        file: string
        format: UnloadTarget['format']
        columns: UnloadTarget['columns']
        /** Rows at most; undefined where there may be any number. */
        rowLimit?: number
        keys?: { file: string; groups: NonNullable<UnloadTarget['keys']> }
      }
}

export type ToWorker =
  | { type: 'settings'; settings: WorkerSettings }
  | { type: 'setup'; setup: ApplicationSetup }
  | { type: 'job'; job: Job }
  | { type: 'interrupt'; id: string }

export interface Failure {
  kind: FailureKind
  message: string
  retryable: boolean
  /** Of `masked`: by which columns rows are chosen, `table.column`. */
  columns?: string[]
  /** A row that is hidden may have caused it: only a careful run can tell. */
  doubtful?: boolean
  /** Where in the SQL, counted from 1, when it is known. */
  line?: number
  column?: number
  hint?: string
}

export type WhatIsRead = Pick<StatementReading, 'used' | 'chosenBy'>

export interface Outcome {
  columns: ResultColumn[]
  rows: number
  more: boolean
  /** Lines of the file of keys, where one was asked for. */
  keys?: number
  /** Of `reading` alone. */
  reading?: WhatIsRead
  bytesScanned: number
}

export type FromWorker =
  | { type: 'ready' }
  | { type: 'progress'; id: string; progress: number }
  /** The body is a JSON array of rows. */
  | { type: 'rows'; id: string }
  /** The body may hold the last rows. `spent`: the process cannot be used again. */
  | { type: 'done'; id: string; outcome: Outcome }
  | { type: 'failed'; id: string; failure: Failure; bytesScanned: number; spent?: boolean }
