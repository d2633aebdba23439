import type { DuckDBPreparedStatement } from '@duckdb/node-api'
import type { Translated } from './translated.ts'

/** Each keeps its last plan in memory. */
const most = 32

/**
 * Prepared statements between two runs. DuckDB plans a statement over Parquet files anew with each run, by the values and the files
 * as they are then, and holds none of them open in between; what is saved is the planning before it, which knows no values.
 */
export class KeptStatements {
  readonly #byStatement = new Map<Translated, DuckDBPreparedStatement>()

  /** Whoever takes one gives it back by `keep`, or destroys it. */
  take(statement: Translated): DuckDBPreparedStatement | undefined {
    const prepared = this.#byStatement.get(statement)
    this.#byStatement.delete(statement)
    return prepared
  }

  /** Only after it has given all its rows. */
  keep(statement: Translated, prepared: DuckDBPreparedStatement) {
    this.#byStatement.set(statement, prepared)
    const [oldest] = this.#byStatement
    if (oldest && this.#byStatement.size > most) {
      this.#byStatement.delete(oldest[0])
      oldest[1].destroySync()
    }
  }

  forget(statement: Translated) {
    this.take(statement)?.destroySync()
  }

  clear() {
    for (const prepared of this.#byStatement.values()) prepared.destroySync()
    this.#byStatement.clear()
  }
}
