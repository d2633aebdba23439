import { SWITCH_OFF } from './calendar.ts'
import { entryNumber } from './identifiers.ts'
import type { Policy } from './policy.ts'
import { count } from './truth.ts'
import { dunningTexts, paymentReferences } from './words/texts.ts'

const CHARGE = 500

interface Premium {
  kind: 'E' | 'F' | 'G'
  due: number
  periodTo: number | null
  amount: number
  /** It was never paid, and the policy lapsed. */
  unpaid?: boolean
}

interface Invoice {
  number: string
  due: number
  amount: number
  open: number
}

/**
 * The account of one policy: invoices, receipts, what paid what, reminders and refunds. What it says of an invoice (status, open amount) is
 * always the sum of its allocations.
 */
export class Ledger {
  private readonly policy: Policy
  private readonly payer: string
  private readonly method: 'L' | 'U' | 'K'
  private invoices = 0
  private receipts = 0
  private allocations = 0
  private refunds = 0
  /** Paid together with the next one. */
  private waiting: Invoice[] = []
  private readonly rows: [Premium, Invoice, string][] = []

  constructor(policy: Policy) {
    this.policy = policy
    this.payer = (policy.payer ?? policy.holder).number
    this.method = policy.random.weighted([
      ['L', 66],
      ['U', 32],
      ['K', 2],
    ])
  }

  premium(of: Premium): void {
    const { random } = this.policy
    const invoice: Invoice = { number: this.nextInvoice(), due: of.due, amount: of.amount, open: of.amount }
    let status = 'A'
    const roll = random.next()
    if (of.unpaid) {
      this.remind(invoice, 3)
      status = random.chance(0.6) ? 'N' : 'O'
    } else if (roll < 0.004) {
      status = 'S'
      invoice.open = 0
    } else if (of.due > SWITCH_OFF - 25 && roll < 0.5) {
      status = 'O'
    } else if (roll < 0.012 && this.method === 'L') {
      this.returned(invoice)
    } else if (roll < 0.03) {
      const reminders = random.chance(0.25) ? 2 : 1
      const reminded = this.remind(invoice, reminders)
      const owed = reminders > 1 && reminded <= SWITCH_OFF ? [invoice, this.charge(reminded)] : [invoice]
      this.pay(owed, reminded + random.between(2, 12), 'U')
    } else if (roll < 0.036) {
      const part = Math.round(of.amount / 2)
      this.pay([invoice], of.due + random.between(2, 10), this.method, part)
      this.pay([invoice], of.due + random.between(25, 50), 'U')
    } else if (roll < 0.042 && this.waiting.length === 0 && of.due < SWITCH_OFF - 400) {
      this.waiting.push(invoice)
    } else {
      const together = [...this.waiting, invoice]
      this.waiting = []
      this.pay(together, of.due + (this.method === 'L' ? random.between(0, 3) : random.between(-6, 14)), this.method)
      if (random.chance(0.003)) this.payTwice(invoice)
    }
    if (invoice.open > 0 && status === 'A') status = invoice.open < invoice.amount ? 'T' : 'O'
    this.rows.push([of, invoice, status])
  }

  /** Whatever still waits for a payment that never came. */
  write(): void {
    for (const row of this.rows) this.writeInvoice(...row)
  }

  private writeInvoice(of: Premium, invoice: Invoice, status: string): void {
    const { sample, number, entity, currency } = this.policy
    // One that waited may have been paid since.
    const settled = status === 'O' && invoice.open === 0 ? 'A' : status
    sample.put('invoices', {
      invoice_number: invoice.number,
      policy_number: number,
      legal_entity: entity,
      payer_party_number: this.payer,
      kind: of.kind,
      status: settled,
      invoiced_on: of.periodTo === null ? of.due : of.due - 21,
      due_on: of.due,
      period_from: of.periodTo === null ? null : of.due,
      period_to: of.periodTo,
      amount: invoice.amount,
      open_amount: invoice.open,
      currency,
    })
  }

  /** One receipt for one or several invoices; `part` pays only so much of a single one. Nothing comes in after the switch-off. */
  private pay(invoices: Invoice[], onDay: number, method: string, part?: number): string | undefined {
    if (onDay > SWITCH_OFF) return undefined
    const due = part ?? invoices.reduce((sum, invoice) => sum + invoice.open, 0)
    if (due === 0) return undefined
    const receipt = this.receive(onDay, method, due, 'V')
    let left = due
    for (const invoice of invoices) {
      const amount = Math.min(left, invoice.open)
      if (amount > 0) this.allocate(receipt, invoice, onDay, amount)
      left -= amount
    }
    return receipt
  }

