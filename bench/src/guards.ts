import type { DuckDBConnection } from '@duckdb/node-api'
import { openBothWays } from './guarded.ts'
import { quantile, type Result, result } from './results.ts'
import type { Setting } from './setting.ts'
import { timed } from './timing.ts'

const ROUNDS = 300
const WARM = 50

/**
 * What the check of the token, rights, masks, row rules and a durable log cost a lookup: the same lookups with all of it and with none,
 * turn by turn in one process, without sockets. The policies are ones that both may see.
 */
export async function benchGuards(setting: Setting, duckdb: DuckDBConnection): Promise<Result[]> {
  const policies = await policiesOfOthers(duckdb)
  const ways = await openBothWays(setting)
  const [guarded, bare, between]: [number[], number[], number[]] = [[], [], []]
  try {
    for (const [turn, policy] of policies.entries()) {
      const times = { guarded: 0, bare: 0 }
      // Whoever comes second finds the system's cache warm: they take turns at it.
      for (const way of turn % 2 === 0 ? (['guarded', 'bare'] as const) : (['bare', 'guarded'] as const)) {
        const { seconds, value } = await timed(() => ways[way].lookup(policy))
        if (!value.includes(policy)) throw new Error('the lookup found no policy')
        times[way] = seconds * 1000
      }
      if (turn < WARM) continue
      guarded.push(times.guarded)
      bare.push(times.bare)
      between.push(times.guarded - times.bare)
    }
  } finally {
    await ways.close()
  }
  const size = `${setting.policies.toLocaleString('en')} policies`
  return [
    result(`lookup with all checks, p50, ${size}`, quantile(guarded, 0.5), 'ms'),
    result(`lookup without any, p50, ${size}`, quantile(bare, 0.5), 'ms'),
    result(`sign-in check, rights, masks and log per search, p50, ${size}`, quantile(between, 0.5), 'ms', 3),
  ]
}

async function policiesOfOthers(duckdb: DuckDBConnection): Promise<string[]> {
  const reader = await duckdb.runAndReadAll(`
    SELECT p.policy_number
    FROM policies p JOIN parties h ON h.party_number = p.holder_party_number JOIN parties y ON y.party_number = p.payer_party_number
    WHERE NOT coalesce(p.staff_terms, false) AND NOT coalesce(h.staff, false) AND NOT coalesce(y.staff, false)
    ORDER BY hash(p.policy_number || 'guards') LIMIT ${ROUNDS + WARM}`)
  return reader.getRows().map(([policy]) => String(policy))
}
