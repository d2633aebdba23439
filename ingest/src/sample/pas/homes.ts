import type { Home } from './people.ts'
import type { Random } from './random.ts'
import { germanPlaces, germanStreets, type Place, swissPlaces, swissStreets } from './words/places.ts'

/** An address in a place, or in any place of the country. */
export function homeIn(random: Random, place: Place | undefined, country: 'D' | 'CH'): Home {
  const where = place ?? placeIn(random, country)
  const number = String(random.between(1, random.chance(0.2) ? 240 : 60))
  return {
    place: where,
    street: random.pick(where.country === 'CH' ? swissStreets : germanStreets),
    houseNumber: random.chance(0.12) ? `${number}${random.pick(['a', 'b', 'c', ' - 12'])}` : number,
    postalCode: postalCodeIn(random, where),
  }
}

export function placeIn(random: Random, country: 'D' | 'CH'): Place {
  const places = country === 'CH' ? swissPlaces : germanPlaces
  let total = 0
  for (const place of places) total += place.size
  let rest = random.next() * total
  for (const place of places) {
    rest -= place.size
    if (rest < 0) return place
  }
  throw new RangeError('no place')
}

/** Larger places have several postal codes. */
function postalCodeIn(random: Random, place: Place): string {
  const last = place.size > 3 ? random.below(40) : 0
  return String(Number(place.postalCode) + last).padStart(place.postalCode.length, '0')
}