  private returned(invoice: Invoice): void {
    const { random } = this.policy
    const receipt = this.pay([invoice], invoice.due + 1, 'L')
    const backOn = invoice.due + random.between(4, 20)
    if (receipt === undefined || backOn > SWITCH_OFF) return
    const back = this.receive(backOn, 'L', -invoice.amount, 'R')
    this.allocate(back, invoice, backOn, -invoice.amount)
    this.pay([invoice], this.remind(invoice, 1) + random.between(3, 20), 'U')
  }

  private payTwice(invoice: Invoice): void {
    const { random } = this.policy
    const onDay = invoice.due + random.between(15, 60)
    if (onDay + 15 > SWITCH_OFF || invoice.open > 0) return
    const receipt = this.receive(onDay, 'U', invoice.amount, 'E')
    this.refund(invoice.amount, onDay + random.between(3, 15), 'D', receipt)
  }

  /** Reminds up to a level; gives the day of the last reminder. */
  private remind(invoice: Invoice, levels: number): number {
    const { sample, random, number, currency } = this.policy
    let sent = invoice.due
    for (let level = 1; level <= levels; level++) {
      sent += level === 1 ? random.between(16, 26) : random.between(18, 28)
      if (sent > SWITCH_OFF) return sent
      sample.put('dunning', {
        invoice_number: invoice.number,
        dunning_no: level,
        policy_number: number,
        level: String(level),
        sent_on: sent,
        deadline: level === 3 ? null : sent + 14,
        amount: invoice.open,
        charge: level === 1 ? 0 : CHARGE,
        currency,
        text: random.chance(0.08) ? random.pick(dunningTexts) : null,
      })
    }
    return sent
  }

  /** A second reminder costs; who pays late mostly pays that too. */
  private charge(onDay: number): Invoice {
    const invoice = { number: this.nextInvoice(), due: onDay, amount: CHARGE, open: CHARGE }
    this.rows.push([{ kind: 'G', due: onDay, periodTo: null, amount: CHARGE }, invoice, 'O'])
    return invoice
  }

  refund(amount: number, onDay: number, reason: string, receipt: string | null): void {
    const { sample, serial, number, currency, payer, holder } = this.policy
    const payee = payer ?? holder
    sample.put('refunds', {
      refund_number: entryNumber('F', serial, ++this.refunds),
      policy_number: number,
      payee_party_number: payee.number,
      receipt_number: receipt,
      reason,
      status: onDay > SWITCH_OFF - 3 ? 'F' : 'A',
      paid_on: onDay,
      amount,
      currency,
      iban: payee.iban,
    })
  }

  /** Money that nobody could match: no policy quoted, or one that does not exist. */
  unclear(onDay: number, year: number): void {
    const { sample, random, serial, entity, currency } = this.policy
    const unknown = random.chance(0.5)
    if (unknown) count(sample.truth.orphans, 'receipts.policy_number')
    sample.put('receipts', {
      receipt_number: entryNumber('E', serial, ++this.receipts),
      policy_number: unknown ? `000${random.digits(6)}` : null,
      legal_entity: entity,
      payer_party_number: null,
      method: 'U',
      status: 'U',
      booked_on: onDay,
      value_date: onDay,
      amount: random.between(1000, 90_000),
      currency,
      iban: null,
      reference: sample.text(random, [`Beitrag ${year}`, 'siehe Schreiben', 'für Opa', 'Vers. Nr. unleserlich']),
    })
  }

  private receive(onDay: number, method: string, amount: number, status: string): string {
    const { sample, random, serial, number, entity, currency, payer, holder } = this.policy
    const receipt = entryNumber('E', serial, ++this.receipts)
    sample.put('receipts', {
      receipt_number: receipt,
      policy_number: number,
      legal_entity: entity,
      payer_party_number: this.payer,
      method,
      status,
      booked_on: onDay,
      value_date: method === 'L' ? onDay : onDay - random.below(2),
      amount,
      currency,
      iban: method === 'L' || random.chance(0.4) ? (payer ?? holder).iban : null,
      reference: method === 'L' ? null : random.chance(0.3) ? sample.text(random, paymentReferences) : number,
    })
    return receipt
  }

  private allocate(receipt: string, invoice: Invoice, onDay: number, amount: number): void {
    const { sample, serial, number, currency } = this.policy
    invoice.open -= amount
    sample.put('allocations', {
      allocation_number: entryNumber('A', serial, ++this.allocations),
      policy_number: number,
      receipt_number: receipt,
      invoice_number: invoice.number,
      allocated_on: onDay,
      amount,
      currency,
    })
  }

  private nextInvoice(): string {
    return entryNumber('R', this.policy.serial, ++this.invoices)
  }
}
