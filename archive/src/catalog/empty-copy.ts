import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import type { CatalogSnapshot, CatalogTable } from './port.ts'

const duckdbTypes: Record<string, string> = { timestamp: 'TIMESTAMP_MS', varbinary: 'BLOB', real: 'FLOAT' }
const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`

function emptySelect({ columns, partitionBy }: CatalogTable): string {
  const stored = columns.filter(({ name }) => !partitionBy.includes(name))
  const values = stored.map(({ name, type }) => {
    const known = /^(varchar|boolean|(tiny|small|big)int|integer|double|date|time|decimal\(\d+,\d+\))$/.test(type)
    return `NULL::${duckdbTypes[type] ?? (known ? type : 'VARCHAR')} AS ${quoted(name)}`
  })
  return `SELECT ${values.length > 0 ? values.join(', ') : 'NULL::BIGINT AS _row'} WHERE false`
}

/**
 * Writes, below `home`, an archive without rows of the tables of a snapshot, and gives its snapshot: what statements can be prepared
 * against where the records lie elsewhere. Of each table one object, with the columns that the snapshot says.
 */
export async function writeEmptyCopy(snapshot: CatalogSnapshot, home: string): Promise<CatalogSnapshot> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1', memory_limit: '256MB' })
  const connection = await instance.connect()
  try {
    const tables: CatalogTable[] = []
    for (const table of snapshot.tables) {
      const [object] = table.objects
      if (object) {
        const file = join(home, ...object.key.split('/'))
        await mkdir(dirname(file), { recursive: true })
        await connection.run(`COPY (${emptySelect(table)}) TO '${file.replaceAll("'", "''")}' (FORMAT parquet)`)
      }
      tables.push({ ...table, objects: object ? [{ ...object, rows: 0 }] : [], rows: 0, bytes: 0 })
    }
    return { ...snapshot, tables }
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}
