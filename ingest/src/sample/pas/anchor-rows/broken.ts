import { broken } from '../anchors.ts'
import { OPEN } from '../calendar.ts'
import { count } from '../truth.ts'
import { type AnchorBook, amount, d } from './book.ts'
import { putPayments, putReserves } from './claim-book.ts'
import { putPolicy } from './policy-book.ts'

/** What a delivery gets wrong, once each: the model accepts it and says why. */
export function writeBroken(book: AnchorBook): void {
  const { policyNumber, noBirthDate: holder, claimNumber } = broken
  const { truth } = book.sample
  book.party({
    number: holder,
    customer: 'K10000028',
    family: 'Unbekannt',
    given: 'Erna',
    salutation: '2',
    born: '00000000',
    addresses: [
      {
        street: 'Neuer Weg',
        houseNumber: '1',
        postalCode: '3400',
        city: 'Göttingen',
        from: '1986-04-01',
        to: '1993-06-30',
      },
      { street: 'Neuer Weg', houseNumber: '1', postalCode: '37073', city: 'Göttingen', from: '1993-07-01' },
    ],
    more: { marital_status: '?' },
  })
  count(truth.casts, 'parties.birth_date')
  count(truth.codes, 'parties.marital_status')
  putPolicy(book, {
    number: policyNumber,
    line: '11',
    product: 'KFZ85',
    holder,
    agent: broken.removedAgent,
    begin: '1986-04-01',
    premium: 310,
    sum: 50_000_000,
    covers: [['KH', 50_000_000]],
    more: { predecessor_policy_number: broken.unknownPolicy },
  })
  count(truth.orphans, 'policies.agent_number')
  count(truth.orphans, 'policies.predecessor_policy_number')
  book.put('vehicles', {
    policy_number: policyNumber,
    vehicle_no: 1,
    plate: 'GÖ-EU 1',
    make: 'Falkner',
    model: 'Kadenz 1.3',
    first_registration: '31.02.1994',
    currency: 'EUR',
    use: 'P',
    valid_from: d('1994-03-15'),
    valid_to: OPEN,
  })
  count(truth.casts, 'vehicles.first_registration')
  book.put('vehicle_plates', {
    policy_number: policyNumber,
    vehicle_no: 1,
    plate_no: 1,
    plate: 'GÖ-EU 1',
    country: 'D',
    valid_from: d('1994-03-15'),
    valid_to: OPEN,
  })
  book.put('claims', {
    claim_number: claimNumber,
    policy_number: policyNumber,
    legal_entity: '10',
    line_of_business: '11',
    coverage_kind: 'KH',
    cause: 'K01',
    status: '30',
    loss_date: d('1987-11-20'),
    reported_on: null,
    closed_on: d('1988-02-01'),
    loss_place: 'Göttingen',
    description: 'Zaun beschädigt',
    fraud_suspected: false,
    total_paid: amount(640),
    total_reserved: 0,
    currency: 'EUR',
  })
  count(truth.nulls, 'claims.reported_on')
  for (const [i, at] of ['1988-01-11-10.15.30.123456', '1988-02-01-16.00.00.000001'].entries()) {
    book.put('claim_events', {
      claim_number: claimNumber,
      event_no: i + 1,
      occurred_at: at,
      kind: i === 0 ? 'M08' : 'M11',
    })
    count(truth.precisions, 'claim_events.occurred_at')
  }
  book.put('claim_parties', {
    claim_number: claimNumber,
    claim_party_no: 1,
    party_number: broken.erasedParty,
    role: 'ZE',
  })
  count(truth.orphans, 'claim_parties.party_number')
  putReserves(book, claimNumber, 'EUR', [
    ['1987-12-01', 700],
    ['1988-02-01', 0],
  ])
  putPayments(book, claimNumber, 'EUR', [{ payee: holder, onDay: '1988-01-12', amount: 640 }])
  book.put('commissions', {
    policy_number: policyNumber,
    commission_no: 1,
    agent_number: broken.removedAgent,
    settlement_year: '2015',
    settled_on: d('2015-04-21'),
    kind: 'BP',
    rate_percent: 500,
    amount: amount(15.5),
    currency: 'EUR',
  })
  count(truth.orphans, 'commissions.agent_number')
  book.put('receipts', {
    receipt_number: broken.receiptNumber,
    policy_number: broken.unknownPolicy,
    legal_entity: '10',
    method: 'U',
    status: 'U',
    booked_on: d('2017-08-08'),
    value_date: d('2017-08-08'),
    amount: amount(310),
    currency: 'EUR',
    reference: 'alter Vertrag 000471108',
  })
  count(truth.orphans, 'receipts.policy_number')
}
