import { OPEN } from '../calendar.ts'
import { type AnchorBook, amount, d } from './book.ts'
import { putEvents, putReserves } from './claim-book.ts'

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
export function simpleClaim(book: AnchorBook, of: HomeClaim): void {
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
  putEvents(book, of.claim, [
    [`${of.reported} 10:00`, 'M01'],
    [`${of.closed} 07:30`, 'M08'],
    [`${of.closed} 16:00`, 'M11'],
  ])
  putReserves(book, of.claim, currency, [
    [of.reported, Math.ceil(of.paid / 500) * 500],
    [of.closed, 0],
  ])
}

export function property(
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
