import { addMonths, isoDay, LEDGER_BEGINS, OPEN, SWITCH_OFF } from '../calendar.ts'
import type { Cell, Row } from '../delivery-writer.ts'
import { entryNumber } from '../identifiers.ts'
import type { Sample } from '../sample.ts'
import { type Change, versionsOf } from '../versions.ts'

/** `2024-07-05` as a day. */
export const d = isoDay
/** An amount as people write it, in hundredths. */
export const amount = (units: number): number => Math.round(units * 100)
/** `2019-02-11 09:30` as a moment. */
export const moment = (text: string): number => Date.parse(`${text.replace(' ', 'T')}:00.000Z`)

export const HEAD_OFFICE = 'V000010'
export const LUEDENSCHEID = 'V000020'
export const TICINO = 'V000030'

export interface AnchorAddress {
  street: string
  houseNumber: string
  postalCode: string
  city: string
  country?: string
  from: string
  to?: string
  kind?: 'H' | 'Z' | 'P'
}

export interface AnchorParty {
  number: string
  /** Only parties that have held a policy. */
  customer?: string | undefined
  family?: string
  given?: string
  organisation?: string
  salutation?: string
  born?: Cell
  status?: string
  since?: string
  /** In the order of time; the last one is current. */
  addresses?: AnchorAddress[]
  iban?: string
  /** More names than the current one: kind, surname, given names, from, to. */
  names?: [string, string, string, string | null, string | null][]
  more?: Row
}

export interface AnchorPolicy {
  number: string
  line: string
  product: string
  holder: string
  begin: string
  end?: string
  status?: string
  entity?: '10' | '20'
  agent?: string
  frequency?: string
  premium: number
  sum: number
  deductible?: number
  covers: [string, number][]
  termEnd?: string
  /** After the first version: from when, recorded when, why, and what is different. */
  changes?: {
    from: string
    recorded: string
    reason: string
    premium?: number
    sum?: number
    status?: string
    note?: string
    noClaims?: string
  }[]
  more?: Row
}

interface AnchorState {
  reason: string
  status: string
  premium: number
  sum: number
  note: string | null
  noClaims: string | null
}

/** Writes the known records by hand. What is not said is empty. */
export class AnchorBook {
  readonly sample: Sample

  constructor(sample: Sample) {
    this.sample = sample
  }

  put(table: string, row: Row): void {
    this.sample.put(table, row)
  }

  party(of: AnchorParty): void {
    const name = of.organisation ?? `${of.family}, ${of.given}`
    const current = of.addresses?.at(-1)
    const since = of.since ?? of.addresses?.[0]?.from ?? null
    this.put('parties', {
      party_number: of.number,
      customer_number: of.customer,
      kind: of.organisation ? '02' : '01',
      status: of.status ?? (of.customer ? 'A1' : 'D3'),
      salutation: of.salutation ?? (of.organisation ? '3' : '9'),
      family_name: of.family,
      given_names: of.given,
      organisation_name: of.organisation,
      display_name: name,
      birth_date: of.born,
      language: 'D',
      postal_code: current?.postalCode,
      city: current?.city,
      country: current?.country ?? (current ? 'D' : null),
      staff: false,
      customer_since: of.customer && since ? d(since) : null,
      ...of.more,
    })
    this.put('party_names', {
      party_number: of.number,
      name_no: 1,
      kind: '01',
      surname: of.organisation ?? of.family,
      given_names: of.given,
      valid_to: OPEN,
    })
    for (const [i, [kind, surname, given, from, to]] of (of.names ?? []).entries()) {
      this.put('party_names', {
        party_number: of.number,
        name_no: i + 2,
        kind,
        surname,
        given_names: given || null,
        valid_from: from === null ? null : d(from),
        valid_to: to === null ? OPEN : d(to),
      })
    }
    for (const [i, address] of (of.addresses ?? []).entries()) this.address(of.number, i + 1, address)
    if (of.iban) {
      this.put('bank_accounts', {
        party_number: of.number,
        account_no: 1,
        iban: of.iban,
        mandate_reference: `M${of.number.slice(1)}01`,
        valid_from: d('2014-02-01'),
        valid_to: OPEN,
      })
    }
    const { parties } = this.sample.truth
    if (of.customer) parties.customers++
    else parties.thirdParties++
    if (of.more?.staff === true) parties.staff++
  }

