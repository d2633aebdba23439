import { homeIn, placeIn } from './homes.ts'
import { customerNumber, PARTIES_OF_RANGE, partyNumber } from './identifiers.ts'
import { bornBefore, writeParty } from './party-rows.ts'
import { makeOrganisation, makePerson, type Party } from './people.ts'
import { Random } from './random.ts'
import type { Sample } from './sample.ts'

/** The party numbers of one range of policies. */
export class PartyPool {
  private used = 0
  private readonly first: number
  private readonly sample: Sample
  private lastThird: Party | undefined

  constructor(sample: Sample, range: number) {
    this.sample = sample
    this.first = range * PARTIES_OF_RANGE
  }

  /** Undefined where the range has used up its numbers. */
  private take(): number | undefined {
    // The last number is kept for a customer of several ranges.
    return this.used < PARTIES_OF_RANGE - 1 ? this.first + this.used++ : undefined
  }

  customer(): { number: string; customerNumber: string; random: Random } {
    const ordinal = this.take()
    if (ordinal === undefined) throw new RangeError('a range has more customers than party numbers')
    return {
      number: partyNumber(ordinal),
      customerNumber: customerNumber(ordinal),
      random: new Random(this.sample.seed, 'customer', ordinal),
    }
  }

  /** Someone of the same household, known to the insurer since a day. The last numbers are kept for third parties. */
  relative(of: Party, since: number, generation: 'partner' | 'child'): Party | undefined {
    if (of.organisation || of.born === null || this.used > PARTIES_OF_RANGE - 40) return undefined
    const ordinal = this.take()
    if (ordinal === undefined) return undefined
    const random = new Random(this.sample.seed, 'relative', ordinal)
    const born =
      generation === 'partner' ? of.born + random.between(-2500, 2500) : of.born + random.between(20, 38) * 365
    const home = { place: of.place, street: of.street, houseNumber: of.houseNumber, postalCode: of.postalCode }
    const female = generation === 'partner' ? (random.chance(0.97) ? !of.female : of.female) : undefined
    const party = makePerson(random, {
      ...home,
      number: partyNumber(ordinal),
      customerNumber: null,
      born,
      relative: of,
      ...(female === undefined ? {} : { female }),
    })
    writeParty(this.sample, random, party, { status: 'D3', since, brief: true })
    return party
  }

  /** A claimant, witness, driver or the like; someone met before when the numbers are used up. */
  third(near: Party, since: number): Party | undefined {
    const ordinal = this.take()
    if (ordinal === undefined) return this.lastThird
    const random = new Random(this.sample.seed, 'third', ordinal)
    const { country } = near.place
    const place = random.chance(0.7) ? near.place : placeIn(random, country)
    const options = { ...homeIn(random, place, country), number: partyNumber(ordinal), customerNumber: null }
    const party = random.chance(0.12)
      ? makeOrganisation(random, options)
      : makePerson(random, { ...options, born: bornBefore(random, since, random.between(16, 80)) })
    writeParty(this.sample, random, party, { status: 'D3', since, brief: true })
    this.lastThird = party
    return party
  }
}
