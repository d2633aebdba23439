import { day, yearOf } from './calendar.ts'
import { germanIban, swissIban } from './identifiers.ts'
import type { Random } from './random.ts'
import {
  germanFamily,
  germanFemale,
  germanMale,
  legalForms,
  type Origin,
  origins,
  swissFamily,
  swissFemale,
  swissMale,
  trades,
} from './words/people.ts'
import type { Place } from './words/places.ts'

/** A party as the rest of the generator knows it. */
export interface Party {
  number: string
  customerNumber: string | null
  organisation: boolean
  female: boolean
  family: string
  given: string
  birthName: string | null
  /** The name in Latin letters, where the old system held another script. */
  latin: { family: string; given: string } | null
  /** As lists show it. */
  name: string
  born: number | null
  died: number | null
  place: Place
  nationality: string
  birthPlace: string
  iban: string
  staff: boolean
  street: string
  houseNumber: string
  postalCode: string
}

const german = {
  nationality: 'D',
  birthPlaces: ['Hamburg', 'Lübeck', 'Kiel', 'Güstrow', 'München', 'Köln', 'Görlitz', 'Breslau', 'Königsberg'],
} as const
const swiss = { nationality: 'CH', birthPlaces: ['Zürich', 'Genève', 'Bellinzona', 'Chur', 'Delémont'] } as const

type Culture = keyof typeof origins | 'german'
const cultures: readonly [readonly [Culture, number], ...(readonly [Culture, number])[]] = [
  ['german', 80],
  ['turkish', 5.5],
  ['polish', 4],
  ['russian', 3.5],
  ['italian', 2],
  ['greek', 1.2],
  ['arabic', 1.2],
  ['vietnamese', 0.8],
  ['chinese', 0.6],
  ['danish', 1.2],
]

export interface Home {
  place: Place
  street: string
  houseNumber: string
  postalCode: string
}

export interface PersonOptions extends Home {
  number: string
  customerNumber: string | null
  born: number
  /** A relative: shares the family name most of the time. */
  relative?: Party
  female?: boolean
}

export function makePerson(random: Random, options: PersonOptions): Party {
  const female = options.female ?? random.chance(0.49)
  const name =
    options.relative && random.chance(0.82)
      ? relativeName(random, options.relative, female, options.born)
      : newName(random, options, female)
  const { family, given } = name.native ?? name
  const died = deathOf(random, options.born)
  return {
    number: options.number,
    customerNumber: options.customerNumber,
    organisation: false,
    female,
    family,
    given,
    birthName: female && yearOf(options.born) < 1985 && random.chance(0.35) ? random.pickEarly(germanFamily) : null,
    latin: name.native ? { family: name.family, given: name.given } : null,
    name: `${family}, ${given}`,
    born: options.born,
    died,
    nationality: name.nationality,
    birthPlace: name.birthPlace,
    iban: ibanOf(random, options.place),
    staff: false,
    place: options.place,
    street: options.street,
    houseNumber: options.houseNumber,
    postalCode: options.postalCode,
  }
}

export function makeOrganisation(
  random: Random,
  options: Home & { number: string; customerNumber: string | null },
): Party {
  const form = random.pick(legalForms)
  const family = random.pickEarly(options.place.country === 'CH' ? swissFamily : germanFamily)
  const name = random.chance(0.7)
    ? `${random.pick(trades)} ${family} ${form}`
    : `${family} & ${random.pick(['Söhne', 'Partner', 'Co.', 'Töchter'])} ${form}`
  return {
    number: options.number,
    customerNumber: options.customerNumber,
    organisation: true,
    female: false,
    family: name,
    given: '',
    birthName: null,
    latin: null,
    name,
    born: null,
    died: null,
    nationality: options.place.country,
    birthPlace: '',
    iban: ibanOf(random, options.place),
    staff: false,
    place: options.place,
    street: options.street,
    houseNumber: options.houseNumber,
    postalCode: options.postalCode,
  }
}

