import { addMonths, LEDGER_BEGINS, OPEN, SWITCH_OFF, yearOf } from './calendar.ts'
import { Ledger } from './ledger.ts'
import type { Policy } from './policy.ts'
import type { State } from './policy-plan.ts'

const perYear: Record<string, number> = { '1': 1, '2': 2, '4': 4, M: 12 }

/** Premiums invoiced and paid since the ledger begins, and everything that went wrong with it. */
export function writeCollection(policy: Policy): void {
  const { plan, random } = policy
  const ledger = new Ledger(policy)
  const lapsesUnpaid = plan.status === 'K07'
  const last = Math.min(plan.end, SWITCH_OFF)
  let due = plan.begin
  let months = 0
  let number = 0
  while (due <= last) {
    const state = stateOn(policy, due)
    const step = 12 / (perYear[state?.frequency ?? '1'] ?? 1)
    months += step
    const next = addMonths(plan.begin, months)
    if (due >= LEDGER_BEGINS && state && state.premium > 0) {
      number++
      const amount = Math.round((state.premium * step) / 12)
      const unpaid = lapsesUnpaid && next > last
      ledger.premium({ kind: due === plan.begin ? 'E' : 'F', due, periodTo: next - 1, amount, unpaid })
      // Whoever leaves within a period that was paid for gets the rest of it back.
      if (!unpaid && plan.end !== OPEN && next - 1 > plan.end && plan.end <= SWITCH_OFF - 20) {
        const rest = Math.round((amount * (next - 1 - plan.end)) / (next - due))
        if (rest > 500) ledger.refund(rest, Math.min(plan.end + random.between(8, 40), SWITCH_OFF), 'S', null)
      }
    }
    due = next
  }
  if (number > 0 && random.chance(0.012)) ledger.unclear(Math.min(last, SWITCH_OFF), yearOf(last))
  ledger.write()
}

/** None while the policy was lapsed. */
function stateOn(policy: Policy, onDay: number): State | undefined {
  for (const { from, to, state } of policy.periods) if (from <= onDay && onDay <= to) return state
  return undefined
}
