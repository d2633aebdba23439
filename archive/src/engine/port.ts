/**
 * What answers queries. Shaped by Athena: a start is acknowledged at once, the state is polled, rows come in pages,
 * bytes are billed. DuckDB, which answers at once, fits into it; the reverse would not.
 */
import type { ColumnType } from '../model/types.ts'
import type { StatementReading } from './reading.ts'

/** A value bound to one `?`, in Athena's types; `value` is its canonical text (see `Row`). */
export interface BoundValue {
  type: ColumnType
  value: string | null
}

/**
 * What of an application's records a statement may not see. Whatever it computes, it computes of what is left: filters, sorting, joins,
 * counts and errors tell nothing of masked values and hidden rows. What `statistics` measures (bytes read, time) is not of what is left.
 */
export interface Restrictions {
  /** sha-256 of all the rest, hex, for records and logs. The engine goes by the rest alone. */
  id: string
  /** Tables that may be named; others are answered as if they were unknown. */
  tables: string[]
  /**
   * `hidden`: NULL. `partial`: the last characters that the model's `partly` keeps, behind `•••• `; NULL of a text that is no longer
   * than those, and wherever the model keeps nothing. Both for one column: `hidden`.
   */
  masks: { table: string; column: string; mask: 'hidden' | 'partial' }[]
  /**
   * Names of the model's row rules in force. A row is hidden where it has a value that a rule hides, or where one of its paths to persons
   * passes through a hidden row, granted or not; only paths of the roles in the rule's `through`, where it names some. NULL hides nothing
   * and leads nowhere. A statement under a rule that the engine's model does not know fails (`system`).
   */
  rowRules: string[]
}

/** SQL in Athena's dialect with `?` for each value. Tables are named without schema; the engine resolves them. */
export interface Statement {
  application: string
  sql: string
  values: BoundValue[]
  /** Absent: everything may be seen, as by the archivist's checks. */
  restrictions?: Restrictions
  /**
   * Of the product's own statements, never of a template's: each table also has `_object` (varchar), the key of the object in the bucket
   * that holds the row, and `_row` (bigint), the row's number in its load. Not together with restrictions.
   */
  places?: true
  /** What the published template says it reads. An engine without a translator of its own does not run a statement that has none. */
  reading?: StatementReading
}

export interface StartOptions {
  /** Idempotency token, 32 to 128 characters: a second start with the same token is the same execution. */
  token: string
  /** Who waits: interactive searches are never starved by exports. */
  lane: 'search' | 'export'
  /** Whose turn it is; the queue is fair between them. */
  person: string
  /** Milliseconds until the execution is stopped. */
  timeLimit: number
  /**
   * Rows kept of the result; one more is fetched to know that there are more. Panels: 10,000. A file that would have more rows is not
   * written: the execution ends early, with no rows and `more`.
   */
  rowLimit: number
}

export type ExecutionState = 'QUEUED' | 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'CANCELLED'

/**
 * `user`: the query or its values; `limit`: time, memory or bytes; `system`: the engine; `changed`: objects were replaced under it;
 * `masked`: it chooses rows by masked columns, so that whatever it gave would be wrong (`columns`, each `table.column`). Only the order of
 * the whole result may go by one; `prepare` does not fail by it.
 */
export type FailureKind = 'user' | 'limit' | 'system' | 'changed' | 'masked'

export interface Execution {
  id: string
  state: ExecutionState
  /** Present once SUCCEEDED. `rows` counts what is kept; `more` says that the row limit cut it. */
  result?: {
    columns: ResultColumn[]
    rows: number
    more: boolean
    /** Of an unload that was asked for keys: how many were written, in lines of the file. */
    keys?: number
  }
  error?: { kind: FailureKind; message: string; retryable: boolean; columns?: string[] }
  /** 0 to 1 while RUNNING, where the engine knows it. */
  progress?: number
  /** Version of the catalog by which it ran, where the engine knows: not always the one there was when it was started. */
  catalogVersion?: string
  statistics: Statistics
}

export interface Statistics {
  /** Bytes of column data the engine had to read; what Athena would bill for. */
  bytesScanned: number
  queueMs: number
  engineMs: number
}

export interface ResultColumn {
  name: string
  type: ColumnType
  /**
   * Its values are made of a masked column; `hidden` where any of them is hidden. Conditions inside an expression count, and those of an
   * outer join for the side that it may leave empty. What chooses rows does not: a statement that chooses them by a masked column does
   * not run (`masked` among the kinds of failure).
   */
  masked?: 'hidden' | 'partial'
  /** Column of a table, `table.column`: only where it is nothing but this one, through WITH, subqueries, outer joins and UNION too. */
  from?: string
}

/**
 * One row as canonical text per column, the same from every engine: dates `2024-07-05`, timestamps
 * `2024-07-05 13:45:00.000`, decimals with their scale, booleans `true`/`false`, NULL as null.
 */
export type Row = (string | null)[]

export interface UnloadTarget {
  /** Local folder (embedded) or key prefix (AWS) that is empty and that the engine writes the file into. */
  folder: string
  format: 'csv' | 'json' | 'parquet'
  /**
   * Columns in order with the heading to write. With `words` the column is written as text: the word of each code, the code
   * itself where there is no word, NULL as NULL; so that a code column can stand twice, once as it is and once in words.
   */
  columns: { name: string; heading: string; words?: Record<string, string> }[]
  /**
   * What names the records in the rows, written beside them from the same run, so that both are of the same rows. At each place, groups
   * of columns whose values are of one kind (a table's key, and columns that refer to it). Of each place every key that any of its groups
   * has is written once, as a line `{"t":<place>,"k":[<canonical text>, ...]}`; keys with a NULL are left out. No file where there are
   * no keys. The columns are the statement's, whether the file has them or not; a double cannot be in a key.
   */
  keys?: string[][][]
}

export interface QueryEngine {
  readonly name: 'duckdb' | 'athena'
  start(statement: Statement, options: StartOptions): Promise<string>
  /**
   * Takes up an execution that another process began with these very arguments, without running anything, so that it can be asked for here.
   * Absent where executions end with their process.
   */
  resume?(id: string, statement: Statement, options: StartOptions): Promise<void>
  /** Throws NotFoundError for an id that it does not know. */
  status(id: string): Promise<Execution>
  /** Resolves when the execution has ended or `ms` have passed; the state it gives may still be RUNNING. */
  wait(id: string, ms: number): Promise<Execution>
  /** All kept rows, in order, in batches; only once SUCCEEDED. */
  rows(id: string): AsyncIterable<Row[]>
  /** Runs the whole statement into a file. Progress by `status`; rows counted in `result.rows`. */
  unload(statement: Statement, target: UnloadTarget, options: StartOptions): Promise<string>
  /** Stops work in the engine too; ending an ended execution is no error. */
  cancel(id: string): Promise<void>
  /** Prepares without running: columns and types it would give, or a TemplateError that names the place. */
  prepare(statement: Statement): Promise<ResultColumn[]>
  /**
   * What a statement reads, whoever asks, without running it; remembered, so that it is asked before each search. Rejects for what is no
   * statement. Absent where only published readings are known.
   */
  reading?(statement: Statement): Promise<Pick<StatementReading, 'used' | 'chosenBy'>>
  /** Tells the engine that the catalog of an application changed. */
  refresh(application: string): Promise<void>
  close(): Promise<void>
}