  private address(party: string, number: number, of: AnchorAddress): void {
    this.put('addresses', {
      party_number: party,
      address_no: number,
      kind: of.kind ?? (of.to ? 'Z' : 'H'),
      street: of.street,
      house_number: of.houseNumber,
      postal_code: of.postalCode,
      city: of.city,
      country: of.country ?? 'D',
      valid_from: d(of.from),
      valid_to: of.to ? d(of.to) : OPEN,
    })
  }

  policy(of: AnchorPolicy): void {
    const currency = of.entity === '20' ? 'CHF' : 'EUR'
    const first: AnchorState = {
      reason: 'N01',
      status: 'A01',
      premium: amount(of.premium),
      sum: amount(of.sum),
      note: null,
      noClaims: null,
    }
    const changes: Change<AnchorState>[] = [{ validFrom: d(of.begin), recordedOn: d(of.begin) - 9, state: first }]
    let state = first
    for (const change of of.changes ?? []) {
      state = {
        reason: change.reason,
        status: change.status ?? state.status,
        premium: change.premium === undefined ? state.premium : amount(change.premium),
        sum: change.sum === undefined ? state.sum : amount(change.sum),
        note: change.note ?? null,
        noClaims: change.noClaims ?? state.noClaims,
      }
      changes.push({ validFrom: d(change.from), recordedOn: d(change.recorded), state })
    }
    this.put('policies', {
      policy_number: of.number,
      legal_entity: of.entity ?? '10',
      line_of_business: of.line,
      product_code: of.product,
      status: of.status ?? 'A01',
      holder_party_number: of.holder,
      agent_number: of.agent ?? HEAD_OFFICE,
      begins_on: d(of.begin),
      ends_on: of.end ? d(of.end) : OPEN,
      term_ends_on: of.termEnd ? d(of.termEnd) : null,
      signed_on: d(of.begin) - 12,
      frequency: of.frequency ?? '1',
      annual_premium: state.premium,
      currency,
      main_due_month: Number(of.begin.slice(5, 7)),
      staff_terms: false,
      ...of.more,
    })
    const { policies } = this.sample.truth
    policies.all++
    if (of.more?.staff_terms === true) policies.staffTerms++
    if (of.entity === '20') policies.swiss++
    if (of.changes?.some(({ reason }) => reason === 'R02')) policies.reinstated++
    if (of.changes?.some(({ reason }) => reason === 'B09')) policies.corrected++
    this.versions(of, changes, currency)
    this.coverages(of, state, currency)
  }

  private versions(of: AnchorPolicy, changes: Change<AnchorState>[], currency: string): void {
    const versions = versionsOf(changes)
    for (const [i, version] of versions.entries()) {
      const { state } = version
      this.put('policy_versions', {
        policy_number: of.number,
        version_no: i + 1,
        reason: state.reason,
        valid_from: version.validFrom,
        valid_to: version.validTo,
        recorded_from: version.recordedFrom,
        recorded_to: version.recordedTo,
        status: state.status,
        product_code: of.product,
        frequency: of.frequency ?? '1',
        sum_insured: state.sum,
        deductible: amount(of.deductible ?? 0),
        annual_premium: state.premium,
        currency,
        no_claims_class: state.noClaims,
        clerk: 'SB0007',
        note: state.note,
      })
    }
    const periods = versions
      .filter(({ recordedTo, state }) => recordedTo === OPEN && state.status.startsWith('A'))
      .sort((a, b) => a.validFrom - b.validFrom)
    for (const [i, { state, validFrom, validTo }] of periods.entries()) {
      const net = /^5/.test(of.line) ? state.premium : Math.round(state.premium / (currency === 'CHF' ? 1.05 : 1.19))
      this.put('premium_schedules', {
        policy_number: of.number,
        schedule_no: i + 1,
        valid_from: validFrom,
        valid_to: validTo,
        reason: i === 0 ? 'N' : state.reason === 'E07' ? 'A' : 'D',
        frequency: of.frequency ?? '1',
        net_premium: net,
        tax: state.premium - net,
        gross_premium: state.premium,
        currency,
      })
    }
  }