interface Name {
  family: string
  given: string
  native?: { family: string; given: string }
  nationality: string
  birthPlace: string
}

function newName(random: Random, options: PersonOptions, female: boolean): Name {
  if (options.place.country === 'CH' && random.chance(0.8)) {
    return {
      family: random.pickEarly(swissFamily),
      given: random.pick(female ? swissFemale : swissMale),
      nationality: swiss.nationality,
      birthPlace: random.pick(swiss.birthPlaces),
    }
  }
  const culture = random.weighted(cultures)
  return culture === 'german' ? germanName(random, options.born, female) : foreignName(random, origins[culture], female)
}

function germanName(random: Random, born: number, female: boolean): Name {
  let family: string = random.pickEarly(germanFamily)
  if (random.chance(0.035)) family = `${family}-${random.pickEarly(germanFamily)}`
  else if (random.chance(0.008)) family = `${random.pick(['von', 'von der', 'zu', 'de'])} ${family}`
  return {
    family,
    given: germanGiven(random, born, female),
    nationality: german.nationality,
    birthPlace: random.pick(german.birthPlaces),
  }
}

function germanGiven(random: Random, born: number, female: boolean): string {
  const year = yearOf(born)
  const names = female ? germanFemale : germanMale
  const generation = year < 1947 ? names[0] : year < 1975 ? names[1] : names[2]
  const first = random.pick(generation)
  const roll = random.next()
  if (roll < 0.12) return `${first} ${random.pick(generation)}`
  if (roll < 0.16) return `${first}-${random.pick(generation)}`
  return first
}

function foreignName(random: Random, origin: Origin, female: boolean): Name {
  const givens = female ? origin.female : origin.male
  const givenAt = random.below(givens.length)
  const familyAt = random.below(origin.family.length)
  let family = origin.family[familyAt] ?? origin.family[0]
  if (female)
    for (const [male, feminine] of origin.feminine ?? []) {
      if (family.endsWith(male)) {
        family = family.slice(0, -male.length) + feminine
        break
      }
    }
  const name: Name = {
    family: family.replaceAll('-', origin.nationality === 'SYR' ? '-' : ' '),
    given: (givens[givenAt] ?? givens[0]).replaceAll('-', ' '),
    nationality: random.chance(0.4) ? 'D' : origin.nationality,
    birthPlace: random.pick(origin.birthPlaces).replaceAll('-', ' '),
  }
  const { native } = origin
  // Clerks could enter other scripts from 2009 on only, so most are in Latin letters.
  if (native && random.chance(0.25)) {
    name.native = {
      family: feminineNative(native.family[familyAt] ?? native.family[0], female),
      given: (female ? native.female : native.male)[givenAt] ?? '',
    }
  }
  return name
}

function feminineNative(family: string, female: boolean): string {
  if (!female) return family
  if (/[ов]в$/.test(family)) return `${family}а`
  if (/(ев|ёв|ин)$/.test(family)) return `${family}а`
  return family.replace(/όπουλος$/, 'οπούλου')
}

function relativeName(random: Random, relative: Party, female: boolean, born: number): Name {
  return {
    family: relative.latin?.family ?? relative.family,
    given: germanGiven(random, born, female),
    nationality: relative.nationality,
    birthPlace: relative.birthPlace,
  }
}

/** Undefined where someone was alive at the switch-off. */
function deathOf(random: Random, born: number): number | null {
  const age = 81 + random.bell() * 11
  const died = born + Math.floor(Math.max(age, 19) * 365.25)
  return died < day(2024, 12, 1) ? died : null
}

// Bank codes that no bank has, so that no account is anyone's.
const banks = ['90050550', '90040044', '91051540', '95050000', '97050170', '98050180'] as const
const swissBanks = ['99762', '99230', '99900'] as const

function ibanOf(random: Random, place: Place): string {
  return place.country === 'CH'
    ? swissIban(random.pick(swissBanks), random.digits(12))
    : germanIban(random.pick(banks), random.digits(10))
}
