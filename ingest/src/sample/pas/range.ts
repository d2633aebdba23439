import { agentOf } from './agents.ts'
import { type Customer, makeCustomer, makeMega, megaRange, megaSlots, type Slot } from './customers.ts'
import { RANGE, serialOf } from './identifiers.ts'
import { PartyPool } from './party-pool.ts'
import { writeParty } from './party-rows.ts'
import { writePolicy } from './policy.ts'
import { Random } from './random.ts'
import type { Sample } from './sample.ts'

/**
 * The unit of work: the numbers that one agency was given at a time, used up in the order of the policies' begins. Customers stay within it,
 * but for the few with a thousand policies, so that ranges can be made in any order on any core.
 */
export function writeRange(sample: Sample, range: number, size: number): void {
  const random = new Random(sample.seed, 'range', range)
  const agent = agentOf(sample.seed, range)
  const pool = new PartyPool(sample, range)
  const slots = planSlots(sample, random, range, size, pool, agent.place)
  const customers = new Set<Customer>()
  for (const [i, slot] of slots.entries()) {
    const { customer } = slot
    customers.add(customer)
    const inForce = writePolicy(sample, pool, slot, serialOf(range * RANGE + i), agent)
    if (!inForce) continue
    if (slot.holder === customer.party) customer.active = true
    else customer.duplicateActive = true
  }
  for (const customer of customers) {
    // A customer with policies in several ranges is written by the first of them.
    if (customer.home === undefined || customer.home === range) writeCustomer(sample, customer)
  }
}

function planSlots(
  sample: Sample,
  random: Random,
  range: number,
  size: number,
  pool: PartyPool,
  place: Parameters<typeof makeCustomer>[1],
): Slot[] {
  const slots: Slot[] = []
  const home = megaRange(range)
  if (home !== undefined) slots.push(...megaSlots(random, makeMega(sample, home), home, Math.min(90, size)))
  // Every fiftieth agency looks after one large customer.
  if (range % 53 === 17) slots.push(...makeCustomer(pool, place, size - slots.length, true))
  while (slots.length < size) slots.push(...makeCustomer(pool, place, size - slots.length, false))
  return slots.sort((a, b) => a.begin - b.begin)
}

function writeCustomer(sample: Sample, customer: Customer): void {
  const { party, duplicate, since } = customer
  const random = new Random(sample.seed, 'party', Number(party.number.slice(1)))
  writeParty(sample, random, party, { status: customer.active ? 'A1' : 'E9', since })
  if (!duplicate) return
  const { duplicates } = sample.truth
  if (duplicate.linked) duplicates.linked++
  else duplicates.unlinked++
  if (duplicates.examples.length < 100) duplicates.examples.push([duplicate.party.number, party.number])
  writeParty(sample, random, duplicate.party, {
    status: duplicate.linked ? 'X7' : customer.duplicateActive ? 'A1' : 'E9',
    since,
    ...(duplicate.linked ? { samePersonAs: party.number } : {}),
  })
}
