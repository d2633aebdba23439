import { chiara, gisela, obrien, wilhelm } from '../anchors.ts'
import { OPEN } from '../calendar.ts'
import { type AnchorBook, amount, d, TICINO } from './book.ts'

/** Customers with one policy and one claim each, each of them for something of its own. */
export function writeSingles(book: AnchorBook): void {
  writeObrien(book)
  writeGisela(book)
  writeChiara(book)
  writeWilhelm(book)
}

interface HomeClaim {
  claim: string
  policy: string
  holder: string
  line: string
  cover: string
  cause: string
  lost: string
  reported: string
  closed: string
  place: string
  text: string
  paid: number
  entity?: '10' | '20'
}

/** A claim reported, estimated, paid at once and closed. */
function simpleClaim(book: AnchorBook, of: HomeClaim): void {
  const currency = of.entity === '20' ? 'CHF' : 'EUR'
  book.put('claims', {
    claim_number: of.claim,
    policy_number: of.policy,
    legal_entity: of.entity ?? '10',
    line_of_business: of.line,
    coverage_kind: of.cover,
    cause: of.cause,
    status: '30',
    loss_date: d(of.lost),
    reported_on: d(of.reported),
    closed_on: d(of.closed),
    loss_place: of.place,
    description: of.text,
    fraud_suspected: false,
    total_paid: amount(of.paid),
    total_reserved: 0,
    currency,
    handler: 'SB0042',
  })
  book.events(of.claim, [
    [`${of.reported} 10:00`, 'M01'],
    [`${of.closed} 07:30`, 'M08'],
    [`${of.closed} 16:00`, 'M11'],
  ])
  book.reserves(of.claim, currency, [
    [of.reported, Math.ceil(of.paid / 500) * 500],
    [of.closed, 0],
  ])
}

function property(
  book: AnchorBook,
  policy: string,
  street: string,
  houseNumber: string,
  postalCode: string,
  city: string,
  country: string,
  value: number,
  currency: string,
  from: string,
) {
  book.put('properties', {
    policy_number: policy,
    property_no: 1,
    street,
    house_number: houseNumber,
    postal_code: postalCode,
    city,
    country,
    construction: 'M',
    value: amount(value),
    currency,
    valid_from: d(from),
    valid_to: OPEN,
  })
}

function writeObrien(book: AnchorBook): void {
  const { partyNumber, policyNumber, claimNumber } = obrien
  book.party({
    number: partyNumber,
    customer: obrien.customerNumber,
    family: obrien.familyName,
    given: 'Seán',
    salutation: '1',
    born: d(obrien.birthDate),
    addresses: [
      { street: "Fischer's Allee", houseNumber: '5b', postalCode: '22763', city: obrien.city, from: '2015-09-01' },
    ],
    more: { nationality: 'IRL', language: 'E', note: "Schreibt sich O'Brien, nicht OBrien" },
  })
  book.policy({
    number: policyNumber,
    line: '21',
    product: 'HAU10',
    holder: partyNumber,
    begin: '2015-09-01',
    premium: 121.5,
    sum: 65_000,
    covers: [['HR', 65_000]],
  })
  property(book, policyNumber, "Fischer's Allee", '5b', '22763', obrien.city, 'D', 65_000, 'EUR', '2015-09-01')
  book.paidPremiums({ policy: policyNumber, payer: partyNumber, begin: '2015-09-01', months: 12, premium: 121.5 })
  simpleClaim(book, {
    claim: claimNumber,
    policy: policyNumber,
    holder: partyNumber,
    line: '21',
    cover: 'HR',
    cause: 'E01',
    lost: '2020-12-27',
    reported: '2020-12-28',
    closed: '2021-03-02',
    place: 'Hamburg',
    text: `Einbruch durch die Terrassentür; die "alte" Geige von O'Carolan's Meister ist weg`,
    paid: 5150,
  })
  book.payments(claimNumber, 'EUR', [{ payee: partyNumber, onDay: '2021-03-02', amount: 5150 }])
  book.letters(claimNumber, [
    {
      party: partyNumber,
      onDay: '2020-12-28',
      direction: 'E',
      kind: 'S1',
      subject: "O'Brien: Einbruch",
      text: "It's gone.\n\nRegards,\nSeán O'Brien",
    },
  ])
}