  private coverages(of: AnchorPolicy, last: AnchorState, currency: string): void {
    let left = last.premium
    for (const [i, [kind, sum]] of of.covers.entries()) {
      const premium = i === of.covers.length - 1 ? left : Math.round(last.premium / of.covers.length)
      left -= premium
      this.put('coverages', {
        policy_number: of.number,
        coverage_no: i + 1,
        kind,
        valid_from: d(of.begin),
        valid_to: of.end ? d(of.end) : OPEN,
        sum_insured: amount(sum),
        deductible: amount(of.deductible ?? 0),
        annual_premium: premium,
        currency,
      })
    }
  }

  /** Premiums invoiced since 2015, each paid by direct debit on its day. */
  paidPremiums(of: {
    policy: string
    payer: string
    begin: string
    months: number
    premium: number
    entity?: '10' | '20'
    iban?: string
  }): void {
    let number = 0
    for (
      let due = d(of.begin), months = 0;
      due <= SWITCH_OFF;
      months += of.months, due = addMonths(d(of.begin), months)
    ) {
      if (due < LEDGER_BEGINS) continue
      number++
      this.paidInvoice({
        ...of,
        number,
        due,
        to: addMonths(d(of.begin), months + of.months) - 1,
        kind: months === 0 ? 'E' : 'F',
      })
    }
  }

  /** An invoice with one receipt, equally numbered, that pays it. */
  paidInvoice(of: {
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
  }): void {
    this.invoice({ ...of, status: 'A', open: 0 })
    this.receipt({
      policy: of.policy,
      payer: of.payer,
      number: of.number,
      onDay: of.due,
      amount: of.premium,
      method: 'L',
      ...pick(of),
    })
    this.allocation({
      policy: of.policy,
      number: of.number,
      receipt: of.number,
      invoice: of.number,
      onDay: of.due,
      amount: of.premium,
      ...pick(of),
    })
  }

  invoice(of: {
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
  }): void {
    this.put('invoices', {
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

  receipt(of: {
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
  }): void {
    this.put('receipts', {
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

  allocation(of: {
    policy: string
    number: number
    receipt: number
    invoice: number
    onDay: number
    amount: number
    entity?: '10' | '20'
  }): void {
    const serial = serialIn(of.policy)
    this.put('allocations', {
      allocation_number: entryNumber('A', serial, of.number),
      policy_number: of.policy,
      receipt_number: entryNumber('E', serial, of.receipt),
      invoice_number: entryNumber('R', serial, of.invoice),
      allocated_on: of.onDay,
      amount: amount(of.amount),
      currency: of.entity === '20' ? 'CHF' : 'EUR',
    })
  }

  document(policy: string, party: string, number: number, kind: string, createdAt: string, title: string): void {
    const serial = serialIn(policy)
    this.put('documents_sent', {
      document_number: entryNumber('D', serial, number),
      policy_number: policy,
      party_number: party,
      kind,
      created_at: moment(createdAt),
      channel: 'B',
      title,
      archive_reference: `DA/${createdAt.slice(0, 4)}/${serial.toString(36)}/${number}`,
      returned: false,
    })
  }

  events(claim: string, events: [string, string, string?][]): void {
    for (const [i, [at, kind, text]] of events.entries()) {
      this.put('claim_events', {
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
  reserves(claim: string, currency: string, estimates: [string, number][]): void {
    for (const [i, [from, units]] of estimates.entries()) {
      const next = estimates[i + 1]
      this.put('reserves', {
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

  payments(
    claim: string,
    currency: string,
    payments: { payee: string; onDay: string; amount: number; kind?: string; status?: string; iban?: string }[],
  ): void {
    for (const [i, payment] of payments.entries()) {
      this.put('claim_payments', {
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

  letters(
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
      this.put('correspondence', {
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
}

export const serialIn = (policy: string): number => Number(policy.slice(0, 8))

function pick(of: { entity?: '10' | '20'; iban?: string }): { entity?: '10' | '20'; iban?: string } {
  return { ...(of.entity ? { entity: of.entity } : {}), ...(of.iban ? { iban: of.iban } : {}) }
}
