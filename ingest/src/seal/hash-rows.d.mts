export interface RowsToHash {
  /** Rows as `encodedRows` writes them. */
  bytes: Uint8Array
  /** Of each sensitive class which columns are varchars (1). */
  classes: Uint8Array[]
  /** The same of those in none, without the row's number, which comes first. */
  open: Uint8Array
  /** 16 bytes a row: a run for each class, and one for the rows. */
  salts: Uint8Array[]
  /** Rows `first` to `first + count - 1` may be there. */
  first: number
  count: number
  /** Leaves of rows that were destroyed, by their place in the group. */
  gone?: [index: number, leaf: Uint8Array][]
}

export interface HashedRows {
  /** 32 bytes a row, zeros where it was neither there nor destroyed. */
  leaves: Buffer
  /** How many were there. */
  rows: number
  /** 1 for each that was. */
  seen: Uint8Array
}

export function hashRows(rows: RowsToHash): HashedRows
export function rootOfRun(hashes: Uint8Array): Buffer
