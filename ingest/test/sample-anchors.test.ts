import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Application } from '@muniment/archive/model/types'
import * as anchors from '@muniment/ingest/sample/pas/anchors'
import { generatePas } from '@muniment/ingest/sample/pas/generate'
import { policyNumber } from '@muniment/ingest/sample/pas/identifiers'
import { hostileTexts } from '@muniment/ingest/sample/pas/words/texts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cents, readModel, readTables, rowsOf, type SourceRow, type Tables } from './sample-reader.ts'

let application: Application
let folder: string
let smallest: Tables
let thousand: Tables

beforeAll(async () => {
  application = await readModel()
  folder = await mkdtemp(join(tmpdir(), 'muniment-anchors-'))
  const make = async (policies: number, seed: number) => {
    const out = join(folder, `${policies}-${seed}`)
    await generatePas({ policies, seed, out, workers: 1 })
    return readTables(out, application)
  }
  smallest = await make(1, 99)
  thousand = await make(1000, 3)
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const find = (table: string, match: SourceRow): SourceRow[] =>
  rowsOf(thousand, table).filter((row) => Object.entries(match).every(([name, value]) => row[name] === value))
const one = (table: string, match: SourceRow): SourceRow => {
  const [row, ...more] = find(table, match)
  expect([row, more.length], `${table} ${JSON.stringify(match)}`).toEqual([expect.anything(), 0])
  return row ?? {}
}
const compact = (iso: string) => iso.replaceAll('-', '')
const sum = (rows: SourceRow[], column: string) =>
  (rows.reduce((total, row) => total + cents(row[column]), 0) / 100).toFixed(2)

describe('the known records', () => {
  it('are all there is in the smallest sample', () => {
    expect(rowsOf(smallest, 'policies')).toHaveLength(anchors.anchorPolicies)
  })

  it('are the same for every seed and size', () => {
    for (const table of application.tables) {
      const all = new Map(rowsOf(thousand, table.name).map((row) => [keyOf(table.primaryKey, row), row]))
      for (const row of rowsOf(smallest, table.name)) {
        const key = keyOf(table.primaryKey, row)
        expect(all.get(key), `${table.name} ${key}`).toEqual(row)
      }
    }
  })

  it('have policy numbers with their check digit', () => {
    for (const { policy_number } of rowsOf(smallest, 'policies'))
      expect(policyNumber(Number(policy_number?.slice(0, 8)))).toBe(policy_number)
  })

  it('hold Jürgen Müller-Lüdenscheidt with his other records', () => {
    const { juergen, juergenMerged, juergenUnlinked, renate } = anchors
    expect(one('parties', { party_number: juergen.partyNumber })).toMatchObject({
      customer_number: juergen.customerNumber,
      display_name: juergen.displayName,
      birth_date: compact(juergen.birthDate),
      birth_place: juergen.birthPlace,
      city: juergen.city,
      email: juergen.email,
      phone: juergen.phone,
    })
    expect(one('bank_accounts', { party_number: juergen.partyNumber }).iban).toBe(juergen.iban)
    expect(find('addresses', { party_number: juergen.partyNumber }).map((row) => row.postal_code)).toEqual([
      '5880',
      '58507',
      '58507',
    ])
    expect(one('parties', { party_number: juergenUnlinked.partyNumber }).same_person_as).toBeNull()
    expect(one('policies', { policy_number: juergenUnlinked.policyNumber }).holder_party_number).toBe(
      juergenUnlinked.partyNumber,
    )
    expect(one('parties', { party_number: juergenMerged.partyNumber })).toMatchObject({
      status: 'X7',
      same_person_as: juergen.partyNumber,
    })
    expect(one('party_names', { party_number: renate.partyNumber, kind: '02' }).surname).toBe(renate.birthName)
    expect(find('policies', { holder_party_number: juergen.partyNumber })).toHaveLength(3)
  })

  it('hold a motor policy whose past was corrected', () => {
    const { motorPolicy } = anchors
    const versions = find('policy_versions', { policy_number: motorPolicy.policyNumber })
    expect(versions).toHaveLength(motorPolicy.versions)
    expect(versions.filter(({ recorded_to }) => recorded_to === '99991231')).toHaveLength(motorPolicy.believedVersions)
    const premiumAsKnown = (knownOn: string) => {
      const [valid, known] = [compact(motorPolicy.correction.validOn), compact(knownOn)]
      const believed = versions.filter(
        (row) => within(valid, row.valid_from, row.valid_to) && within(known, row.recorded_from, row.recorded_to),
      )
      return believed.map((row) => row.annual_premium)
    }
    const { before, after } = motorPolicy.correction
    expect(premiumAsKnown(before.knownOn)).toEqual([before.premium])
    expect(premiumAsKnown(after.knownOn)).toEqual([after.premium])
    expect(one('policies', { policy_number: motorPolicy.policyNumber }).annual_premium).toBe(motorPolicy.annualPremium)
    expect(find('invoices', { policy_number: motorPolicy.policyNumber })).toHaveLength(motorPolicy.invoices)
    expect(find('vehicle_plates', { policy_number: motorPolicy.policyNumber }).map(({ plate }) => plate)).toEqual([
      motorPolicy.formerPlate,
      'MK-ML 300',
      motorPolicy.plate,
    ])
  })

  it('hold a claim with payments, reserves and third parties', () => {
    const { motorClaim, fatma, thomas } = anchors
    const claim = { claim_number: motorClaim.claimNumber }
    expect(one('claims', claim)).toMatchObject({
      status: motorClaim.status,
      cause: motorClaim.cause,
      loss_date: compact(motorClaim.lossDate),
      reported_on: compact(motorClaim.reportedOn),
      closed_on: compact(motorClaim.closedOn),
      total_paid: motorClaim.totalPaid,
    })
    const payments = find('claim_payments', claim)
    expect(payments).toHaveLength(motorClaim.payments)
    expect(
      sum(
        payments.filter(({ status }) => status !== 'S'),
        'amount',
      ),
    ).toBe(motorClaim.totalPaid)
    expect(find('reserves', claim)).toHaveLength(motorClaim.reserves)
    const known = compact(motorClaim.reservedOn.knownOn)
    expect(
      find('reserves', claim)
        .filter((row) => within(known, row.recorded_from, row.recorded_to))
        .map(({ amount }) => amount),
    ).toEqual([motorClaim.reservedOn.amount])
    expect(find('claim_parties', claim)).toHaveLength(motorClaim.parties)
    for (const third of [fatma, thomas]) {
      expect(one('parties', { party_number: third.partyNumber })).toMatchObject({
        display_name: third.displayName,
        customer_number: null,
        status: 'D3',
      })
    }
  })

  it('hold an endowment that was paid out and a death benefit', () => {
    for (const { policyNumber: number, claimNumber, paid } of [anchors.endowmentPolicy, anchors.wilhelm]) {
      expect(one('claims', { claim_number: claimNumber })).toMatchObject({ policy_number: number, total_paid: paid })
    }
    const { endowmentPolicy, wilhelm } = anchors
    expect(one('policies', { policy_number: endowmentPolicy.policyNumber })).toMatchObject({
      status: 'K09',
      ends_on: compact(endowmentPolicy.endsOn),
    })
    expect(one('policies', { policy_number: wilhelm.policyNumber })).toMatchObject({
      status: 'K11',
      ends_on: compact(wilhelm.deathDate),
    })
    expect(one('claim_payments', { claim_number: wilhelm.claimNumber }).payee_party_number).toBe(
      wilhelm.beneficiary.partyNumber,
    )
  })

  it('hold names that sound alike, have apostrophes or come in other scripts', () => {
    for (const person of anchors.soundAlikes) {
      expect(one('parties', { party_number: person.partyNumber })).toMatchObject({
        display_name: person.displayName,
        birth_date: compact(person.birthDate),
      })
      expect(one('policies', { policy_number: person.policyNumber }).holder_party_number).toBe(person.partyNumber)
    }
    for (const person of anchors.otherScripts) {
      expect(one('parties', { party_number: person.partyNumber }).display_name).toBe(person.displayName)
      expect(one('party_names', { party_number: person.partyNumber, kind: '04' }).surname).toBe(person.latin)
    }
    expect(one('parties', { party_number: anchors.obrien.partyNumber }).family_name).toBe(anchors.obrien.familyName)
    expect(one('claims', { claim_number: anchors.obrien.claimNumber }).policy_number).toBe(anchors.obrien.policyNumber)
  })

  it('hold a fleet and the largest loss', () => {
    const { fleet, largeLoss } = anchors
    const plates = find('vehicle_plates', { policy_number: fleet.policyNumber }).map(({ plate }) => plate)
    expect([plates.length, plates[0], plates.at(-1)]).toEqual([fleet.vehicles, fleet.firstPlate, fleet.lastPlate])
    expect(find('claims', { policy_number: fleet.policyNumber })).toHaveLength(fleet.claims)
    expect(one('claims', { claim_number: largeLoss.claimNumber })).toMatchObject({
      total_paid: largeLoss.totalPaid,
      loss_date: compact(largeLoss.lossDate),
    })
    expect(find('claim_payments', { claim_number: largeLoss.claimNumber })).toHaveLength(largeLoss.payments)
    expect(one('recoveries', { recovery_number: largeLoss.recoveryNumber })).toMatchObject({
      claimed_amount: largeLoss.demanded,
      received_amount: largeLoss.recovered,
    })
    const largest = Math.max(...rowsOf(thousand, 'claims').map((row) => cents(row.total_paid)))
    expect(largest).toBe(cents(largeLoss.totalPaid))
  })

  it('hold complaints, reminders, a refund and an open instalment', () => {
    const { gisela, mehmet } = anchors
    expect(find('complaints', { party_number: gisela.partyNumber }).map((row) => row.complaint_number)).toEqual(
      gisela.complaints,
    )
    expect(one('complaints', { complaint_number: gisela.complaints[2] }).status).toBe('O')
    expect(find('dunning', { policy_number: mehmet.policyNumber })).toHaveLength(mehmet.reminders)
    expect(one('refunds', { refund_number: mehmet.refundNumber }).amount).toBe(mehmet.refundAmount)
    expect(one('invoices', { invoice_number: mehmet.openInvoiceNumber })).toMatchObject({
      status: 'O',
      open_amount: mehmet.openAmount,
      due_on: '2024-12-01',
    })
    expect(sum(find('invoices', { policy_number: mehmet.policyNumber }), 'open_amount')).toBe(mehmet.openAmount)
    expect(find('policy_versions', { policy_number: mehmet.policyNumber, reason: 'R02' })).toHaveLength(1)
  })

  it('hold Swiss francs, staff, a party with hardly any data, hostile texts and broken values', () => {
    const { broken, chiara, hostile, katarzyna, sparse } = anchors
    expect(one('policies', { policy_number: chiara.policyNumber })).toMatchObject({
      currency: 'CHF',
      legal_entity: '20',
    })
    expect(one('claims', { claim_number: chiara.claimNumber }).total_paid).toBe(chiara.totalPaid)
    expect(one('parties', { party_number: katarzyna.partyNumber }).staff).toBe('J')
    expect(one('policies', { policy_number: katarzyna.policyNumber }).staff_terms).toBe('J')
    for (const table of ['invoices', 'receipts', 'claims', 'documents_sent'])
      expect(find(table, { policy_number: sparse.policyNumber })).toEqual([])
    expect(one('parties', { party_number: sparse.partyNumber })).toMatchObject({ birth_date: null, email: null })
    expect(one('parties', { party_number: hostile.partyNumber }).display_name).toBe(hostile.displayName)
    const letters = find('correspondence', { claim_number: hostile.claimNumber })
    expect(letters.map(({ text }) => text)).toEqual(Object.values(hostileTexts))
    expect(one('parties', { party_number: broken.noBirthDate }).birth_date).toBe('00000000')
    expect(one('vehicles', { policy_number: broken.policyNumber }).first_registration).toBe('31.02.1994')
    expect(find('parties', { party_number: broken.erasedParty })).toEqual([])
    expect(one('claim_parties', { claim_number: broken.claimNumber }).party_number).toBe(broken.erasedParty)
    expect(one('receipts', { receipt_number: broken.receiptNumber }).policy_number).toBe(broken.unknownPolicy)
    expect(find('agents', { agent_number: broken.removedAgent })).toEqual([])
  })
})

const keyOf = (columns: string[], row: SourceRow): string => columns.map((name) => row[name]).join('|')
const within = (value: string, from: string | null | undefined, to: string | null | undefined): boolean =>
  (from ?? '') <= value && value <= (to ?? '')
