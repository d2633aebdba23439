import { householdPolicy, juergen, juergenMerged, juergenUnlinked, renate } from '../anchors.ts'
import { OPEN } from '../calendar.ts'
import { putPaidPremiums } from './account-book.ts'
import { type AnchorBook, amount, d, LUEDENSCHEID } from './book.ts'
import { writeEndowment } from './endowment.ts'
import { writeMotorPolicy } from './motor.ts'
import { putDocument, putPolicy } from './policy-book.ts'

const current = {
  street: 'Lindenallee',
  houseNumber: '12a',
  postalCode: '58507',
  city: 'Lüdenscheid',
  from: '1994-08-01',
}

/** The couple, the other records of the husband, and their three policies. */
export function writeHousehold(book: AnchorBook): void {
  writeCouple(book)
  writeDuplicates(book)
  writeHomeContents(book)
  writeMotorPolicy(book)
  writeEndowment(book)
}

function writeCouple(book: AnchorBook): void {
  book.party({
    number: juergen.partyNumber,
    customer: juergen.customerNumber,
    family: juergen.familyName,
    given: juergen.givenNames,
    salutation: '1',
    born: d(juergen.birthDate),
    addresses: [
      {
        street: 'Am Markt',
        houseNumber: '3',
        postalCode: '5880',
        city: 'Lüdenscheid',
        from: '1987-05-01',
        to: '1993-06-30',
      },
      {
        street: 'Am Markt',
        houseNumber: '3',
        postalCode: '58507',
        city: 'Lüdenscheid',
        from: '1993-07-01',
        to: '1994-07-31',
      },
      current,
    ],
    iban: juergen.iban,
    more: {
      birth_place: juergen.birthPlace,
      nationality: 'D',
      marital_status: 'V',
      occupation: 'Werkzeugmachermeister',
      email: juergen.email,
      phone: juergen.phone,
      tax_number: '12345678903',
      note: 'Bittet um Schreibweise mit "ü" und Bindestrich',
    },
  })
  const consent = (number: number, purpose: string, status: string, given: string, withdrawn: string | null) =>
    book.put('consents', {
      party_number: juergen.partyNumber,
      consent_no: number,
      purpose,
      status,
      given_on: d(given),
      withdrawn_on: withdrawn === null ? null : d(withdrawn),
      channel: 'B',
      wording_version: 'BDSG-90',
    })
  consent(1, 'G1', 'J', '1987-04-12', null)
  consent(2, 'W1', 'W', '1998-02-03', '2018-05-22')
  book.party({
    number: renate.partyNumber,
    family: 'Müller-Lüdenscheidt',
    given: 'Renate',
    salutation: '2',
    born: d(renate.birthDate),
    names: [['02', renate.birthName, 'Renate', renate.birthDate, '1986-08-21']],
    addresses: [{ ...current }],
  })
}

function writeDuplicates(book: AnchorBook): void {
  book.party({
    number: juergenUnlinked.partyNumber,
    customer: juergenUnlinked.customerNumber,
    family: 'Mueller-Luedenscheid',
    given: 'Juergen',
    salutation: '1',
    born: d(juergenUnlinked.birthDate),
    addresses: [{ ...current, houseNumber: '12', from: '2006-01-01' }],
  })
  book.party({
    number: juergenMerged.partyNumber,
    customer: juergenMerged.customerNumber,
    family: 'Müller',
    given: 'J.',
    status: 'X7',
    since: '1992-04-01',
    addresses: [{ street: 'Am Markt', houseNumber: '3', postalCode: '58507', city: 'Lüdenscheid', from: '1993-07-01' }],
    more: { same_person_as: juergen.partyNumber },
  })
  const { duplicates } = book.sample.truth
  duplicates.unlinked++
  duplicates.linked++
  duplicates.examples.push(
    [juergenUnlinked.partyNumber, juergen.partyNumber],
    [juergenMerged.partyNumber, juergen.partyNumber],
  )
  putPolicy(book, {
    number: juergenUnlinked.policyNumber,
    line: '31',
    product: 'PHV02',
    holder: juergenUnlinked.partyNumber,
    agent: LUEDENSCHEID,
    begin: '2006-01-01',
    premium: 62.4,
    sum: 5_000_000,
    covers: [['PH', 5_000_000]],
  })
  putPaidPremiums(book, {
    policy: juergenUnlinked.policyNumber,
    payer: juergenUnlinked.partyNumber,
    begin: '2006-01-01',
    months: 12,
    premium: 62.4,
  })
}

function writeHomeContents(book: AnchorBook): void {
  const { policyNumber } = householdPolicy
  putPolicy(book, {
    number: policyNumber,
    line: '21',
    product: 'HAU85',
    holder: juergen.partyNumber,
    agent: LUEDENSCHEID,
    begin: householdPolicy.beginsOn,
    premium: 118.9,
    sum: 60_000,
    covers: [
      ['HR', 95_000],
      ['FR', 2500],
    ],
    changes: [
      {
        from: '1994-08-01',
        recorded: '1994-07-20',
        reason: 'E02',
        sum: 80_000,
        premium: 151.2,
        note: 'Umzug in größere Wohnung',
      },
      {
        from: '2009-05-01',
        recorded: '2009-03-16',
        reason: 'E07',
        sum: 95_000,
        premium: 168.3,
        note: 'Beitragsanpassung gem. AVB',
      },
    ],
  })
  book.put('properties', {
    policy_number: policyNumber,
    property_no: 1,
    street: householdPolicy.street,
    house_number: householdPolicy.houseNumber,
    postal_code: '58507',
    city: 'Lüdenscheid',
    country: 'D',
    construction: 'M',
    year_built: 1962,
    living_area_m2: 1185,
    value: amount(95_000),
    currency: 'EUR',
    flood_zone: '1',
    valid_from: d('1994-08-01'),
    valid_to: OPEN,
  })
  putDocument(book, policyNumber, juergen.partyNumber, 1, 'D02', '2009-03-17 11:20', 'Nachtrag zum Versicherungsschein')
  putPaidPremiums(book, {
    policy: policyNumber,
    payer: juergen.partyNumber,
    begin: householdPolicy.beginsOn,
    months: 12,
    premium: 168.3,
    iban: juergen.iban,
  })
}
