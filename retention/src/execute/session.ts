import { mkdir } from 'node:fs/promises'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { OperatorError } from '@muniment/archive/errors'

export const text = (value: string) => `'${value.replaceAll("'", "''")}'`
export const identifier = (name: string) => `"${name.replaceAll('"', '""')}"`
/** A path as DuckDB's readers take it, meant as it is and not as a pattern. */
export const filePath = (path: string) => text(path.replace(/[*?[]/g, (char) => `[${char}]`))

export type Rows = Record<string, string | null>[]

/** One connection; its temporary tables and variables are its own. */
export interface Session {
  run(sql: string): Promise<void>
  rows(sql: string): Promise<Rows>
  row(sql: string): Promise<Rows[number]>
  /** Without holding all of them; values as text. */
  each(sql: string, take: (values: (string | null)[]) => void): Promise<void>
  close(): void
}

export interface Sessions {
  open(): Promise<Session>
  close(): void
}

const asText = (value: unknown): string | null => (value === null || value === undefined ? null : String(value))

/** What DuckDB says of a file may quote a record, so it goes into no message. */
function explain(error: unknown): never {
  const said = error instanceof Error ? error.message : ''
  if (/No space left|disk full|max_temp_directory_size/i.test(said))
    throw new OperatorError(
      'The disk of the work folder is full. Nothing was destroyed of the object that was being worked on.',
      {
        cause: error,
      },
    )
  if (/Out of Memory/i.test(said))
    throw new OperatorError('The memory allowed for a run does not suffice; allow more, or fewer workers.', {
      cause: error,
    })
  throw error
}

function sessionOf(connection: DuckDBConnection): Session {
  const session: Session = {
    async run(sql) {
      await connection.run(sql).catch(explain)
    },
    async rows(sql) {
      const reader = await connection.runAndReadAll(sql).catch(explain)
      return reader
        .getRowObjects()
        .map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, asText(value)])))
    },
    async row(sql) {
      const [row] = await session.rows(sql)
      if (!row) throw new Error('A statement that gives one row gave none.')
      return row
    },
    async each(sql, take) {
      const result = await connection.stream(sql).catch(explain)
      for (;;) {
        const chunk = await result.fetchChunk().catch(explain)
        if (!chunk || chunk.rowCount === 0) return
        for (const values of chunk.getRows()) take(values.map(asText))
      }
    },
    close: () => connection.closeSync(),
  }
  return session
}

/** DuckDB within this process for the time of one run; what it spills stays below `folder`. */
export async function openSessions(
  folder: string,
  { memoryBytes = 2 << 30, threads = 2 }: { memoryBytes?: number; threads?: number } = {},
): Promise<Sessions> {
  await mkdir(folder, { recursive: true })
  const instance = await DuckDBInstance.create(':memory:', {
    memory_limit: `${Math.floor(memoryBytes / (1 << 20))}MiB`,
    threads: String(threads),
    temp_directory: folder,
    preserve_insertion_order: 'true',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  })
  return {
    async open() {
      const connection = await instance.connect()
      await connection.run("SET TimeZone = 'UTC'")
      return sessionOf(connection)
    },
    close: () => instance.closeSync(),
  }
}