function writeGisela(book: AnchorBook): void {
  const { partyNumber, policyNumber, claimNumber } = gisela
  book.party({
    number: partyNumber,
    customer: gisela.customerNumber,
    family: 'Groß-Öhlmann',
    given: 'Gisela',
    salutation: '2',
    born: d(gisela.birthDate),
    addresses: [
      { street: 'Über den Höfen', houseNumber: '17', postalCode: '25813', city: 'Husum', from: '1998-04-01' },
    ],
    names: [['02', 'Öhlmann', 'Gisela', '1949-07-21', '1974-05-03']],
  })
  book.policy({
    number: policyNumber,
    line: '22',
    product: 'WGB94',
    holder: partyNumber,
    begin: '1998-04-01',
    premium: 486.2,
    sum: 380_000,
    covers: [['WG', 380_000]],
  })
  property(book, policyNumber, 'Über den Höfen', '17', '25813', 'Husum', 'D', 380_000, 'EUR', '1998-04-01')
  book.paidPremiums({ policy: policyNumber, payer: partyNumber, begin: '1998-04-01', months: 12, premium: 486.2 })
  simpleClaim(book, {
    claim: claimNumber,
    policy: policyNumber,
    holder: partyNumber,
    line: '22',
    cover: 'WG',
    cause: 'G01',
    lost: '2021-10-21',
    reported: '2021-10-22',
    closed: '2022-01-14',
    place: 'Husum',
    text: 'Sturm deckte Teile des Reetdachs ab',
    paid: 3480,
  })
  book.payments(claimNumber, 'EUR', [
    { payee: partyNumber, onDay: '2021-11-10', amount: 2200 },
    { payee: partyNumber, onDay: '2022-01-14', amount: 1280 },
  ])
  const complaint = (
    number: number,
    category: string,
    claim: string | null,
    received: string,
    closed: string | null,
    outcome: string | null,
    text: string,
    answer: string | null,
  ) =>
    book.put('complaints', {
      complaint_number: gisela.complaints[number - 1],
      party_number: partyNumber,
      policy_number: policyNumber,
      claim_number: claim,
      category,
      channel: 'B',
      received_on: d(received),
      closed_on: closed === null ? null : d(closed),
      status: closed === null ? 'O' : 'E',
      outcome,
      text,
      answer,
    })
  complaint(
    1,
    'B1',
    null,
    '2009-04-06',
    '2009-05-11',
    'S',
    'Der Beitrag wurde erhöht, ohne dass man mir sagt warum.',
    'Erhöhung zurückgenommen, Entschuldigung gesandt',
  )
  complaint(
    2,
    'B2',
    claimNumber,
    '2021-11-15',
    '2022-01-10',
    'T',
    'Sie haben den Schaden zu Unrecht um 1.900 Euro gekürzt. Das Dach war keineswegs "vorgeschädigt"!',
    'Weitere 1.280 EUR gezahlt',
  )
  complaint(
    3,
    'B5',
    null,
    '2024-12-02',
    null,
    null,
    'Ich verlange Auskunft nach Art. 15 DSGVO über alles, was Sie von mir gespeichert haben.',
    null,
  )
}

function writeChiara(book: AnchorBook): void {
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
  book.policy({
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
  book.paidPremiums({
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
  book.payments(claimNumber, 'CHF', [
    { payee: partyNumber, onDay: '2018-03-15', amount: 3210.45, iban: 'CH9300762011623852957' },
  ])
}

function writeWilhelm(book: AnchorBook): void {
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
  book.policy({
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
  book.document(
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
  book.payments(claimNumber, 'EUR', [{ payee: beneficiary.partyNumber, onDay: '2011-11-21', amount: 80_000 }])
}
