import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'

/** Runs `act` on a DuckDB of its own, which reads and writes local files and nothing else. */
export async function withDuckdb<T>(act: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '2', memory_limit: '1GB' })
  const connection = await instance.connect()
  try {
    await connection.run('SET autoinstall_known_extensions = false')
    await connection.run('SET autoload_known_extensions = false')
    return await act(connection)
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}
