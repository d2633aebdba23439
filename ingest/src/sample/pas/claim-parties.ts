import { day } from './calendar.ts'
import type { ClaimFile } from './claim-file.ts'
import { providerNumber } from './identifiers.ts'
import { count } from './truth.ts'
import { injuries, statements } from './words/texts.ts'

/** Party numbers of who matters for the rest of the claim. */
export interface ClaimParties {
  /** Who is paid. */
  payee: string
  /** The other side, where there is one. */
  other: string | undefined
  witness: string | undefined
  lawyer: string | undefined
  /** Paid by the insurer for the report. */
  assessor: string | undefined
}

export const lawFirms = [
  'Rechtsanwälte Dr. Ahrens & Coll.',
  "Kanzlei D'Amico – Verkehrsrecht",
  'Hinrichsen, Öztürk und Partner mbB',
  'Anwaltsbüro "Am Gericht"',
] as const

/** Everyone involved but the holder. */
export function writeClaimParties(file: ClaimFile): ClaimParties {
  const { policy, loss, reported } = file
  const { sample, random, holder, pool, plan } = policy
  const serious = loss.cause === 'H02' || loss.amount > 1_500_000
  let row = 0
  const put = (party: string, role: string, more: { injury?: string; statement?: string; lawyer?: string } = {}) =>
    sample.put('claim_parties', {
      claim_number: loss.number,
      claim_party_no: ++row,
      party_number: party,
      role,
      ...more,
    })
  const statement = () => (random.chance(0.7) ? { statement: sample.text(random, statements) } : {})
  const parties: ClaimParties = {
    payee: holder.number,
    other: undefined,
    witness: undefined,
    lawyer: undefined,
    assessor: undefined,
  }

  if (loss.cause === 'L01') {
    const heir = policy.customer.partner ?? pool.third(holder, loss.lossOn)
    if (heir) {
      parties.payee = heir.number
      put(heir.number, 'AS')
    }
    return parties
  }
  if (loss.liability) {
    const claimant = pool.third(holder, reported)
    if (claimant) {
      parties.payee = claimant.number
      parties.other = claimant.number
      const firm = serious && random.chance(0.5) ? { lawyer: random.pick(lawFirms) } : {}
      put(claimant.number, loss.cause === 'H02' ? 'GE' : 'AS', {
        ...(loss.cause === 'H02' ? { injury: sample.text(random, injuries) } : {}),
        ...statement(),
        ...firm,
      })
      if (firm.lawyer !== undefined) {
        parties.lawyer = providerNumber(20 + random.below(20))
        put(parties.lawyer, 'RA')
        file.events.push([Math.min(reported + 30, file.closed ?? reported + 30), 'M13'])
      }
    }
  }
  if (/^(K01|H02|E01)$/.test(loss.cause) && random.chance(0.22)) {
    // Those who asked to be forgotten left a number behind that leads nowhere.
    if (reported < day(2018, 1, 1) && random.chance(0.02)) {
      count(sample.truth.orphans, 'claim_parties.party_number')
      put(`P09${random.digits(6)}`, 'ZE')
    } else {
      const witness = pool.third(holder, reported)
      if (witness) {
        parties.witness = witness.number
        put(witness.number, 'ZE', statement())
      }
    }
  }
  if (loss.vehicle !== undefined && loss.liability && random.chance(0.2)) {
    const driver = plan.fleet > 1 ? pool.third(holder, reported) : holder
    if (driver) put(driver.number, 'FA', statement())
  }
  if (loss.amount > 400_000 && random.chance(0.5)) {
    parties.assessor = providerNumber(random.below(20))
    put(parties.assessor, 'SV')
  }
  if (/^K0[1345]$/.test(loss.cause) && random.chance(0.3)) put(providerNumber(40 + random.below(20)), 'WE')
  return parties
}
