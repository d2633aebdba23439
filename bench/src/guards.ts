import type { DuckDBConnection } from '@duckdb/node-api'
import { type Asked, openWays } from './guarded.ts'
import { quantile, type Result, result } from './results.ts'
import type { Setting } from './setting.ts'
import { timed } from './timing.ts'

const ROUNDS = 300
const WARM = 50
/** Lookups that each comparison begins with; then nobody asks for as long as the engine needs to prepare what hides rows. */
const FIRST = 4
const REST_MS = 5_000

/**
 * What the check of the token, rights, masks and a durable log cost a lookup, and what row rules do: the same lookups with and without, turn
 * by turn in one process, without sockets. The policies are ones that everybody may see.
 */
export async function benchGuards(setting: Setting, duckdb: DuckDBConnection): Promise<Result[]> {
  const policies = await policiesOfOthers(duckdb)
  const ways = await openWays(setting)
  const size = `${setting.policies.toLocaleString('en')} policies`
  try {
    const checks = await compared(policies, ways.checked, ways.bare)
    const rules = await compared(policies, ways.ruled, ways.checked)
    return [
      result(`lookup with all checks and row rules, p50, ${size}`, quantile(rules.first, 0.5), 'ms'),
      result(`lookup without any, p50, ${size}`, quantile(checks.second, 0.5), 'ms'),
      result(`sign-in check, masks and log per search, p50, ${size}`, quantile(checks.between, 0.5), 'ms', 3),
      result(`row rules per lookup, p50, ${size}`, quantile(rules.between, 0.5), 'ms', 1),
    ]
  } finally {
    await ways.close()
  }
}

/** Milliseconds of each lookup by both, and by how much the first was slower. */
async function compared(policies: readonly string[], one: Asked, other: Asked) {
  for (const policy of policies.slice(0, FIRST)) for (const way of [one, other]) await way.lookup(policy)
  await new Promise((resolve) => setTimeout(resolve, REST_MS))
  const [first, second, between]: [number[], number[], number[]] = [[], [], []]
  for (const [turn, policy] of policies.entries()) {
    const times = new Map<Asked, number>()
    // Whoever comes second finds the system's cache warm: they take turns at it.
    for (const way of turn % 2 === 0 ? [one, other] : [other, one]) {
      const { seconds, value } = await timed(() => way.lookup(policy))
      if (!value.includes(policy)) throw new Error('the lookup found no policy')
      times.set(way, seconds * 1000)
    }
    if (turn < WARM) continue
    const [a = Number.NaN, b = Number.NaN] = [times.get(one), times.get(other)]
    first.push(a)
    second.push(b)
    between.push(a - b)
  }
  return { first, second, between }
}

async function policiesOfOthers(duckdb: DuckDBConnection): Promise<string[]> {
  const reader = await duckdb.runAndReadAll(`
    SELECT p.policy_number
    FROM policies p JOIN parties h ON h.party_number = p.holder_party_number JOIN parties y ON y.party_number = p.payer_party_number
    WHERE NOT coalesce(p.staff_terms, false) AND NOT coalesce(h.staff, false) AND NOT coalesce(y.staff, false)
    ORDER BY hash(p.policy_number || 'guards') LIMIT ${ROUNDS + WARM}`)
  return reader.getRows().map(([policy]) => String(policy))
}
