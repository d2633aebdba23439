import { endowmentPolicy, juergen, renate } from '../anchors.ts'
import { putPaidInvoice } from './account-book.ts'
import { type AnchorBook, amount, d, LUEDENSCHEID } from './book.ts'
import { putEvents, putPayments, putReserves } from './claim-book.ts'
import { putDocument, putPolicy } from './policy-book.ts'

/** His endowment, which was paid out at its term. */
export function writeEndowment(book: AnchorBook): void {
  const { policyNumber, claimNumber } = endowmentPolicy
  putPolicy(book, {
    number: policyNumber,
    line: '52',
    product: 'KLV85',
    holder: juergen.partyNumber,
    agent: LUEDENSCHEID,
    begin: endowmentPolicy.beginsOn,
    end: endowmentPolicy.endsOn,
    termEnd: endowmentPolicy.endsOn,
    status: 'K09',
    premium: 1288.45,
    sum: 51_129.19,
    covers: [
      ['LT', 51_129.19],
      ['LE', 51_129.19],
    ],
    changes: [{ from: '2017-04-01', recorded: '2017-02-28', reason: 'K09', status: 'K09' }],
  })
  book.put('insured_lives', {
    policy_number: policyNumber,
    insured_no: 1,
    party_number: juergen.partyNumber,
    role: '1',
    risk_class: 'R1',
    surcharge_percent: 2500,
    occupation_class: 'C',
    medical_note: 'Bluthochdruck, medikamentös eingestellt',
    valid_from: d('1992-04-01'),
    valid_to: d('2017-03-31'),
  })
  const beneficiary = (
    number: number,
    party: string | null,
    text: string | null,
    event: string,
    relation: string,
    from: string,
    to: string,
  ) =>
    book.put('beneficiaries', {
      policy_number: policyNumber,
      beneficiary_no: number,
      party_number: party,
      beneficiary_text: text,
      event,
      relation,
      share_percent: 10_000,
      irrevocable: false,
      valid_from: d(from),
      valid_to: d(to),
    })
  beneficiary(1, null, 'die Eltern', 'T', '03', '1992-04-01', '1998-12-31')
  beneficiary(2, renate.partyNumber, null, 'T', '01', '1999-01-01', '2017-03-31')
  beneficiary(3, juergen.partyNumber, null, 'E', '09', '1992-04-01', '2017-03-31')
  putDocument(book, policyNumber, juergen.partyNumber, 1, 'D03', '2016-04-15 06:00', 'Jährliche Standmitteilung 2016')
  for (let year = 2015; year <= 2016; year++) {
    putPaidInvoice(book, {
      policy: policyNumber,
      payer: juergen.partyNumber,
      number: year - 2014,
      due: d(`${year}-04-01`),
      to: d(`${year + 1}-03-31`),
      kind: 'F',
      premium: 1288.45,
      iban: juergen.iban,
    })
  }
  book.put('claims', {
    claim_number: claimNumber,
    policy_number: policyNumber,
    legal_entity: '10',
    line_of_business: '52',
    coverage_kind: 'LE',
    cause: 'L02',
    status: '30',
    loss_date: d('2017-03-31'),
    reported_on: d('2017-03-31'),
    closed_on: d('2017-04-03'),
    description: 'Ablauf der Versicherung',
    fraud_suspected: false,
    total_paid: amount(74_318.55),
    total_reserved: 0,
    currency: 'EUR',
    handler: 'SB0101',
  })
  putEvents(book, claimNumber, [
    ['2017-03-31 06:00', 'M01'],
    ['2017-04-03 07:30', 'M08'],
    ['2017-04-03 07:31', 'M11'],
  ])
  putReserves(book, claimNumber, 'EUR', [
    ['2017-03-31', 74_400],
    ['2017-04-03', 0],
  ])
  putPayments(book, claimNumber, 'EUR', [
    { payee: juergen.partyNumber, onDay: '2017-04-03', amount: 74_318.55, iban: juergen.iban },
  ])
}
