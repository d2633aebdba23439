import type { Application } from '@muniment/archive/model/types'
import { writeAgents } from './agents.ts'
import { writeAnchors } from './anchor-rows/write-anchors.ts'
import { day, OPEN } from './calendar.ts'
import { homeIn } from './homes.ts'
import { providerNumber } from './identifiers.ts'
import { generations, lines } from './lines.ts'
import { writeParty } from './party-rows.ts'
import { makeOrganisation } from './people.ts'
import { Random } from './random.ts'
import type { Sample } from './sample.ts'
import { germanFamily } from './words/people.ts'

/** Seasoned hands that many claims share: twenty assessors, twenty law firms, twenty repair shops. */
const PROVIDERS = 60

/** What comes before the policies: codes, products, intermediaries, providers and the known records. */
export function writeBeginning(sample: Sample, application: Application, ranges: number): void {
  for (const { source, values } of Object.values(application.codeLists)) {
    if (source?.table !== 'codes') continue
    for (const { code, label, description } of values)
      sample.put('codes', { list: source.list, code, label, description })
  }
  writeProducts(sample)
  writeProviders(sample)
  writeAnchors(sample)
  writeAgents(sample, ranges)
}

const names = ['Klassik', 'Kompakt', 'Plus', 'Komfort', 'Exklusiv'] as const

function writeProducts(sample: Sample): void {
  for (const line of lines) {
    for (const [i, year] of generations.entries()) {
      const next = generations[i + 1]
      sample.put('products', {
        product_code: `${line.product}${String(year % 100).padStart(2, '0')}`,
        name: `${line.name} ${names[i]} ${year}`,
        line_of_business: line.code,
        generation: `${year}-01`,
        sold_from: day(year, 1, 1),
        sold_to: next === undefined ? OPEN : day(next, 1, 1) - 1,
      })
    }
  }
}

/** The same for every seed, as known claims name them. */
function writeProviders(sample: Sample): void {
  for (let i = 0; i < PROVIDERS; i++) {
    const random = new Random(0, 'provider', i)
    const party = makeOrganisation(random, {
      ...homeIn(random, undefined, 'D'),
      number: providerNumber(i),
      customerNumber: null,
    })
    const kind = i < 20 ? 'Sachverständigenbüro' : i < 40 ? 'Rechtsanwälte' : 'Karosseriewerkstatt'
    const name = `${kind} ${random.pick(germanFamily)} & ${random.pick(germanFamily)}`
    writeParty(sample, random, { ...party, family: name, name }, { status: 'D3', since: day(1985, 1, 1), brief: true })
  }
}
