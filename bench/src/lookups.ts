import type { DuckDBConnection } from '@duckdb/node-api'
import type { CatalogSnapshot } from '@muniment/archive/catalog/port'
import { bind } from '@muniment/query-templates/bind'
import { loadTemplates } from '@muniment/query-templates/load'
import { lookup, type Server } from './client.ts'
import { openDuckdb, text, viewArchive } from './duckdb.ts'
import { quantile, type Result, result } from './results.ts'
import type { Setting } from './setting.ts'
import { timed } from './timing.ts'

const ROUNDS = 300

/** Point lookups by policy number: the whole HTTP API against the same SQL straight in DuckDB, turn by turn in one run. */
export async function benchLookups(setting: Setting, snapshot: CatalogSnapshot, server: Server): Promise<Result[]> {
  const duckdb = await openDuckdb({ threads: '2' })
  // As anybody would who asks the same files again and again; ours does too.
  await duckdb.run('SET parquet_metadata_cache = true')
  await viewArchive(duckdb, setting.home, snapshot)
  const policies = await somePolicies(duckdb, ROUNDS + 50)
  const straight = await straightLookup(setting, duckdb)

  const [api, plain, bytes]: number[][] = [[], [], []]
  for (const [turn, policy] of policies.entries()) {
    const plainly = await timed(() => straight(policy))
    const whole = await timed(() => lookup(server, policy))
    // Both have read footers and compiled what they compile before anything counts.
    if (turn < 50) continue
    plain?.push(plainly.seconds * 1000)
    api?.push(whole.seconds * 1000)
    bytes?.push(whole.value.bytesScanned)
  }
  const table = snapshot.tables.find(({ name }) => name === 'policies')
  const size = `${setting.policies.toLocaleString('en')} policies`
  return [
    result(`lookup over HTTP, p50, ${size}`, quantile(api ?? [], 0.5), 'ms'),
    result(`lookup straight in DuckDB, p50, ${size}`, quantile(plain ?? [], 0.5), 'ms'),
    result(`lookup over HTTP to DuckDB, p50, ${size}`, quantile(api ?? [], 0.5) / quantile(plain ?? [], 0.5), 'x', 1.5),
    result(
      `lookup over HTTP to DuckDB, p95, ${size}`,
      quantile(api ?? [], 0.95) / quantile(plain ?? [], 0.95),
      'x',
      2.5,
    ),
    result(`bytes a lookup reads of all its tables, p50, ${size}`, quantile(bytes ?? [], 0.5) / 1024, 'KiB'),
    result(
      `bytes of the policies table's row groups that a lookup reads, ${size}`,
      ((await rowGroupBytes(duckdb, setting, table, policies[0] ?? '')) / (table?.bytes ?? 1)) * 100,
      '%',
      setting.policies >= 5_000_000 ? 1 : 2.5,
    ),
  ]
}

/** Policy numbers from all over the table, always the same ones. */
async function somePolicies(duckdb: DuckDBConnection, count: number): Promise<string[]> {
  const reader = await duckdb.runAndReadAll(
    `SELECT policy_number FROM policies ORDER BY hash(policy_number || 'bench') LIMIT ${count}`,
  )
  return reader.getRows().map(([policy]) => String(policy))
}

async function straightLookup({ templatesRoot }: Setting, duckdb: DuckDBConnection) {
  const templates = await loadTemplates(templatesRoot, 'pas')
  const query = templates.queries.get('find-policy')
  if (!query) throw new Error('there is no query find-policy')
  return async (policy: string) => {
    const { sql, values } = bind(templates, query, { policy_number: policy })
    const reader = await duckdb.runAndReadAll(
      `${sql} LIMIT 10001`,
      values.map(({ value }) => value),
    )
    if (reader.getRows().length !== 1) throw new Error('the lookup found no policy')
  }
}

/** Compressed bytes of the row groups whose statistics admit the key, by the footers themselves. */
async function rowGroupBytes(
  duckdb: DuckDBConnection,
  setting: Setting,
  table: CatalogSnapshot['tables'][number] | undefined,
  policy: string,
) {
  const files = (table?.objects ?? []).map(({ key }) => text(`${setting.home}/${key}`)).join(', ')
  const reader = await duckdb.runAndReadAll(`
    WITH chunks AS (SELECT * FROM parquet_metadata([${files}])),
    admitted AS (
      SELECT file_name, row_group_id FROM chunks
      WHERE path_in_schema = 'policy_number' AND ${text(policy)} BETWEEN stats_min_value AND stats_max_value
    )
    SELECT sum(total_compressed_size)::BIGINT FROM chunks JOIN admitted USING (file_name, row_group_id)`)
  return Number(reader.getRows()[0]?.[0] ?? 0)
}
