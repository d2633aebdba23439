import type { DuckDBConnection } from '@duckdb/node-api'
import { lookup, type Server } from './client.ts'
import { quantile, type Result, result } from './results.ts'

const PEOPLE = 50
const SECONDS = 20

/** Fifty people who search without a pause for thinking: throughput, the slowest hundredth, errors. */
export async function benchCrowd(duckdb: DuckDBConnection, server: Server): Promise<Result[]> {
  const reader = await duckdb.runAndReadAll(
    `SELECT policy_number FROM policies ORDER BY hash(policy_number || 'crowd') LIMIT 5000`,
  )
  const policies = reader.getRows().map(([policy]) => String(policy))
  const times: number[] = []
  let errors = 0
  const end = performance.now() + SECONDS * 1000
  await Promise.all(
    Array.from({ length: PEOPLE }, async (_, person) => {
      for (let turn = 0; performance.now() < end; turn++) {
        const begun = performance.now()
        try {
          await lookup(server, policies[(person * 97 + turn) % policies.length] ?? '')
          times.push(performance.now() - begun)
        } catch {
          errors++
        }
      }
    }),
  )
  return [
    result(`${PEOPLE} people at once: lookups`, times.length / SECONDS, '1/s'),
    result(`${PEOPLE} people at once: p50`, quantile(times, 0.5), 'ms'),
    result(`${PEOPLE} people at once: p99`, quantile(times, 0.99), 'ms'),
    result(`${PEOPLE} people at once: errors`, errors, '', 0),
  ]
}
