import { addMonths, day, OPEN, yearOf } from './calendar.ts'
import { homeIn } from './homes.ts'
import type { Party } from './people.ts'
import type { Policy } from './policy.ts'
import type { Random } from './random.ts'
import { count } from './truth.ts'
import type { Place } from './words/places.ts'
import { medicalNotes } from './words/texts.ts'
import { lorries, type VehicleModel, vehicles } from './words/vehicles.ts'

/** What the policy insures: vehicles, properties or lives. Gives the number of vehicles. */
export function writeObjects(policy: Policy): number {
  switch (policy.line.code) {
    case '11':
    case '12':
      return writeVehicles(policy)
    case '21':
    case '22':
    case '71':
      writeProperty(policy)
      return 0
    case '41':
    case '51':
    case '52':
      writeLives(policy)
      return 0
    default:
      return 0
  }
}

function writeVehicles(policy: Policy): number {
  const { plan, random } = policy
  if (plan.fleet > 1) {
    for (let i = 0; i < plan.fleet; i++) {
      const from = Math.min(plan.begin + random.below(1500), plan.end === OPEN ? day(2024, 12, 1) : plan.end)
      writeVehicle(policy, i + 1, from, plan.end, random.chance(0.6) ? random.pick(lorries) : undefined)
    }
    return plan.fleet
  }
  const starts = [plan.begin, ...[...plan.vehicleChanges].sort((a, b) => a - b)]
  for (const [i, from] of starts.entries()) {
    const next = starts[i + 1]
    writeVehicle(policy, i + 1, from, next === undefined ? plan.end : next - 1, undefined)
  }
  return starts.length
}

function writeVehicle(
  policy: Policy,
  vehicle: number,
  from: number,
  to: number,
  model: VehicleModel | undefined,
): void {
  const { sample, random, plan } = policy
  const year = yearOf(from)
  const sold = vehicles.filter((candidate) => candidate.from <= year && candidate.to + 8 >= year)
  const { make, model: type, power, price } = model ?? sold[random.below(sold.length)] ?? vehicles[0]
  const place = policy.holder.place
  const plate = plateIn(random, place)
  sample.put('vehicles', {
    policy_number: policy.number,
    vehicle_no: vehicle,
    plate,
    vin: `W${random.pick(['FA', 'BR', 'RE', 'CE'])}${random.digits(2)}ZZZ${random.digits(9)}`,
    make,
    model: type,
    first_registration: firstRegistration(policy, from),
    power_kw: power + random.between(0, 20),
    list_price: Math.round(price * (0.9 + random.next() * 0.5)) * 100,
    currency: policy.currency,
    use: model ? 'L' : plan.fleet > 1 || policy.holder.organisation ? 'G' : 'P',
    yearly_distance_km: random.between(2, 30) * 1000,
    valid_from: from,
    valid_to: to,
  })
  const last = to === OPEN ? day(2024, 12, 1) : to
  const moved = random.chance(0.1) && last - from > 800 ? random.between(from + 300, last - 300) : undefined
  const country = place.country
  let count_ = 0
  const put = (text: string, valid_from: number, valid_to: number) =>
    sample.put('vehicle_plates', {
      policy_number: policy.number,
      vehicle_no: vehicle,
      plate_no: ++count_,
      plate: text,
      country,
      valid_from,
      valid_to,
    })
  if (moved !== undefined) put(plateIn(random, homeIn(random, undefined, country).place), from, moved - 1)
  put(plate, moved ?? from, to)
}

function firstRegistration({ sample, random, plan }: Policy, from: number): number | string | null {
  if (from < day(1996, 1, 1) && random.chance(0.006)) {
    count(sample.truth.casts, 'vehicles.first_registration')
    return `${random.pick(['31.02.', '31.11.', '30.02.'])}${yearOf(from) - 1}`
  }
  if (random.chance(0.02)) return null
  return from - (plan.fleet > 1 ? random.below(400) : Math.floor(random.next() ** 1.5 * 4000))
}

const LETTERS = 'ABCDEFGHJKLMNPRSTUVWXYZ'

/** As typed by different hands: with hyphen, with blanks, in one. */
export function plateIn(random: Random, place: Place): string {
  if (place.country === 'CH') return `${place.plate} ${random.between(1000, 399_999)}`
  const letters = `${LETTERS[random.below(LETTERS.length)]}${random.chance(0.8) ? LETTERS[random.below(LETTERS.length)] : ''}`
  const number = random.between(1, 9999)
  const style = random.next()
  if (style < 0.7) return `${place.plate}-${letters} ${number}`
  if (style < 0.9) return `${place.plate} ${letters} ${number}`
  return `${place.plate}-${letters}${number}`
}

