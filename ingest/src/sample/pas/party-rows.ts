import { addMonths, day, OPEN, SWITCH_OFF, yearOf } from './calendar.ts'
import { homeIn } from './homes.ts'
import type { Party } from './people.ts'
import type { Random } from './random.ts'
import type { Sample } from './sample.ts'
import { count } from './truth.ts'
import { occupations } from './words/people.ts'
import { partyNotes } from './words/texts.ts'

export interface PartyFacts {
  status: 'A1' | 'E9' | 'T5' | 'D3' | 'X7'
  /** First day that the insurer knew the party. */
  since: number
  samePersonAs?: string
  /** Third parties: what was not needed was never asked. */
  brief?: boolean
}

/** A party with its names, addresses, accounts and consents. */
export function writeParty(sample: Sample, random: Random, party: Party, facts: PartyFacts): void {
  const brief = facts.brief === true
  writeRow(sample, random, party, facts, brief)
  writeNames(sample, random, party, facts)
  writeAddresses(sample, random, party, facts, brief)
  if (!brief) {
    writeAccounts(sample, random, party, facts)
    if (!party.organisation) writeConsents(sample, random, party, facts)
  }
  const { parties } = sample.truth
  if (party.customerNumber !== null) parties.customers++
  else parties.thirdParties++
  if (party.staff) parties.staff++
}

function writeRow(sample: Sample, random: Random, party: Party, facts: PartyFacts, brief: boolean): void {
  const { organisation } = party
  const dead = party.died !== null && !brief
  const latinGiven = party.latin ?? party
  const mail = organisation ? 'info' : `${asciiOf(latinGiven.given)}.${asciiOf(latinGiven.family)}`
  sample.put('parties', {
    party_number: party.number,
    customer_number: party.customerNumber,
    kind: organisation ? '02' : '01',
    status: dead && facts.status !== 'X7' && facts.status !== 'D3' ? 'T5' : facts.status,
    salutation: organisation
      ? '3'
      : brief && random.chance(0.5)
        ? '9'
        : random.chance(0.005)
          ? '4'
          : party.female
            ? '2'
            : '1',
    title: !organisation && random.chance(0.035) ? random.pick(['Dr.', 'Dr.', 'Prof. Dr.', 'Dipl.-Ing.']) : null,
    family_name: organisation ? null : party.family,
    given_names: organisation ? null : party.given,
    organisation_name: organisation ? party.family : null,
    display_name: party.name,
    birth_date: birthDate(sample, random, party, facts, brief),
    death_date: dead ? party.died : null,
    birth_place:
      !organisation && !brief && (facts.since > day(2003, 1, 1) || random.chance(0.1)) ? party.birthPlace : null,
    nationality: organisation || brief ? null : party.nationality,
    marital_status: maritalStatus(sample, random, party, facts, brief),
    occupation: !organisation && !brief && random.chance(0.55) ? random.pick(occupations) : null,
    language: party.place.country === 'CH' ? random.pick(['D', 'D', 'F', 'I']) : 'D',
    email: random.chance(brief ? 0.1 : 0.42)
      ? `${mail}${random.below(100)}@example.${random.pick(['org', 'com', 'net'])}`
      : null,
    phone: random.chance(brief ? 0.3 : 0.6) ? phoneOf(random, party) : null,
    postal_code: party.postalCode,
    city: party.place.city,
    country: party.place.country,
    tax_number: !organisation && !brief && random.chance(0.15) ? `${random.between(1, 9)}${random.digits(10)}` : null,
    register_number: organisation ? `HRB ${random.between(1000, 199_999)}` : null,
    staff: party.staff,
    same_person_as: facts.samePersonAs,
    customer_since: party.customerNumber === null ? null : facts.since,
    note: random.chance(0.03) ? sample.text(random, partyNotes) : null,
  })
}

function birthDate(sample: Sample, random: Random, party: Party, facts: PartyFacts, brief: boolean) {
  if (party.born === null || (brief && random.chance(0.45))) return null
  if (!brief && facts.since < day(1994, 1, 1) && random.chance(0.004)) {
    count(sample.truth.casts, 'parties.birth_date')
    return random.pick(['00000000', `${yearOf(party.born)}0230`, `${yearOf(party.born)}0000`])
  }
  return party.born
}

function maritalStatus(sample: Sample, random: Random, party: Party, facts: PartyFacts, brief: boolean) {
  if (party.organisation || brief || random.chance(0.4)) return null
  if (facts.since < day(1991, 1, 1) && random.chance(0.005)) {
    count(sample.truth.codes, 'parties.marital_status')
    return '?'
  }
  return random.weighted([
    ['V', 52],
    ['L', 25],
    ['G', 11],
    ['W', 10],
    ['P', 2],
  ])
}

function writeNames(sample: Sample, random: Random, party: Party, facts: PartyFacts): void {
  let name = 0
  const put = (kind: string, surname: string, given: string, from: number | null, to: number | null) => {
    name++
    sample.put('party_names', {
      party_number: party.number,
      name_no: name,
      kind,
      surname,
      given_names: given || null,
      valid_from: from,
      valid_to: to,
    })
  }
  put('01', party.family, party.given, null, OPEN)
  if (party.latin) put('04', party.latin.family, party.latin.given, null, OPEN)
  if (party.birthName !== null && party.born !== null) {
    const married = Math.min(party.born + random.between(21, 38) * 365, facts.since)
    put('02', party.birthName, party.given, party.born, married - 1)
  }
  if (party.organisation && random.chance(0.12))
    put('05', party.family.split(' ').slice(0, 2).join(' '), '', null, OPEN)
}

