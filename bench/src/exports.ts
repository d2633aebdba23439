import { existsSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { type Server, search } from './client.ts'
import { text } from './duckdb.ts'
import { watchMemory } from './processes.ts'
import { type Result, result } from './results.ts'
import { checkout, receiptsSql, type Setting } from './setting.ts'
import { timed } from './timing.ts'

/** A million rows as CSV through the API, file in hand, against a raw COPY of the same query. */
export async function benchExports(duckdb: DuckDBConnection, setting: Setting, server: Server): Promise<Result[]> {
  const file = join(checkout, '.work', 'bench', 'raw.csv')
  const found = await search(server, 'bench-receipts', {})
  const raw: number[] = []
  const ours: number[] = []
  const named: number[] = []
  let peak = 0
  for (let turn = 0; turn < 3; turn++) {
    raw.push((await timed(() => duckdb.run(`COPY (${receiptsSql}) TO ${text(file)} (FORMAT csv, HEADER)`))).seconds)
    const memory = watchMemory(server.pid)
    const made = await timed(() => exportOf(server, found.id))
    ours.push(made.seconds)
    named.push((await timed(() => untilNamed(setting, made.value))).seconds)
    peak = Math.max(peak, await memory())
  }
  return [
    result('export of 1M rows to CSV against COPY', Math.min(...ours) / Math.min(...raw), 'x', 1.5),
    result('export of 1M rows: time', Math.min(...ours), 's'),
    result('export of 1M rows: from then until the log names its records', Math.min(...named), 's'),
    result('export of 1M rows: file', (await stat(file)).size / 1024 ** 2, 'MiB'),
    result('export of 1M rows: most memory of the server and its engines', peak / 1024 ** 2, 'MiB'),
  ]
}

/** Gives the export's id. */
async function exportOf(server: Server, id: string): Promise<string> {
  const begun = await server.fetch(`/api/searches/${id}/exports`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ panel: 'receipts', format: 'csv' }),
  })
  const job = (await begun.json()) as { id: string; state: string; rows?: number }
  if (begun.status !== 202) throw new Error(`export: ${begun.status} ${JSON.stringify(job)}`)
  for (;;) {
    const now = (await (await server.fetch(`/api/exports/${job.id}`)).json()) as { state: string; rows?: number }
    if (now.state === 'done') return job.id
    if (now.state === 'failed' || now.state === 'cancelled') throw new Error(`export ${now.state}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** The list of records that an export took along goes once the log has them. */
async function untilNamed({ home }: Setting, id: string): Promise<void> {
  const list = join(home, 'results', id.slice(0, 36), 'exports', id.slice(37), 'records.jsonl')
  if (!existsSync(list)) throw new Error('the export named no records')
  while (existsSync(list)) await new Promise((resolve) => setTimeout(resolve, 20))
}
