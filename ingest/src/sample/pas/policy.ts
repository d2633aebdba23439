import type { Agent } from './agents.ts'
import { dateParts, day, OPEN } from './calendar.ts'
import { writeClaims } from './claims.ts'
import { clerkOf } from './clerks.ts'
import { writeCollection } from './collection.ts'
import { writeCommissions } from './commissions.ts'
import { writeComplaints } from './complaints.ts'
import type { Customer, Slot } from './customers.ts'
import { writeDocuments } from './documents.ts'
import { policyNumber } from './identifiers.ts'
import type { Line } from './lines.ts'
import { writeObjects } from './objects.ts'
import type { PartyPool } from './party-pool.ts'
import type { Party } from './people.ts'
import { type PolicyPlan, planPolicy, premiumPeriods } from './policy-plan.ts'
import { Random } from './random.ts'
import type { Sample } from './sample.ts'
import { count } from './truth.ts'
import { versionNotes } from './words/texts.ts'

/** A policy while its rows are made. */
export interface Policy {
  sample: Sample
  random: Random
  pool: PartyPool
  serial: number
  number: string
  line: Line
  plan: PolicyPlan
  periods: ReturnType<typeof premiumPeriods>
  customer: Customer
  holder: Party
  payer: Party | null
  agent: Agent
  entity: '10' | '20'
  currency: 'EUR' | 'CHF'
}

/** Everything about one policy, from one stream of its own; tells whether it was in force at the switch-off. */
export function writePolicy(sample: Sample, pool: PartyPool, slot: Slot, serial: number, agent: Agent): boolean {
  const random = new Random(sample.seed, 'policy', serial)
  const plan = planPolicy(random, slot)
  const swiss = slot.holder.place.country === 'CH'
  const payer =
    random.chance(0.03) && !slot.customer.party.organisation
      ? pool.relative(slot.customer.party, plan.begin, 'partner')
      : undefined
  const policy: Policy = {
    sample,
    random,
    pool,
    serial,
    number: policyNumber(serial),
    line: slot.line,
    plan,
    periods: premiumPeriods(plan),
    customer: slot.customer,
    holder: slot.holder,
    payer: payer ?? null,
    agent,
    entity: swiss ? '20' : '10',
    currency: swiss ? 'CHF' : 'EUR',
  }
  writeRow(policy)
  writeVersions(policy)
  writeCoverages(policy)
  writePremiums(policy)
  const vehicles = writeObjects(policy)
  writeCommissions(policy)
  writeDocuments(policy)
  const claims = writeClaims(policy, vehicles)
  writeCollection(policy)
  writeComplaints(policy, claims)
  return plan.end === OPEN
}

function writeRow(policy: Policy): void {
  const { sample, random, plan, line } = policy
  const staffTerms = policy.holder.staff
  const { policies } = sample.truth
  policies.all++
  if (staffTerms) policies.staffTerms++
  if (policy.entity === '20') policies.swiss++
  if (plan.reinstated) policies.reinstated++
  if (plan.corrected) policies.corrected++
  sample.put('policies', {
    policy_number: policy.number,
    legal_entity: policy.entity,
    line_of_business: line.code,
    product_code: plan.last.product,
    status: plan.status,
    holder_party_number: policy.holder.number,
    payer_party_number: policy.payer?.number,
    agent_number: agentNumberOf(policy),
    begins_on: plan.begin,
    ends_on: plan.end,
    term_ends_on: plan.termEnd === OPEN ? null : plan.termEnd,
    signed_on: plan.begin - random.between(0, 30),
    cancelled_on: plan.notice,
    frequency: plan.last.frequency,
    annual_premium: plan.last.premium,
    currency: policy.currency,
    main_due_month: dateParts(plan.begin).month,
    predecessor_policy_number: predecessorOf(policy),
    staff_terms: staffTerms,
  })
}

/** Some old policies still name an agency that was removed long ago. */
function agentNumberOf({ sample, random, plan, agent }: Policy): string | null {
  if (plan.begin < day(1990, 1, 1) && random.chance(0.006)) {
    count(sample.truth.orphans, 'policies.agent_number')
    return `V0000${random.between(50, 98)}`
  }
  return random.chance(0.01) ? null : agent.number
}

function predecessorOf({ sample, random, plan }: Policy): string | null {
  if (plan.begin > day(1988, 1, 1) || !random.chance(0.02)) return null
  count(sample.truth.orphans, 'policies.predecessor_policy_number')
  return `000${random.digits(6)}`
}

function writeVersions(policy: Policy): void {
  const { sample, random, plan, currency } = policy
  for (const [i, { state, validFrom, validTo, recordedFrom, recordedTo }] of plan.versions.entries()) {
    sample.put('policy_versions', {
      policy_number: policy.number,
      version_no: i + 1,
      reason: state.reason,
      valid_from: validFrom,
      valid_to: validTo,
      recorded_from: recordedFrom,
      recorded_to: recordedTo,
      status: state.status,
      product_code: state.product,
      frequency: state.frequency,
      sum_insured: state.sum,
      deductible: state.deductible,
      annual_premium: state.premium,
      currency,
      no_claims_class:
        state.noClaims === undefined ? null : state.noClaims === 0 ? 'M' : `SF${Math.min(state.noClaims, 35)}`,
      clerk: clerkOf(random),
      note: state.reason !== 'N01' && random.chance(0.16) ? sample.text(random, versionNotes) : null,
    })
  }
}

function writeCoverages(policy: Policy): void {
  const { sample, random, plan, line } = policy
  const chosen = line.covers.filter((cover) => cover.share === 1 || random.chance(cover.share))
  const weights = chosen.reduce((sum, cover) => sum + cover.weight, 0)
  let left = plan.last.premium
  for (const [i, cover] of chosen.entries()) {
    const premium = i === chosen.length - 1 ? left : Math.round((plan.last.premium * cover.weight) / weights)
    left -= premium
    sample.put('coverages', {
      policy_number: policy.number,
      coverage_no: i + 1,
      kind: cover.kind,
      valid_from: plan.begin,
      valid_to: plan.end,
      sum_insured: cover.sum > 1 ? cover.sum * 100 : Math.round(plan.last.sum * cover.sum),
      deductible: plan.last.deductible,
      annual_premium: premium,
      currency: policy.currency,
      clauses: random.chance(0.2) ? `${random.between(1000, 9999)} ${random.between(1000, 9999)}` : null,
    })
  }
}

const reasons: Record<string, string> = { N01: 'N', E07: 'A', W04: 'A', E03: 'S', B09: 'D', E05: 'D', S01: 'F' }

function writePremiums(policy: Policy): void {
  const { sample, line, currency } = policy
  const rate = line.life ? 1 : currency === 'CHF' ? 1.05 : 1.19
  for (const [i, { from, to, state }] of policy.periods.entries()) {
    const net = Math.round(state.premium / rate)
    sample.put('premium_schedules', {
      policy_number: policy.number,
      schedule_no: i + 1,
      valid_from: from,
      valid_to: to,
      reason: reasons[state.reason] ?? 'D',
      frequency: state.frequency,
      net_premium: net,
      tax: state.premium - net,
      gross_premium: state.premium,
      currency,
    })
  }
}
