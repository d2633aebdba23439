import { hostile } from '../anchors.ts'
import { hostileTexts } from '../words/texts.ts'
import { putPaidPremiums, putReceipt } from './account-book.ts'
import { type AnchorBook, d } from './book.ts'
import { putEvents, putLetters, putReserves } from './claim-book.ts'
import { putDocument, putPolicy } from './policy-book.ts'

/** Everything that must stay text, in as many kinds of fields as there are. */
export function writeHostile(book: AnchorBook): void {
  const { partyNumber, policyNumber, claimNumber } = hostile
  const texts = Object.values(hostileTexts)
  book.party({
    number: partyNumber,
    customer: hostile.customerNumber,
    family: "Robert'); DROP TABLE policies;--",
    given: 'Bobby',
    salutation: '9',
    born: d('2000-02-29'),
    addresses: [
      { street: '<b>Hauptstraße</b>', houseNumber: '{{1}}', postalCode: '10115', city: 'Berlin', from: '2021-01-01' },
    ],
    more: { note: hostileTexts.script, occupation: hostileTexts.constructorChain, phone: hostileTexts.formulaPlus },
  })
  putPolicy(book, {
    number: policyNumber,
    line: '31',
    product: 'PHV18',
    holder: partyNumber,
    begin: '2021-01-01',
    premium: 66,
    sum: 10_000_000,
    covers: [['PH', 10_000_000]],
    changes: [
      { from: '2022-01-01', recorded: '2021-11-30', reason: 'E07', premium: 69, note: hostileTexts.braces ?? '' },
    ],
  })
  putDocument(book, policyNumber, partyNumber, 1, 'D01', '2021-01-04 08:00', hostileTexts.imageError ?? '')
  putPaidPremiums(book, { policy: policyNumber, payer: partyNumber, begin: '2022-01-01', months: 12, premium: 69 })
  putReceipt(book, {
    policy: policyNumber,
    payer: partyNumber,
    number: 9,
    onDay: d('2023-05-05'),
    amount: 0.01,
    method: 'U',
    status: 'U',
    reference: hostileTexts.formula ?? '',
  })
  book.put('claims', {
    claim_number: claimNumber,
    policy_number: policyNumber,
    legal_entity: '10',
    line_of_business: '31',
    coverage_kind: 'PH',
    cause: 'H01',
    status: '35',
    loss_date: d('2022-04-01'),
    reported_on: d('2022-04-01'),
    closed_on: d('2022-04-30'),
    loss_place: hostileTexts.svg,
    description: hostileTexts.lines,
    fraud_suspected: true,
    total_paid: 0,
    total_reserved: 0,
    currency: 'EUR',
    handler: 'SB0042',
  })
  putEvents(book, claimNumber, [
    ['2022-04-01 12:00', 'M01', hostileTexts.templateLiteral ?? ''],
    ['2022-04-30 12:00', 'M11', hostileTexts.direction ?? ''],
  ])
  putReserves(book, claimNumber, 'EUR', [
    ['2022-04-01', 500],
    ['2022-04-30', 0],
  ])
  putLetters(
    book,
    claimNumber,
    texts.map((text) => ({ party: partyNumber, onDay: '2022-04-02', direction: 'E', kind: 'S2', subject: text, text })),
  )
  book.put('complaints', {
    complaint_number: 'B10000021001',
    party_number: partyNumber,
    policy_number: policyNumber,
    claim_number: claimNumber,
    category: 'B3',
    channel: 'E',
    received_on: d('2022-05-02'),
    closed_on: d('2022-05-20'),
    status: 'E',
    outcome: 'A',
    text: hostileTexts.sql,
    answer: hostileTexts.mutation,
  })
  // Letters hold each text twice, as subject and as text; twelve more are in the other fields above.
  book.sample.truth.hostileTexts += texts.length * 2 + 12
}
