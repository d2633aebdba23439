import { OPEN } from '../calendar.ts'
import type { Row } from '../delivery-writer.ts'
import { entryNumber } from '../identifiers.ts'
import { type Change, versionsOf } from '../versions.ts'
import { type AnchorBook, amount, d, HEAD_OFFICE, moment, serialIn } from './book.ts'

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

export function putPolicy(book: AnchorBook, of: AnchorPolicy): void {
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
  book.put('policies', {
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
  const { policies } = book.sample.truth
  policies.all++
  if (of.more?.staff_terms === true) policies.staffTerms++
  if (of.entity === '20') policies.swiss++
  if (of.changes?.some(({ reason }) => reason === 'R02')) policies.reinstated++
  if (of.changes?.some(({ reason }) => reason === 'B09')) policies.corrected++
  putVersions(book, of, changes, currency)
  putCoverages(book, of, state, currency)
}

function putVersions(book: AnchorBook, of: AnchorPolicy, changes: Change<AnchorState>[], currency: string): void {
  const versions = versionsOf(changes)
  for (const [i, version] of versions.entries()) {
    const { state } = version
    book.put('policy_versions', {
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
    book.put('premium_schedules', {
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

function putCoverages(book: AnchorBook, of: AnchorPolicy, last: AnchorState, currency: string): void {
  let left = last.premium
  for (const [i, [kind, sum]] of of.covers.entries()) {
    const premium = i === of.covers.length - 1 ? left : Math.round(last.premium / of.covers.length)
    left -= premium
    book.put('coverages', {
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

export function putDocument(
  book: AnchorBook,
  policy: string,
  party: string,
  number: number,
  kind: string,
  createdAt: string,
  title: string,
): void {
  const serial = serialIn(policy)
  book.put('documents_sent', {
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