function writeAddresses(sample: Sample, random: Random, party: Party, facts: PartyFacts, brief: boolean): void {
  const { put } = addressRows(sample, party)
  let from = facts.since
  if (!brief && random.chance(0.16) && from < SWITCH_OFF - 1500) {
    const moved = random.between(from + 300, SWITCH_OFF - 300)
    const former = homeIn(random, random.chance(0.6) ? party.place : undefined, party.place.country)
    put('Z', former, from, moved - 1)
    from = moved
  }
  put('H', party, from, OPEN)
  if (!brief && random.chance(0.02)) {
    put('P', { ...party, street: 'Postfach', houseNumber: String(random.between(10, 9999) * 10) }, from, OPEN)
  }
}

/** Numbers the addresses of a party; one that crosses 1 July 1993 in Germany becomes two, as postal codes changed that day. */
export function addressRows(sample: Sample, party: Party) {
  let address = 0
  const write = (
    kind: string,
    home: Pick<Party, 'place' | 'street' | 'houseNumber' | 'postalCode'>,
    from: number,
    to: number,
  ) => {
    address++
    sample.put('addresses', {
      party_number: party.number,
      address_no: address,
      kind,
      street: home.street,
      house_number: home.houseNumber,
      postal_code: home.postalCode,
      city: home.place.city,
      country: home.place.country,
      valid_from: from,
      valid_to: to,
    })
  }
  const put: typeof write = (kind, home, from, to) => {
    if (home.place.country === 'D' && from < NEW_POSTAL_CODES) {
      const until = Math.min(to, NEW_POSTAL_CODES - 1)
      write(to === until ? kind : 'Z', { ...home, postalCode: home.place.formerPostalCode }, from, until)
      if (to >= NEW_POSTAL_CODES) write(kind, home, NEW_POSTAL_CODES, to)
    } else write(kind, home, from, to)
  }
  return { put }
}

const NEW_POSTAL_CODES = day(1993, 7, 1)

function writeAccounts(sample: Sample, random: Random, party: Party, facts: PartyFacts): void {
  if (random.chance(0.25)) return
  const from = Math.max(facts.since, day(2014, 2, 1))
  sample.put('bank_accounts', {
    party_number: party.number,
    account_no: 1,
    account_holder: random.chance(0.04) ? 'Ehepartner/in' : null,
    iban: random.chance(0.5) ? (party.iban.match(/.{1,4}/g)?.join(' ') ?? party.iban) : party.iban,
    bic: null,
    mandate_reference: `M${party.number.slice(1)}01`,
    valid_from: from,
    valid_to: OPEN,
  })
}

function writeConsents(sample: Sample, random: Random, party: Party, facts: PartyFacts): void {
  if (random.chance(0.45)) return
  const rows = random.chance(0.35) ? 2 : 1
  const purposes = ['W1', 'W3', 'B1', 'W2', 'G1', 'D1'] as const
  const first = random.below(purposes.length)
  for (let i = 0; i < rows; i++) {
    const given = Math.min(Math.max(facts.since, day(1995, 1, 1)), SWITCH_OFF - 30)
    const status = random.weighted([
      ['J', 62],
      ['N', 22],
      ['W', 16],
    ])
    const withdrawn = status === 'W' ? random.between(given + 10, SWITCH_OFF) : null
    sample.put('consents', {
      party_number: party.number,
      consent_no: i + 1,
      purpose: purposes[(first + i) % purposes.length],
      status,
      given_on: given,
      withdrawn_on: withdrawn,
      channel: random.weighted([
        ['B', 60],
        ['V', 25],
        ['P', 15],
      ]),
      wording_version: given < day(2018, 5, 25) ? `BDSG-${given < day(2009, 9, 1) ? '90' : '09'}` : 'DSGVO-18',
    })
  }
}

// Set aside for films and books, so that nobody answers.
const INVENTED_NUMBERS = [
  ['030', '23125'],
  ['040', '66969'],
  ['0221', '4710'],
  ['069', '90009'],
  ['089', '99998'],
] as const

function phoneOf(random: Random, party: Party): string {
  if (party.place.country === 'CH') return `+41 44 555 ${random.digits(2)} ${random.digits(2)}`
  const [area, line] = random.pick(INVENTED_NUMBERS)
  const number = `${line}${random.digits(3)}`
  return random.pick([`${area}/${number}`, `+49 (0)${area.slice(1)} ${number}`, `${area}-${number}`])
}

const LETTERS: Record<string, string> = { ä: 'ae', ö: 'oe', ü: 'ue', ß: 'ss', ł: 'l', ı: 'i', ø: 'oe', đ: 'd', æ: 'ae' }

function asciiOf(text: string): string {
  return text
    .toLowerCase()
    .replace(/[äöüßłıøđæ]/g, (letter) => LETTERS[letter] ?? '')
    .normalize('NFD')
    .replace(/[^a-z]/g, '')
}

/** Where someone was born to be `years` old on a day. */
export const bornBefore = (random: Random, onDay: number, years: number): number =>
  addMonths(onDay, -12 * years) - random.below(365)
