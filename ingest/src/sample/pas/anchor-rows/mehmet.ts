import { mehmet } from '../anchors.ts'
import { addMonths, OPEN } from '../calendar.ts'
import { entryNumber } from '../identifiers.ts'
import { putAllocation, putInvoice, putReceipt } from './account-book.ts'
import { type AnchorBook, amount, d, serialIn } from './book.ts'
import { putPolicy } from './policy-book.ts'

const { partyNumber: payer, policyNumber: policy } = mehmet
const INSTALMENT = 61.75

/** A motor policy whose account shows all that can happen: reminders, a lapse, one receipt for three invoices, a returned debit, a refund. */
export function writeMehmet(book: AnchorBook): void {
  book.party({
    number: payer,
    customer: mehmet.customerNumber,
    family: 'Yıldırım',
    given: 'Mehmet',
    salutation: '1',
    born: d(mehmet.birthDate),
    addresses: [
      { street: 'Karl-Liebknecht-Straße', houseNumber: '88', postalCode: '10178', city: 'Berlin', from: '2014-06-01' },
    ],
    more: { nationality: 'TR', birth_place: 'Kayseri' },
  })
  putPolicy(book, {
    number: policy,
    line: '11',
    product: 'KFZ10',
    holder: payer,
    begin: '2014-06-01',
    frequency: 'M',
    premium: 741,
    sum: 100_000_000,
    covers: [['KH', 100_000_000]],
    changes: [
      { from: '2021-11-03', recorded: '2021-11-04', reason: 'K07', status: 'K07', note: 'Zwei Mahnungen ohne Antwort' },
      { from: '2021-12-01', recorded: '2021-12-03', reason: 'R02', status: 'A01', note: 'Rückstand am 29.11. gezahlt' },
    ],
  })
  book.put('vehicles', {
    policy_number: policy,
    vehicle_no: 1,
    plate: mehmet.plate,
    make: 'Reuß',
    model: 'Stadtflitzer',
    first_registration: d('2011-05-05'),
    power_kw: 33,
    currency: 'EUR',
    use: 'P',
    valid_from: d('2014-06-01'),
    valid_to: OPEN,
  })
  book.put('vehicle_plates', {
    policy_number: policy,
    vehicle_no: 1,
    plate_no: 1,
    plate: mehmet.plate,
    country: 'D',
    valid_from: d('2014-06-01'),
    valid_to: OPEN,
  })
  writeAccount(book)
  for (const [i, [sent, deadline, level]] of (
    [
      ['2021-09-20', '2021-10-04', '1'],
      ['2021-10-11', '2021-10-25', '2'],
      ['2021-11-02', null, '3'],
    ] as const
  ).entries()) {
    book.put('dunning', {
      invoice_number: entryNumber('R', serialIn(policy), 81),
      dunning_no: i + 1,
      policy_number: policy,
      level,
      sent_on: d(sent),
      deadline: deadline === null ? null : d(deadline),
      amount: amount(INSTALMENT),
      charge: i === 0 ? 0 : 500,
      currency: 'EUR',
      text: i === 1 ? 'Letzte Frist nach § 38 VVG' : null,
    })
  }
}

/** Instalments 1 to 120 are January 2015 to December 2024. */
function writeAccount(book: AnchorBook): void {
  let receipt = 0
  let allocation = 0
  const receive = (onDay: number, units: number, method: string, status: string) => {
    putReceipt(book, { policy, payer, number: ++receipt, onDay, amount: units, method, status })
    return receipt
  }
  const allocate = (from: number, invoice: number, onDay: number, units: number) =>
    putAllocation(book, { policy, number: ++allocation, receipt: from, invoice, onDay, amount: units })
  for (let number = 1; number <= 120; number++) {
    const due = addMonths(d('2015-01-01'), number - 1)
    const open = number === 120
    putInvoice(book, {
      policy,
      payer,
      number,
      due,
      to: addMonths(due, 1) - 1,
      kind: 'F',
      status: open ? 'O' : 'A',
      premium: INSTALMENT,
      open: open ? INSTALMENT : 0,
    })
    if (open || (number >= 81 && number <= 82)) continue
    if (number === 83) {
      // September to November 2021, in one transfer.
      const late = receive(d('2021-11-29'), 3 * INSTALMENT, 'U', 'V')
      for (const paid of [81, 82, 83]) allocate(late, paid, d('2021-11-29'), INSTALMENT)
      continue
    }
    allocate(receive(due + 2, INSTALMENT, 'L', 'V'), number, due + 2, INSTALMENT)
    if (number === 87) {
      allocate(receive(d('2022-03-09'), -INSTALMENT, 'L', 'R'), number, d('2022-03-09'), -INSTALMENT)
      allocate(receive(d('2022-03-21'), INSTALMENT, 'U', 'V'), number, d('2022-03-21'), INSTALMENT)
    }
    if (number === 102) {
      const twice = receive(d('2023-06-12'), INSTALMENT, 'U', 'E')
      book.put('refunds', {
        refund_number: mehmet.refundNumber,
        policy_number: policy,
        payee_party_number: payer,
        receipt_number: entryNumber('E', serialIn(policy), twice),
        reason: 'D',
        status: 'A',
        paid_on: d('2023-06-20'),
        amount: amount(INSTALMENT),
        currency: 'EUR',
      })
    }
  }
}
