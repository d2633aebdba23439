import { mkdir } from 'node:fs/promises'
import { availableParallelism, freemem, totalmem } from 'node:os'
import { join } from 'node:path'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { OperatorError } from '@muniment/archive/errors'

const MB = 1 << 20

/** Half of what is free, between 512 MB and 8 GB, and never more than three quarters of the machine. */
export function memoryFor(total = totalmem(), free = freemem()): number {
  return Math.floor(Math.min(Math.max(free / 2, 512 * MB), 8192 * MB, total * 0.75))
}

/** As many as there are cores, as far as each has 128 MB: what DuckDB wants for a thread to sort on disk. */
export function threadsFor(memoryBytes: number, cores = availableParallelism()): number {
  return Math.max(1, Math.min(cores, Math.floor(memoryBytes / (128 * MB))))
}

export type SqlRow = Record<string, string | null>

/** DuckDB within this process, for the time of one load. Everything it spills stays below the staging folder. */
export interface Session {
  readonly connection: DuckDBConnection
  /** What DuckDB may hold in memory. */
  readonly memoryBytes: number
  run(sql: string): Promise<void>
  /** Rows with every value as text; the statement casts what has no plain text form. */
  rows(sql: string): Promise<SqlRow[]>
  row(sql: string): Promise<SqlRow>
  /** Row by row, without holding all of them. */
  each(sql: string, take: (row: SqlRow) => void | Promise<void>): Promise<void>
  close(): void
}

export interface RootSession extends Session {
  /** Leaves as many of DuckDB's own threads as make the allowed number together with the statements that run at the same time. */
  runAtOnce(statements: number): Promise<void>
  /** A further connection to the same instance, for work at the same time; to be closed before this one. */
  another(): Promise<Session>
}

function asText(value: unknown): string | null {
  return value === null || value === undefined ? null : String(value)
}

function asRow(names: readonly string[], values: readonly unknown[]): SqlRow {
  return Object.fromEntries(names.map((name, index) => [name, asText(values[index])]))
}

/** DuckDB could not read a file. Its own message quotes the record, so it goes no further. */
export class UnreadableError extends Error {
  /** Line of the record, where DuckDB names it. */
  readonly line: number | undefined

  constructor(line: number | undefined) {
    super('DuckDB could not read a file as it was declared.')
    this.name = 'UnreadableError'
    this.line = line
  }
}

/** Throws what DuckDB threw, in words for who must act. */
export function explain(error: unknown): never {
  const message = error instanceof Error ? error.message : String(error)
  if (/No space left|disk full|max_temp_directory_size/i.test(message))
    throw new OperatorError('The disk with the data folder is full; the load stays where it was and can be resumed.', {
      cause: error,
    })
  if (/Out of Memory/i.test(message))
    throw new OperatorError('The memory allowed for the load does not suffice; allow more, or fewer threads.', {
      cause: error,
    })
  if (/^(Invalid Input|Conversion|Out of Range|Serialization|IO) Error|parquet|zstd|thrift/i.test(message)) {
    const line = /Line: (\d+)/.exec(message)?.[1]
    throw new UnreadableError(line === undefined ? undefined : Number(line))
  }
  throw error
}

export async function openSession(
  staging: string,
  { memoryBytes = memoryFor(), threads = threadsFor(memoryBytes) }: { memoryBytes?: number; threads?: number } = {},
): Promise<RootSession> {
  const temporary = join(staging, 'spill')
  await mkdir(temporary, { recursive: true })
  const instance = await DuckDBInstance.create(':memory:', {
    memory_limit: `${Math.floor(memoryBytes / MB)}MiB`,
    threads: String(threads),
    temp_directory: temporary,
    preserve_insertion_order: 'true',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    errors_as_json: 'false',
  })
  const first = await connectionSession(instance, memoryBytes)
  // Of its own: a statement would end what another one on its connection is still giving out.
  const settings = await connectionSession(instance, memoryBytes)
  return {
    ...first,
    // Each statement has a thread besides DuckDB's own, and more threads than cores only get in each other's way.
    runAtOnce: (statements) => settings.run(`SET threads = ${Math.max(1, threads - Math.max(0, statements - 1))}`),
    another: () => connectionSession(instance, memoryBytes),
    close() {
      settings.close()
      first.close()
      instance.closeSync()
    },
  }
}

/** One connection: its temporary tables are its own. */
async function connectionSession(instance: DuckDBInstance, memoryBytes: number): Promise<Session> {
  const connection = await instance.connect()
  await connection.run(`SET TimeZone = 'UTC'`).catch(explain)
  const session: Session = {
    connection,
    memoryBytes,
    async run(sql) {
      await connection.run(sql).catch(explain)
    },
    async rows(sql) {
      const rows: SqlRow[] = []
      await session.each(sql, (row) => {
        rows.push(row)
      })
      return rows
    },
    async row(sql) {
      const [row] = await session.rows(sql)
      if (!row) throw new Error('A statement that gives one row gave none.')
      return row
    },
    async each(sql, take) {
      const result = await connection.stream(sql).catch(explain)
      const names = result.columnNames()
      for (;;) {
        const chunk = await result.fetchChunk().catch(explain)
        if (!chunk || chunk.rowCount === 0) return
        for (const values of chunk.getRows()) await take(asRow(names, values))
      }
    },
    close() {
      connection.closeSync()
    },
  }
  return session
}
