import { day, OPEN, SWITCH_OFF, yearOf } from './calendar.ts'
import { homeIn, placeIn } from './homes.ts'
import { agentNumber, agentPartyNumber, RANGES_OF_AGENT } from './identifiers.ts'
import { bornBefore, writeParty } from './party-rows.ts'
import { makeOrganisation, makePerson, type Party } from './people.ts'
import { Random } from './random.ts'
import type { Sample } from './sample.ts'
import type { Place } from './words/places.ts'

export interface Agent {
  number: string
  kind: '10' | '20' | '30'
  place: Place
}

export const HEAD_OFFICE = 'V000010'

/** Who looks after a range of policies; always the same, so that each core can work it out. */
export function agentOf(seed: number, range: number): Agent {
  return agentAt(seed, Math.floor(range / RANGES_OF_AGENT)).agent
}

function agentAt(seed: number, index: number): { agent: Agent; random: Random } {
  const random = new Random(seed, 'agent', index)
  const country = index % 8 === 3 ? 'CH' : 'D'
  const place = placeIn(random, country)
  const kind = random.weighted([
    ['10', 62],
    ['20', 30],
    ['30', 8],
  ])
  return { agent: { number: agentNumber(index), kind, place }, random }
}

export function writeAgents(sample: Sample, ranges: number): void {
  for (let index = 0; index < Math.ceil(ranges / RANGES_OF_AGENT); index++) {
    const { agent, random } = agentAt(sample.seed, index)
    const home = homeIn(random, agent.place, agent.place.country)
    const number = agentPartyNumber(index)
    const from = random.between(day(1970, 1, 1), day(1990, 1, 1))
    const party: Party =
      agent.kind === '10'
        ? makePerson(random, {
            ...home,
            number,
            customerNumber: null,
            born: bornBefore(random, from, random.between(24, 50)),
          })
        : makeOrganisation(random, { ...home, number, customerNumber: null })
    party.died = null
    writeParty(sample, random, party, { status: 'D3', since: from })
    const ended = random.chance(0.12) ? random.between(day(2005, 1, 1), SWITCH_OFF) : OPEN
    const western = party.latin ?? party
    sample.put('agents', {
      agent_number: agent.number,
      party_number: number,
      kind: agent.kind,
      name: nameOf(agent.kind, party, western.family),
      postal_code: party.postalCode,
      city: party.place.city,
      region: agent.place.region,
      registration_number:
        yearOf(ended) > 2007 ? `D-${random.digits(4)}-${random.digits(5)}-${random.digits(2)}` : null,
      contract_from: from,
      contract_to: ended,
    })
  }
}

// The table is in Windows-1252, which lacks letters of some names: the old system dropped their marks there.
const WESTERN = /[ -~ÄÖÜäöüßàâçéèêëîïôûŠšŽžŒœŸ–]/
const MARKLESS: Record<string, string> = { ł: 'l', Ł: 'L', ı: 'i', đ: 'd', Đ: 'D' }
const plain = (text: string): string =>
  [...text]
    .map((letter) => (WESTERN.test(letter) ? letter : (MARKLESS[letter] ?? letter.normalize('NFD')[0] ?? '?')))
    .join('')

function nameOf(kind: string, party: Party, family: string): string {
  if (kind === '10') return plain(`Agentur ${family}`)
  return kind === '20'
    ? plain(`${family} – Versicherungsmakler`)
    : plain(`Bankhaus Deichgraf, Filiale ${party.place.city}`)
}
