import { katarzyna, otherScripts, soundAlikes, sparse } from '../anchors.ts'
import { putPaidPremiums } from './account-book.ts'
import { type AnchorAddress, type AnchorBook, amount, d } from './book.ts'
import { putPolicy } from './policy-book.ts'

const addresses = (
  street: string,
  houseNumber: string,
  postalCode: string,
  city: string,
  from: string,
): AnchorAddress[] => [{ street, houseNumber, postalCode, city, from }]

/** People who are found by how their names sound or are written, each with one liability or household policy. */
export function writePeople(book: AnchorBook): void {
  for (const [i, person] of soundAlikes.entries()) {
    book.party({
      number: person.partyNumber,
      customer: person.partyNumber.replace('P', 'K'),
      family: person.familyName,
      given: person.displayName.split(', ')[1] ?? '',
      salutation: i === 3 ? '1' : '2',
      born: d(person.birthDate),
      addresses: addresses('Kirchplatz', String(i + 1), '37073', 'Göttingen', '2003-04-01'),
    })
    liability(book, person.policyNumber, person.partyNumber, '2003-04-01')
  }
  writeOtherScripts(book)
  writeStaff(book)
  writeSparse(book)
}

function liability(book: AnchorBook, policy: string, holder: string, begin: string): void {
  putPolicy(book, {
    number: policy,
    line: '31',
    product: 'PHV02',
    holder,
    begin,
    premium: 58.8,
    sum: 10_000_000,
    covers: [['PH', 10_000_000]],
  })
  putPaidPremiums(book, { policy, payer: holder, begin, months: 12, premium: 58.8 })
}

function writeOtherScripts(book: AnchorBook): void {
  const latinGiven = ['Alexander', 'Mohammad', 'Xiaoming', 'Eleni']
  const nationalities = ['RUS', 'SYR', 'CHN', 'GR']
  for (const [i, person] of otherScripts.entries()) {
    const [family = '', given = ''] = person.displayName.split(', ')
    book.party({
      number: person.partyNumber,
      customer: person.partyNumber.replace('P', 'K'),
      family,
      given,
      salutation: i === 3 ? '2' : '1',
      born: d(`197${i}-0${i + 2}-15`),
      names: [['04', person.latin, latinGiven[i] ?? '', null, null]],
      addresses: addresses('Große Bleichen', String(20 + i), '20354', 'Hamburg', '2012-10-01'),
      more: { nationality: nationalities[i] },
    })
    liability(book, person.policyNumber, person.partyNumber, '2012-10-01')
  }
}

function writeStaff(book: AnchorBook): void {
  book.party({
    number: katarzyna.partyNumber,
    customer: katarzyna.customerNumber,
    family: 'Wójcik-Łukaszewska',
    given: 'Katarzyna',
    salutation: '2',
    born: d('1980-08-29'),
    names: [['02', 'Łukaszewska', 'Katarzyna', '1980-08-29', '2007-06-15']],
    addresses: addresses('Süderstraße', '101', '20097', 'Hamburg', '2010-02-01'),
    more: { staff: true, nationality: 'PL', occupation: 'Sachbearbeiterin Leistung' },
  })
  putPolicy(book, {
    number: katarzyna.policyNumber,
    line: '21',
    product: 'HAU10',
    holder: katarzyna.partyNumber,
    begin: '2010-02-01',
    premium: 74.25,
    sum: 45_000,
    covers: [['HR', 45_000]],
    more: { staff_terms: true },
  })
  putPaidPremiums(book, {
    policy: katarzyna.policyNumber,
    payer: katarzyna.partyNumber,
    begin: '2010-02-01',
    months: 12,
    premium: 74.25,
  })
}

function writeSparse(book: AnchorBook): void {
  book.party({
    number: sparse.partyNumber,
    customer: 'K10000027',
    family: 'Leer',
    given: 'Paul',
    status: 'E9',
    addresses: addresses('Dorfstraße', '9', '26789', 'Leer', '1993-07-01'),
    since: '1990-07-01',
  })
  putPolicy(book, {
    number: sparse.policyNumber,
    line: '21',
    product: 'HAU85',
    holder: sparse.partyNumber,
    begin: '1990-07-01',
    end: sparse.endsOn,
    status: 'K01',
    premium: 88,
    sum: 30_000,
    covers: [['HR', 30_000]],
    changes: [{ from: '1999-07-01', recorded: '1999-03-22', reason: 'K01', status: 'K01' }],
    more: { cancelled_on: d('1999-03-19'), signed_on: null, main_due_month: null },
  })
  book.put('properties', {
    policy_number: sparse.policyNumber,
    property_no: 1,
    city: 'Leer',
    country: 'D',
    year_built: '0000',
    value: amount(30_000),
    currency: 'EUR',
    valid_from: d('1990-07-01'),
    valid_to: d(sparse.endsOn),
  })
}
