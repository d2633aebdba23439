import { addMonths, LEDGER_BEGINS, SWITCH_OFF } from '../calendar.ts'
import { entryNumber } from '../identifiers.ts'
import { type AnchorBook, amount, d, serialIn } from './book.ts'

/** Premiums invoiced since 2015, each paid by direct debit on its day. */
export function putPaidPremiums(
  book: AnchorBook,
  of: {
    policy: string
    payer: string
    begin: string
    months: number
    premium: number
    entity?: '10' | '20'
    iban?: string
  },
): void {
  let number = 0
  for (
    let due = d(of.begin), months = 0;
    due <= SWITCH_OFF;
    months += of.months, due = addMonths(d(of.begin), months)
  ) {
    if (due < LEDGER_BEGINS) continue
    number++
    putPaidInvoice(book, {
      ...of,
      number,
      due,
      to: addMonths(d(of.begin), months + of.months) - 1,
      kind: months === 0 ? 'E' : 'F',
    })
  }
}

/** An invoice with one receipt, equally numbered, that pays it. */
export function putPaidInvoice(
  book: AnchorBook,
  of: {
    policy: string
    payer: string
    number: number
    due: number
    from?: number
    to: number
    kind: string
    premium: number
    entity?: '10' | '20'
    iban?: string
  },
): void {
  putInvoice(book, { ...of, status: 'A', open: 0 })
  putReceipt(book, {
    policy: of.policy,
    payer: of.payer,
    number: of.number,
    onDay: of.due,
    amount: of.premium,
    method: 'L',
    ...pick(of),
  })
  putAllocation(book, {
    policy: of.policy,
    number: of.number,
    receipt: of.number,
    invoice: of.number,
    onDay: of.due,
    amount: of.premium,
    ...pick(of),
  })
}

export function putInvoice(
  book: AnchorBook,
  of: {
    policy: string
    payer: string
    number: number
    due: number
    from?: number
    to: number
    kind: string
    status: string
    premium: number
    open: number
    entity?: '10' | '20'
  },
): void {
  book.put('invoices', {
    invoice_number: entryNumber('R', serialIn(of.policy), of.number),
    policy_number: of.policy,
    legal_entity: of.entity ?? '10',
    payer_party_number: of.payer,
    kind: of.kind,
    status: of.status,
    invoiced_on: of.due - 21,
    due_on: of.due,
    period_from: of.from ?? of.due,
    period_to: of.to,
    amount: amount(of.premium),
    open_amount: amount(of.open),
    currency: of.entity === '20' ? 'CHF' : 'EUR',
  })
}

export function putReceipt(
  book: AnchorBook,
  of: {
    policy: string
    payer: string
    number: number
    onDay: number
    amount: number
    method: string
    status?: string
    reference?: string
    entity?: '10' | '20'
    iban?: string
  },
): void {
  book.put('receipts', {
    receipt_number: entryNumber('E', serialIn(of.policy), of.number),
    policy_number: of.policy,
    legal_entity: of.entity ?? '10',
    payer_party_number: of.payer,
    method: of.method,
    status: of.status ?? 'V',
    booked_on: of.onDay,
    value_date: of.onDay,
    amount: amount(of.amount),
    currency: of.entity === '20' ? 'CHF' : 'EUR',
    iban: of.iban?.replaceAll(' ', ''),
    reference: of.reference ?? of.policy,
  })
}

export function putAllocation(
  book: AnchorBook,
  of: {
    policy: string
    number: number
    receipt: number
    invoice: number
    onDay: number
    amount: number
    entity?: '10' | '20'
  },
): void {
  const serial = serialIn(of.policy)
  book.put('allocations', {
    allocation_number: entryNumber('A', serial, of.number),
    policy_number: of.policy,
    receipt_number: entryNumber('E', serial, of.receipt),
    invoice_number: entryNumber('R', serial, of.invoice),
    allocated_on: of.onDay,
    amount: amount(of.amount),
    currency: of.entity === '20' ? 'CHF' : 'EUR',
  })
}

function pick(of: { entity?: '10' | '20'; iban?: string }): { entity?: '10' | '20'; iban?: string } {
  return { ...(of.entity ? { entity: of.entity } : {}), ...(of.iban ? { iban: of.iban } : {}) }
}
