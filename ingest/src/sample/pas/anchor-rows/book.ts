import { isoDay, OPEN } from '../calendar.ts'
import type { Cell, Row } from '../delivery-writer.ts'
import type { Sample } from '../sample.ts'

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
}

export const serialIn = (policy: string): number => Number(policy.slice(0, 8))
