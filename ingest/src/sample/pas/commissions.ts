import { addMonths, LEDGER_BEGINS, SWITCH_OFF, yearOf } from './calendar.ts'
import type { Policy } from './policy.ts'

/** Acquisition, renewals by year for brokers and banks, and what was taken back, since the ledger begins. */
export function writeCommissions(policy: Policy): void {
  const { sample, random, plan, agent, line } = policy
  let commission = 0
  const put = (kind: string, onDay: number, rate: number, amount: number) =>
    sample.put('commissions', {
      policy_number: policy.number,
      commission_no: ++commission,
      agent_number: agent.number,
      settlement_year: String(yearOf(onDay)),
      settled_on: onDay,
      kind,
      rate_percent: rate,
      amount,
      currency: policy.currency,
    })
  const first = plan.versions[0]?.state.premium ?? 0
  const acquisition = line.life ? first * 2 : Math.round(first * 0.18)
  if (plan.begin >= LEDGER_BEGINS && plan.begin + 20 <= SWITCH_OFF)
    put('AP', plan.begin + 20, line.life ? 20_000 : 1800, acquisition)
  if (agent.kind !== '10' && !line.life) {
    const rate = random.between(5, 12) * 100
    for (const { from, to, state } of policy.periods) {
      for (let year = 0; ; year++) {
        const settled = addMonths(from, 12 * year) + 20
        if (settled > Math.min(to, SWITCH_OFF)) break
        if (settled >= LEDGER_BEGINS && settled > plan.begin + 30)
          put('BP', settled, rate, Math.round((state.premium * rate) / 10_000))
      }
    }
  }
  const early = plan.end - plan.begin < 3 * 365 && plan.begin >= LEDGER_BEGINS
  if (early && line.life && plan.end + 25 <= SWITCH_OFF) put('SR', plan.end + 25, 10_000, -Math.round(acquisition / 2))
}