function writeProperty(policy: Policy): void {
  const { sample, random, plan, line, holder } = policy
  const own = line.code !== '71' || random.chance(0.5)
  const home = own && random.chance(0.85) ? holder : homeIn(random, holder.place, holder.place.country)
  const building = line.code === '22'
  const built = random.between(1880, Math.min(yearOf(plan.begin), 2023))
  sample.put('properties', {
    policy_number: policy.number,
    property_no: 1,
    street: home.street,
    house_number: home.houseNumber,
    postal_code: home.postalCode,
    city: home.place.city,
    country: home.place.country,
    construction:
      building || random.chance(0.5)
        ? random.weighted([
            ['M', 90],
            ['F', 8],
            ['S', 2],
          ])
        : null,
    // The old system wrote four zeros where nobody knew.
    year_built: random.chance(0.08) ? '0000' : building || random.chance(0.4) ? built : null,
    living_area_m2: random.between(280, building ? 3200 : 1600),
    value: plan.last.sum,
    currency: policy.currency,
    flood_zone: random.chance(0.6)
      ? random.weighted([
          ['1', 78],
          ['2', 13],
          ['3', 6],
          ['4', 3],
        ])
      : null,
    valid_from: plan.begin,
    valid_to: plan.end,
  })
}

function writeLives(policy: Policy): void {
  const { random, plan, holder, line } = policy
  const first = holder.organisation ? policy.pool.third(holder, plan.begin) : holder
  if (first === undefined) return
  writeLife(policy, 1, first, '1', plan.begin)
  const partner = random.chance(line.life ? 0.4 : 0.25) ? partnerOf(policy) : undefined
  let lives = 1
  if (partner && random.chance(line.life ? 0.1 : 0.6)) writeLife(policy, ++lives, partner, '2', plan.begin)
  if (line.code === '41' && random.chance(0.12)) {
    const child = policy.pool.relative(policy.customer.party, plan.begin, 'child')
    if (child?.born && child.born < plan.begin) writeLife(policy, ++lives, child, 'K', plan.begin)
  }
  if (line.life || random.chance(0.4)) writeBeneficiaries(policy, partner)
}

/** The same partner in all policies of a household. */
function partnerOf({ customer, plan, pool }: Policy): Party | undefined {
  customer.partner ??= pool.relative(customer.party, plan.begin, 'partner')
  return customer.partner
}

function writeLife(policy: Policy, insured: number, party: Party, role: string, from: number): void {
  const { sample, random, plan, line } = policy
  const risk = random.weighted([
    ['R0', 86],
    ['R1', 9],
    ['R2', 2],
    ['R3', 3],
  ])
  sample.put('insured_lives', {
    policy_number: policy.number,
    insured_no: insured,
    party_number: party.number,
    role,
    risk_class: line.life ? risk : null,
    smoker: from < day(1998, 1, 1) ? null : random.chance(0.24),
    surcharge_percent: !line.life
      ? null
      : risk === 'R1'
        ? random.between(1000, 5000)
        : risk === 'R2'
          ? random.between(5001, 15_000)
          : null,
    occupation_class: random.chance(0.6) ? random.pick(['A', 'B', 'C', 'D']) : null,
    medical_note: (line.life && risk !== 'R0') || random.chance(0.05) ? sample.text(random, medicalNotes) : null,
    valid_from: from,
    valid_to: plan.end,
  })
}

const wordings = [
  'der Ehegatte, mit dem die versicherte Person bei ihrem Tod verheiratet ist',
  'die Erben',
  'die Kinder zu gleichen Teilen',
  'die Eltern, ersatzweise die "Geschwister"',
  'Versicherungsnehmer',
] as const

function writeBeneficiaries(policy: Policy, partner: Party | undefined): void {
  const { sample, random, plan, line } = policy
  const split = random.chance(0.12)
  const change = random.chance(0.12) ? addMonths(plan.begin, random.between(14, 90)) : undefined
  const changed = change !== undefined && change < Math.min(plan.end, day(2024, 6, 1)) ? change : undefined
  let beneficiary = 0
  const put = (party: Party | undefined, event: string, share: number, from: number, to: number) =>
    sample.put('beneficiaries', {
      policy_number: policy.number,
      beneficiary_no: ++beneficiary,
      party_number: party?.number,
      beneficiary_text: party ? null : random.pick(wordings),
      event,
      relation: party ? (party === partner ? '01' : '02') : null,
      share_percent: share,
      irrevocable: random.chance(0.04),
      valid_from: from,
      valid_to: to,
    })
  put(
    changed === undefined ? partner : undefined,
    'T',
    split ? 5000 : 10_000,
    plan.begin,
    changed === undefined ? plan.end : changed - 1,
  )
  if (split) put(undefined, 'T', 5000, plan.begin, changed === undefined ? plan.end : changed - 1)
  if (changed !== undefined) put(partner, 'T', 10_000, changed, plan.end)
  if (line.code === '52' && random.chance(0.3)) put(undefined, 'E', 10_000, plan.begin, plan.end)
}
