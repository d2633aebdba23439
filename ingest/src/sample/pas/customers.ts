import { day, SWITCH_OFF } from './calendar.ts'
import { homeIn } from './homes.ts'
import { customerNumber, PARTIES_OF_RANGE, partyNumber } from './identifiers.ts'
import { type Line, lines } from './lines.ts'
import type { PartyPool } from './party-pool.ts'
import { bornBefore } from './party-rows.ts'
import { makeOrganisation, makePerson, type Party } from './people.ts'
import { Random } from './random.ts'
import type { Sample } from './sample.ts'
import type { Place } from './words/places.ts'

export interface Customer {
  party: Party
  /** A second record of the same person, which some policies hang on. */
  duplicate: { party: Party; linked: boolean } | undefined
  since: number
  /** Whether a policy, of either record, was in force at the switch-off. */
  active: boolean
  duplicateActive: boolean
  partner: Party | undefined
  /** The first of the ranges, for a customer with policies in several. */
  home: number | undefined
}

/** A policy to be: whose, what and since when. */
export interface Slot {
  customer: Customer
  holder: Party
  line: Line
  begin: number
}

const GONE = day(1985, 1, 1)
const YEARS = 40
// For the first policies of customers; as later ones follow, the business as a whole grows.
const yearWeights = Array.from({ length: YEARS }, (_, i) => 1.25 - i * 0.014)
const allWeights = yearWeights.reduce((sum, weight) => sum + weight, 0)

function beginDay(random: Random, earliest: number): number {
  for (;;) {
    let rest = random.next() * allWeights
    let year = 1985
    for (const weight of yearWeights) {
      rest -= weight
      if (rest < 0) break
      year++
    }
    const roll = random.next()
    const begin =
      roll < 0.24
        ? day(year, 1, 1)
        : roll < 0.84
          ? day(year, random.between(1, 12), 1)
          : day(year, random.between(1, 12), random.between(2, 28))
    if (begin >= earliest && begin < SWITCH_OFF - 20) return begin
  }
}

const personLines = lines.map((line) => [line, line.persons] as const) as unknown as Weighted
const organisationLines = lines.map((line) => [line, line.organisations] as const) as unknown as Weighted
type Weighted = readonly [readonly [Line, number], ...(readonly [Line, number])[]]

/** One customer and the policies that the customer has taken out over the years, at most `room`. */
export function makeCustomer(pool: PartyPool, near: Place, room: number, large: boolean): Slot[] {
  const { number, customerNumber, random } = pool.customer()
  const swiss = near.country === 'CH'
  const first = beginDay(random, swiss ? day(1991, 1, 1) : GONE)
  const organisation = large || random.chance(0.07)
  const home = homeIn(random, random.chance(0.6) ? near : undefined, near.country)
  const party = organisation
    ? makeOrganisation(random, { ...home, number, customerNumber })
    : makePerson(random, {
        ...home,
        number,
        customerNumber,
        born: bornBefore(random, first, 18 + Math.floor(random.next() ** 1.4 * 50)),
      })
  party.staff = !organisation && random.chance(0.012)
  // Someone must have been alive to sign.
  if (party.died !== null && party.died < first + 200) party.died = null
  const customer: Customer = {
    party,
    duplicate: !organisation && random.chance(0.028) ? makeDuplicate(pool, random, party) : undefined,
    since: first,
    active: false,
    duplicateActive: false,
    partner: undefined,
    home: undefined,
  }
  const wanted = large
    ? random.between(30, 70)
    : random.weighted([
        [1, 56],
        [2, 24],
        [3, 12],
        [4, 5],
        [5, 1.8],
        [6, 0.8],
        [8, 0.4],
      ])
  const last = Math.min(SWITCH_OFF - 20, party.died === null ? SWITCH_OFF : party.died - 30)
  const slots: Slot[] = []
  for (let i = 0; i < Math.min(wanted, room); i++) {
    const begin = i === 0 ? first : Math.min(beginDay(random, first), Math.max(first, last))
    const line = random.weighted(organisation ? organisationLines : personLines)
    const onDuplicate = customer.duplicate !== undefined && (i === 1 || random.chance(0.3))
    slots.push({ customer, holder: onDuplicate && customer.duplicate ? customer.duplicate.party : party, line, begin })
  }
  return slots
}

/** The same person typed again: another spelling, another day of birth, half of them noticed and linked. */
function makeDuplicate(pool: PartyPool, random: Random, party: Party): { party: Party; linked: boolean } {
  const { number, customerNumber } = pool.customer()
  const family = respell(random, party.family)
  const given = random.chance(0.3) ? (party.given.split(/[ -]/)[0] ?? party.given) : respell(random, party.given)
  return {
    linked: random.chance(0.5),
    party: {
      ...party,
      number,
      customerNumber,
      family,
      given,
      latin: party.latin === null ? null : { ...party.latin },
      name: `${family}, ${given}`,
      born: random.chance(0.12) ? null : party.born,
      birthName: null,
    },
  }
}

const spellings: readonly (readonly [RegExp, string])[] = [
  [/ä/g, 'ae'],
  [/ö/g, 'oe'],
  [/ü/g, 'ue'],
  [/ß/g, 'ss'],
  [/ey/g, 'ei'],
  [/ei/g, 'ai'],
  [/ai/g, 'ay'],
  [/dt$/g, 't'],
  [/tt/g, 't'],
  [/ck/g, 'k'],
  [/mann$/g, 'man'],
  [/ff/g, 'f'],
  [/[łŁ]/g, 'l'],
  [/ı/g, 'i'],
  [/ş/g, 's'],
  [/ph/g, 'f'],
  [/th/g, 't'],
]

function respell(random: Random, text: string): string {
  const fitting = spellings.filter(([pattern]) => text.search(pattern) >= 0)
  const [first, ...rest] = fitting
  if (first === undefined) return text
  const [pattern, by] = random.pick([first, ...rest])
  return text.replace(pattern, by)
}

const MEGA_EVERY = 2003
const MEGA_FROM = 300
const MEGA_RANGES = 10

/** The range whose first party holds nearly everything in this one, for the few customers with a thousand policies. */
export function megaRange(range: number): number | undefined {
  const place = range % MEGA_EVERY
  return place >= MEGA_FROM && place < MEGA_FROM + MEGA_RANGES ? range - (place - MEGA_FROM) : undefined
}

/** The same in each of its ranges, as it comes from a stream of its own. */
export function makeMega(sample: Sample, home: number): Party {
  const ordinal = home * PARTIES_OF_RANGE + PARTIES_OF_RANGE - 1
  const random = new Random(sample.seed, 'mega', ordinal)
  return makeOrganisation(random, {
    ...homeIn(random, undefined, 'D'),
    number: partyNumber(ordinal),
    customerNumber: customerNumber(ordinal),
  })
}

export function megaSlots(random: Random, party: Party, home: number, count: number): Slot[] {
  const customer: Customer = {
    party,
    duplicate: undefined,
    since: day(1988, 1, 1),
    active: true,
    duplicateActive: false,
    partner: undefined,
    home,
  }
  return Array.from({ length: count }, () => ({
    customer,
    holder: party,
    line: random.weighted(organisationLines),
    begin: beginDay(random, day(1988, 1, 1)),
  }))
}
