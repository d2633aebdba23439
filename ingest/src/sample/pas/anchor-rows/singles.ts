import { gisela, obrien } from '../anchors.ts'
import { putPaidPremiums } from './account-book.ts'
import { type AnchorBook, d } from './book.ts'
import { writeChiara, writeWilhelm } from './chiara-wilhelm.ts'
import { putLetters, putPayments } from './claim-book.ts'
import { property, simpleClaim } from './home-rows.ts'
import { putPolicy } from './policy-book.ts'

/** Customers with one policy and one claim each, each of them for something of its own. */
export function writeSingles(book: AnchorBook): void {
  writeObrien(book)
  writeGisela(book)
  writeChiara(book)
  writeWilhelm(book)
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
  putPolicy(book, {
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
  putPaidPremiums(book, { policy: policyNumber, payer: partyNumber, begin: '2015-09-01', months: 12, premium: 121.5 })
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
  putPayments(book, claimNumber, 'EUR', [{ payee: partyNumber, onDay: '2021-03-02', amount: 5150 }])
  putLetters(book, claimNumber, [
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
  putPolicy(book, {
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
  putPaidPremiums(book, { policy: policyNumber, payer: partyNumber, begin: '1998-04-01', months: 12, premium: 486.2 })
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
  putPayments(book, claimNumber, 'EUR', [
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
