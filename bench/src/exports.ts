import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { type Server, search } from './client.ts'
import { text } from './duckdb.ts'
import { watchMemory } from './processes.ts'
import { type Result, result } from './results.ts'
import { checkout, receiptsSql } from './setting.ts'
import { timed } from './timing.ts'

/** A million rows as CSV through the API, file in hand, against a raw COPY of the same query. */
export async function benchExports(duckdb: DuckDBConnection, server: Server): Promise<Result[]> {
  const file = join(checkout, '.work', 'bench', 'raw.csv')
  const found = await search(server, 'bench-receipts', {})
  const raw: number[] = []
  const ours: number[] = []
  let peak = 0
  for (let turn = 0; turn < 3; turn++) {
    raw.push((await timed(() => duckdb.run(`COPY (${receiptsSql}) TO ${text(file)} (FORMAT csv, HEADER)`))).seconds)
    const memory = watchMemory(server.pid)
    ours.push((await timed(() => exportOf(server, found.id))).seconds)
    peak = Math.max(peak, await memory())
  }
  return [
    result('export of 1M rows to CSV against COPY', Math.min(...ours) / Math.min(...raw), 'x', 1.5),
    result('export of 1M rows: time', Math.min(...ours), 's'),
    result('export of 1M rows: file', (await stat(file)).size / 1024 ** 2, 'MiB'),
    result('export of 1M rows: most memory of the server and its engines', peak / 1024 ** 2, 'MiB'),
  ]
}

async function exportOf(server: Server, id: string): Promise<void> {
  const begun = await server.fetch(`/api/searches/${id}/exports`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ panel: 'receipts', format: 'csv' }),
  })
  const job = (await begun.json()) as { id: string; state: string; rows?: number }
  if (begun.status !== 202) throw new Error(`export: ${begun.status} ${JSON.stringify(job)}`)
  for (;;) {
    const now = (await (await server.fetch(`/api/exports/${job.id}`)).json()) as { state: string; rows?: number }
    if (now.state === 'done') break
    if (now.state === 'failed' || now.state === 'cancelled') throw new Error(`export ${now.state}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
