import { chiara, wilhelm } from '../anchors.ts'
import { putPaidPremiums } from './account-book.ts'
import { type AnchorBook, d, TICINO } from './book.ts'
import { putPayments } from './claim-book.ts'
import { property, simpleClaim } from './home-rows.ts'
import { putDocument, putPolicy } from './policy-book.ts'

export function writeChiara(book: AnchorBook): void {
  const { partyNumber, policyNumber, claimNumber } = chiara
  book.party({
    number: partyNumber,
    customer: chiara.customerNumber,
    family: 'Bernasconi',
    given: 'Chiara',
    salutation: '2',
    born: d('1982-02-27'),
    addresses: [
      {
        street: 'Via Nassa',
        houseNumber: '28',
        postalCode: '6900',
        city: chiara.city,
        country: 'CH',
        from: '2008-07-01',
      },
    ],
    iban: 'CH93 0076 2011 6238 5295 7',
    more: { language: 'I', nationality: 'CH' },
  })
  putPolicy(book, {
    number: policyNumber,
    line: '21',
    product: 'HAU02',
    holder: partyNumber,
    entity: '20',
    agent: TICINO,
    begin: '2008-07-01',
    premium: 246,
    sum: 80_000,
    deductible: 200,
    covers: [['HR', 80_000]],
  })
  property(book, policyNumber, 'Via Nassa', '28', '6900', chiara.city, 'CH', 80_000, 'CHF', '2008-07-01')
  putPaidPremiums(book, {
    policy: policyNumber,
    payer: partyNumber,
    begin: '2008-07-01',
    months: 12,
    premium: 246,
    entity: '20',
    iban: 'CH9300762011623852957',
  })
  simpleClaim(book, {
    claim: claimNumber,
    policy: policyNumber,
    holder: partyNumber,
    line: '21',
    cover: 'HR',
    cause: 'G03',
    lost: '2018-01-28',
    reported: '2018-01-30',
    closed: '2018-03-15',
    place: 'Lugano',
    text: "Perdita d'acqua in cucina, parquet rovinato",
    paid: 3210.45,
    entity: '20',
  })
  putPayments(book, claimNumber, 'CHF', [
    { payee: partyNumber, onDay: '2018-03-15', amount: 3210.45, iban: 'CH9300762011623852957' },
  ])
}

export function writeWilhelm(book: AnchorBook): void {
  const { partyNumber, policyNumber, claimNumber, beneficiary } = wilhelm
  book.party({
    number: partyNumber,
    customer: 'K10000020',
    family: 'Schröder',
    given: 'Wilhelm',
    salutation: '1',
    status: 'T5',
    born: d('1951-05-17'),
    addresses: [
      { street: 'Deichstraße', houseNumber: '31', postalCode: '27472', city: 'Cuxhaven', from: '1999-02-01' },
    ],
    more: { death_date: d(wilhelm.deathDate), occupation: 'Seelotse', marital_status: 'W' },
  })
  book.party({
    number: beneficiary.partyNumber,
    family: 'Schröder-Nguyễn',
    given: 'Heike',
    salutation: '2',
    born: d('1979-01-09'),
    addresses: [{ street: 'Am Süllberg', houseNumber: '2', postalCode: '22587', city: 'Hamburg', from: '2011-10-04' }],
  })
  putPolicy(book, {
    number: policyNumber,
    line: '51',
    product: 'RLV94',
    holder: partyNumber,
    begin: '1999-02-01',
    end: wilhelm.deathDate,
    termEnd: '2019-01-31',
    status: 'K11',
    premium: 412.8,
    sum: 80_000,
    covers: [['LT', 80_000]],
    changes: [
      { from: '2011-09-24', recorded: '2011-10-04', reason: 'K11', status: 'K11', note: 'Sterbeurkunde lag vor' },
    ],
  })
  book.put('insured_lives', {
    policy_number: policyNumber,
    insured_no: 1,
    party_number: partyNumber,
    role: '1',
    risk_class: 'R0',
    smoker: true,
    occupation_class: 'B',
    valid_from: d('1999-02-01'),
    valid_to: d(wilhelm.deathDate),
  })
  book.put('beneficiaries', {
    policy_number: policyNumber,
    beneficiary_no: 1,
    party_number: beneficiary.partyNumber,
    event: 'T',
    relation: '02',
    share_percent: 10_000,
    irrevocable: true,
    valid_from: d('1999-02-01'),
    valid_to: d(wilhelm.deathDate),
  })
  putDocument(
    book,
    policyNumber,
    beneficiary.partyNumber,
    1,
    'D08',
    '2011-10-06 09:00',
    'Unser Beileid – Leistung im Todesfall',
  )
  simpleClaim(book, {
    claim: claimNumber,
    policy: policyNumber,
    holder: partyNumber,
    line: '51',
    cover: 'LT',
    cause: 'L01',
    lost: wilhelm.deathDate,
    reported: '2011-10-04',
    closed: '2011-11-21',
    place: 'Cuxhaven',
    text: 'Tod der versicherten Person, Sterbeurkunde liegt vor',
    paid: 80_000,
  })
  book.put('claim_parties', {
    claim_number: claimNumber,
    claim_party_no: 1,
    party_number: beneficiary.partyNumber,
    role: 'AS',
  })
  putPayments(book, claimNumber, 'EUR', [{ payee: beneficiary.partyNumber, onDay: '2011-11-21', amount: 80_000 }])
}
