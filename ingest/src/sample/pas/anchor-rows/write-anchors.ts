import { OPEN } from '../calendar.ts'
import type { Sample } from '../sample.ts'
import { AnchorBook, d, HEAD_OFFICE, LUEDENSCHEID, TICINO } from './book.ts'
import { writeBroken } from './broken.ts'
import { writeCommercial } from './commercial.ts'
import { writeHostile } from './hostile.ts'
import { writeHousehold } from './household.ts'
import { writeMehmet } from './mehmet.ts'
import { writePeople } from './people.ts'
import { writeSingles } from './singles.ts'

/** The records that ../anchors.ts describes. */
export function writeAnchors(sample: Sample): void {
  const book = new AnchorBook(sample)
  writeAgencies(book)
  writeHousehold(book)
  writePeople(book)
  writeSingles(book)
  writeMehmet(book)
  writeCommercial(book)
  writeHostile(book)
  writeBroken(book)
}

function writeAgencies(book: AnchorBook): void {
  const agencies = [
    {
      number: HEAD_OFFICE,
      party: 'P10000090',
      kind: '40',
      name: 'Direktion Hamburg',
      postalCode: '20095',
      city: 'Hamburg',
      region: 'Nord',
      country: 'D',
    },
    {
      number: LUEDENSCHEID,
      party: 'P10000091',
      kind: '10',
      name: 'Agentur Schöttelndreier',
      postalCode: '58507',
      city: 'Lüdenscheid',
      region: 'West',
      country: 'D',
    },
    {
      number: TICINO,
      party: 'P10000092',
      kind: '20',
      name: 'Agenzia del Ceresio – Assicurazioni',
      postalCode: '6900',
      city: 'Lugano',
      region: 'Schweiz',
      country: 'CH',
    },
  ]
  for (const { number, party, kind, name, postalCode, city, region, country } of agencies) {
    book.party({
      number: party,
      organisation: name,
      addresses: [{ street: 'Bahnhofstraße', houseNumber: '1', postalCode, city, country, from: '1985-01-01' }],
    })
    book.put('agents', {
      agent_number: number,
      party_number: party,
      kind,
      name,
      postal_code: postalCode,
      city,
      region,
      contract_from: d('1985-01-01'),
      contract_to: OPEN,
    })
  }
}
