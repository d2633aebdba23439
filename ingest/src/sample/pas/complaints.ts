import { day, SWITCH_OFF } from './calendar.ts'
import { complaintNumber } from './identifiers.ts'
import type { Policy } from './policy.ts'
import { complaintAnswers, complaintTexts } from './words/texts.ts'

export function writeComplaints(policy: Policy, claims: { number: string; reportedOn: number }[]): void {
  const { sample, random, plan } = policy
  if (policy.holder.organisation ? !random.chance(0.006) : !random.chance(0.012)) return
  const complaints = random.chance(0.15) ? 2 : 1
  // Complaints were not registered earlier.
  const first = Math.max(plan.begin, day(2002, 1, 1))
  const last = Math.min(plan.end + 200, SWITCH_OFF)
  if (first >= last) return
  for (let i = 1; i <= complaints; i++) {
    const claim = claims.length > 0 && random.chance(0.5) ? claims[random.below(claims.length)] : undefined
    const received =
      claim && claim.reportedOn >= first
        ? Math.min(claim.reportedOn + random.between(20, 200), SWITCH_OFF)
        : random.between(first, last)
    const closed = received + random.between(3, 90)
    const open = closed > SWITCH_OFF
    sample.put('complaints', {
      complaint_number: complaintNumber(policy.serial, i),
      party_number: policy.holder.number,
      policy_number: random.chance(0.95) || claim ? policy.number : null,
      claim_number: claim?.number,
      category: claim ? random.pick(['B2', 'B2', 'B3']) : random.pick(['B1', 'B4', 'B5', 'B6']),
      channel: received > day(2012, 1, 1) ? random.pick(['E', 'B', 'T', 'P']) : random.pick(['B', 'T', 'F']),
      received_on: received,
      closed_on: open ? null : closed,
      status: open ? 'O' : 'E',
      outcome: open
        ? null
        : random.weighted([
            ['A', 48],
            ['T', 22],
            ['S', 26],
            ['V', 4],
          ]),
      text: sample.text(random, complaintTexts),
      answer: open ? null : sample.text(random, complaintAnswers),
    })
  }
}
