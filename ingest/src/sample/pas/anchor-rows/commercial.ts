import { fleet, largeLoss } from '../anchors.ts'
import { OPEN } from '../calendar.ts'
import { claimNumber, providerNumber } from '../identifiers.ts'
import { putPaidPremiums } from './account-book.ts'
import { type AnchorBook, amount, d, serialIn } from './book.ts'
import { putEvents, putLetters, putPayments, putReserves } from './claim-book.ts'
import { putPolicy } from './policy-book.ts'

const DEBTOR = 'P10000029'

/** A haulier with a fleet and a warehouse that burnt down. */
export function writeCommercial(book: AnchorBook): void {
  book.party({
    number: fleet.partyNumber,
    customer: fleet.customerNumber,
    organisation: fleet.displayName,
    names: [['05', 'Küstenspedition', '', null, null]],
    addresses: [
      { street: 'Am Kaiserkai', houseNumber: '60', postalCode: '20457', city: 'Hamburg', from: '2003-01-01' },
    ],
    more: { register_number: 'HRA 88123', phone: '040/5550188' },
  })
  writeFleet(book)
  writeFleetClaims(book)
  writeWarehouse(book)
}

function writeFleet(book: AnchorBook): void {
  const { policyNumber: policy } = fleet
  putPolicy(book, {
    number: policy,
    line: fleet.lineOfBusiness,
    product: 'FLO02',
    holder: fleet.partyNumber,
    begin: '2003-01-01',
    frequency: '4',
    premium: 61_200,
    sum: 100_000_000,
    deductible: 1000,
    covers: [
      ['KH', 100_000_000],
      ['VK', 120_000],
    ],
    changes: [{ from: '2014-01-01', recorded: '2013-11-20', reason: 'E07', premium: 68_400 }],
  })
  for (let number = 1; number <= fleet.vehicles; number++) {
    const plate = `HH-KS ${99 + number}`
    const from = d('2003-01-01') + (number - 1) * 60
    book.put('vehicles', {
      policy_number: policy,
      vehicle_no: number,
      plate,
      vin: `WBR00ZZZ0000000${String(number).padStart(2, '0')}`,
      make: number % 3 === 0 ? 'Hällström' : 'Brinkmann',
      model: number % 3 === 0 ? 'FH 40' : 'Actor 18.30',
      first_registration: from - 30,
      power_kw: number % 3 === 0 ? 310 : 220,
      list_price: amount(number % 3 === 0 ? 118_000 : 89_000),
      currency: 'EUR',
      use: 'L',
      yearly_distance_km: 110_000,
      valid_from: from,
      valid_to: OPEN,
    })
    book.put('vehicle_plates', {
      policy_number: policy,
      vehicle_no: number,
      plate_no: 1,
      plate,
      country: 'D',
      valid_from: from,
      valid_to: OPEN,
    })
  }
  putPaidPremiums(book, { policy, payer: fleet.partyNumber, begin: '2003-01-01', months: 3, premium: 17_100 })
}

/** Sixty claims, four months apart; the last one is open with 25,000 reserved. */
function writeFleetClaims(book: AnchorBook): void {
  const { policyNumber: policy, partyNumber: holder } = fleet
  for (let count = 1; count <= fleet.claims; count++) {
    const claim = claimNumber(serialIn(policy), count)
    const lost = d('2005-01-10') + (count - 1) * 120
    const open = count === fleet.claims
    const paid = open ? 0 : 50_000 + count * 13_731
    book.put('claims', {
      claim_number: claim,
      policy_number: policy,
      legal_entity: '10',
      line_of_business: '12',
      coverage_kind: 'VK',
      cause: 'K01',
      status: open ? '20' : '30',
      loss_date: lost,
      reported_on: lost + 2,
      closed_on: open ? OPEN : lost + 62,
      loss_place: 'Hamburg',
      description: 'Rangierschaden auf dem Hof',
      vehicle_no: ((count - 1) % fleet.vehicles) + 1,
      fraud_suspected: false,
      total_paid: paid,
      total_reserved: open ? 2_500_000 : 0,
      currency: 'EUR',
      handler: 'SB0017',
    })
    const event = (number: number, onDay: number, kind: string) =>
      book.put('claim_events', {
        claim_number: claim,
        event_no: number,
        occurred_at: onDay * 86_400_000 + 36_000_000,
        kind,
        clerk: 'SB0017',
      })
    const reserve = (number: number, units: number, from: number, to: number) =>
      book.put('reserves', {
        claim_number: claim,
        reserve_no: number,
        kind: 'E',
        amount: units,
        currency: 'EUR',
        recorded_from: from,
        recorded_to: to,
        clerk: 'SB0017',
      })
    event(1, lost + 2, 'M01')
    if (open) {
      reserve(1, 2_500_000, lost + 2, OPEN)
      continue
    }
    event(2, lost + 60, 'M08')
    event(3, lost + 62, 'M11')
    reserve(1, 600_000, lost + 2, lost + 61)
    reserve(2, 0, lost + 62, OPEN)
    book.put('claim_payments', {
      payment_number: `Z${claim.slice(1)}01`,
      claim_number: claim,
      payee_party_number: holder,
      kind: 'E',
      status: 'A',
      paid_on: lost + 60,
      amount: paid,
      currency: 'EUR',
      purpose: `Schaden ${claim}`,
    })
  }
}

