import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import type { CatalogSnapshot } from '@muniment/archive/catalog/port'

/** A plain DuckDB with nothing of ours, to compare with. */
export async function openDuckdb(settings: Record<string, string> = {}): Promise<DuckDBConnection> {
  const instance = await DuckDBInstance.create(':memory:', settings)
  return instance.connect()
}

export const text = (value: string) => `'${value.replaceAll("'", "''")}'`

/** A view a table over the archive's own objects, as anybody with the files would make it. */
export async function viewArchive(connection: DuckDBConnection, home: string, snapshot: CatalogSnapshot) {
  for (const table of snapshot.tables) {
    const files = table.objects.map(({ key }) => text(`${home}/${key}`))
    if (files.length === 0) continue
    const hive = table.partitionBy.length > 0
    await connection.run(
      `CREATE VIEW ${table.name} AS SELECT * FROM read_parquet([${files.join(', ')}], hive_partitioning = ${hive}, hive_types_autocast = false)`,
    )
  }
}
