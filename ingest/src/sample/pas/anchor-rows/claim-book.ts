import { OPEN } from '../calendar.ts'
import { type AnchorBook, amount, d, moment } from './book.ts'

export function putEvents(book: AnchorBook, claim: string, events: [string, string, string?][]): void {
  for (const [i, [at, kind, text]] of events.entries()) {
    book.put('claim_events', {
      claim_number: claim,
      event_no: i + 1,
      occurred_at: moment(at),
      kind,
      clerk: 'SB0042',
      text,
    })
  }
}

/** In the order of recording; each estimate ends the day before the next. */
export function putReserves(book: AnchorBook, claim: string, currency: string, estimates: [string, number][]): void {
  for (const [i, [from, units]] of estimates.entries()) {
    const next = estimates[i + 1]
    book.put('reserves', {
      claim_number: claim,
      reserve_no: i + 1,
      kind: 'E',
      amount: amount(units),
      currency,
      recorded_from: d(from),
      recorded_to: next ? d(next[0]) - 1 : OPEN,
      clerk: 'SB0042',
    })
  }
}

export function putPayments(
  book: AnchorBook,
  claim: string,
  currency: string,
  payments: { payee: string; onDay: string; amount: number; kind?: string; status?: string; iban?: string }[],
): void {
  for (const [i, payment] of payments.entries()) {
    book.put('claim_payments', {
      payment_number: `Z${claim.slice(1)}${String(i + 1).padStart(2, '0')}`,
      claim_number: claim,
      payee_party_number: payment.payee,
      kind: payment.kind ?? 'E',
      status: payment.status ?? 'A',
      paid_on: d(payment.onDay),
      amount: amount(payment.amount),
      currency,
      iban: payment.iban?.replaceAll(' ', ''),
      purpose: `Schaden ${claim}`,
    })
  }
}

export function putLetters(
  book: AnchorBook,
  claim: string,
  letters: {
    party?: string
    onDay: string
    direction: 'E' | 'A'
    kind: string
    subject: string
    text: string | null
  }[],
): void {
  for (const [i, letter] of letters.entries()) {
    book.put('correspondence', {
      claim_number: claim,
      letter_no: i + 1,
      party_number: letter.party,
      direction: letter.direction,
      kind: letter.kind,
      channel: 'B',
      letter_date: d(letter.onDay),
      subject: letter.subject,
      text: letter.text,
    })
  }
}