function writeWarehouse(book: AnchorBook): void {
  const { policyNumber: policy, claimNumber: claim } = largeLoss
  putPolicy(book, {
    number: policy,
    line: '71',
    product: 'GEW02',
    holder: fleet.partyNumber,
    begin: '2006-01-01',
    premium: 9870,
    sum: 4_000_000,
    deductible: 10_000,
    covers: [
      ['BI', 4_000_000],
      ['BB', 2_000_000],
    ],
  })
  book.put('properties', {
    policy_number: policy,
    property_no: 1,
    street: 'Zweibrückenstraße',
    house_number: '54',
    postal_code: '20539',
    city: 'Hamburg',
    country: 'D',
    construction: 'M',
    year_built: 1978,
    living_area_m2: 84_500,
    value: amount(4_000_000),
    currency: 'EUR',
    flood_zone: '3',
    valid_from: d('2006-01-01'),
    valid_to: OPEN,
  })
  putPaidPremiums(book, { policy, payer: fleet.partyNumber, begin: '2006-01-01', months: 12, premium: 9870 })
  book.party({
    number: DEBTOR,
    organisation: 'Elektro Fahrenkrog GmbH',
    addresses: [
      { street: 'Süderstraße', houseNumber: '210', postalCode: '20537', city: 'Hamburg', from: '2016-11-20' },
    ],
  })
  book.put('claims', {
    claim_number: claim,
    policy_number: policy,
    legal_entity: '10',
    line_of_business: '71',
    coverage_kind: 'BI',
    cause: 'G04',
    status: '30',
    loss_date: d(largeLoss.lossDate),
    reported_on: d(largeLoss.lossDate),
    closed_on: d('2019-06-03'),
    loss_place: 'Hamburg',
    description:
      'Kabelbrand in der Lagerhalle nach Arbeiten an der Verteilung; Halle 2 ausgebrannt, Halle 3 durch Löschwasser unbrauchbar.',
    police_reference: '7101 Js 4711/16',
    fraud_suspected: false,
    total_paid: amount(2_750_000),
    total_reserved: 0,
    currency: 'EUR',
    handler: 'SB0001',
  })
  book.put('claim_parties', { claim_number: claim, claim_party_no: 1, party_number: providerNumber(1), role: 'SV' })
  book.put('claim_parties', {
    claim_number: claim,
    claim_party_no: 2,
    party_number: DEBTOR,
    role: 'AS',
    statement: 'Wir haben nach Norm gearbeitet.',
  })
  putEvents(book, claim, [
    ['2016-11-03 06:40', 'M01'],
    ['2016-11-04 09:00', 'M04'],
    ['2016-12-01 07:30', 'M08', 'Abschlag zur Sicherung der Liquidität'],
    ['2017-02-13 15:10', 'M05', 'Brandursache: Klemme nicht nachgezogen'],
    ['2017-02-20 10:00', 'M09', 'Rückgriff bei Elektro Fahrenkrog GmbH'],
    ['2017-04-15 07:30', 'M08'],
    ['2018-02-28 07:30', 'M08'],
    ['2019-06-03 12:00', 'M11'],
  ])
  putReserves(book, claim, 'EUR', [
    ['2016-11-03', 1_500_000],
    ['2016-12-20', 3_000_000],
    ['2017-04-16', 500_000],
    ['2018-02-28', 0],
  ])
  putPayments(book, claim, 'EUR', [
    { payee: fleet.partyNumber, onDay: '2016-12-01', amount: 1_000_000, kind: 'A' },
    { payee: fleet.partyNumber, onDay: '2017-04-15', amount: 1_250_000 },
    { payee: fleet.partyNumber, onDay: '2018-02-28', amount: 500_000 },
  ])
  book.put('recoveries', {
    recovery_number: largeLoss.recoveryNumber,
    claim_number: claim,
    debtor_party_number: DEBTOR,
    kind: 'R',
    status: 'E',
    claimed_on: d('2017-02-20'),
    received_on: d('2019-05-20'),
    claimed_amount: amount(900_000),
    received_amount: amount(400_000),
    currency: 'EUR',
  })
  putLetters(book, claim, [
    {
      party: DEBTOR,
      onDay: '2017-02-20',
      direction: 'A',
      kind: 'S5',
      subject: 'Rückgriff',
      text: 'Wir nehmen Sie nach § 86 VVG in Anspruch.',
    },
    {
      party: providerNumber(21),
      onDay: '2017-03-17',
      direction: 'E',
      kind: 'S6',
      subject: 'Ihre Forderung',
      text: 'Namens meiner Mandantin weise ich die Forderung zurück.',
    },
  ])
}
