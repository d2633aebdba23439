import { addMonths, dateParts, day, isoDay, OPEN, SWITCH_OFF } from './calendar.ts'
import { writeClaim } from './claim-rows.ts'
import { claimNumber } from './identifiers.ts'
import type { Cause } from './lines.ts'
import type { Policy } from './policy.ts'
import type { Random } from './random.ts'

/** A loss before its rows are made; the amount in hundredths. */
export interface Loss {
  number: string
  cause: string
  cover: string
  liability: boolean
  lossOn: number
  amount: number
  vehicle: number | undefined
}

/** No random loss is larger, in hundredths: the largest of all is a known one. */
const LARGEST = 150_000_000

/** The nights that filled the claims departments. */
const catastrophes: Record<string, readonly number[]> = {
  G01: ['1990-01-25', '1990-02-28', '1999-12-26', '2002-10-27', '2007-01-18', '2018-01-18', '2022-02-18'].map(isoDay),
  G02: ['2006-06-28', '2013-07-28', '2019-06-10', '2021-06-23'].map(isoDay),
  K03: ['2006-06-28', '2013-07-28', '2019-06-10', '2021-06-23'].map(isoDay),
  G05: ['1993-12-22', '1995-01-28', '2002-08-13', '2013-06-04', '2021-07-14'].map(isoDay),
}

export function writeClaims(policy: Policy, vehicles: number): { number: string; reportedOn: number }[] {
  const { plan, line, random } = policy
  const until = Math.min(plan.end, SWITCH_OFF - 3)
  const years = Math.max(0, (until - plan.begin) / 365.25)
  const expected = line.claims * years * (plan.fleet > 1 ? Math.min(plan.fleet, 8) : 1)
  const losses: Omit<Loss, 'number'>[] = []
  for (let left = expected; left > 0 && losses.length < 60; left--) {
    // A whole expected loss comes about with some doubt, the rest by chance.
    if (random.chance(left >= 1 ? 0.92 : left)) losses.push(makeLoss(policy, until, vehicles))
  }
  losses.push(...benefits(policy))
  losses.sort((a, b) => a.lossOn - b.lossOn)
  return losses.map((loss, i) => {
    const number = claimNumber(policy.serial, i + 1)
    return { number, reportedOn: writeClaim(policy, { ...loss, number }) }
  })
}

function makeLoss(policy: Policy, until: number, vehicles: number): Omit<Loss, 'number'> {
  const { random, line, plan } = policy
  const cause = causeOf(random, line.causes)
  return {
    cause: cause.code,
    cover: cause.cover,
    liability: cause.liability === true,
    lossOn: lossDay(random, cause, plan.begin, until),
    amount: Math.min(LARGEST, Math.round(cause.median * Math.exp(random.bell() * cause.spread) * 100)),
    vehicle: vehicles > 0 ? random.between(1, vehicles) : undefined,
  }
}

function causeOf(random: Random, causes: readonly Cause[]): Cause {
  const [first, ...rest] = causes
  if (first === undefined) throw new RangeError('a line of business without causes has no losses by chance')
  return random.weighted([[first, first.weight], ...rest.map((cause) => [cause, cause.weight] as const)])
}

function lossDay(random: Random, cause: Cause, from: number, until: number): number {
  const known = catastrophes[cause.code]
  if (known && random.chance(0.3)) {
    const night = known[random.below(known.length)] ?? 0
    if (night >= from && night <= until) return night
  }
  const top = Math.max(...cause.season)
  // By rejection: any day of the term, kept as often as the season says.
  for (let tries = 0; tries < 30; tries++) {
    const onDay = random.between(from, Math.max(from, until))
    if (random.next() * top < (cause.season[dateParts(onDay).month - 1] ?? 1)) return onDay
  }
  return random.between(from, Math.max(from, until))
}

/** Death and maturity are no accidents of the calendar: they follow from the policy. */
function benefits({ plan, line, random }: Policy): Omit<Loss, 'number'>[] {
  if (!line.life) return []
  const common = { liability: false, vehicle: undefined }
  if (plan.status === 'K11') return [{ ...common, cause: 'L01', cover: 'LT', lossOn: plan.end, amount: plan.last.sum }]
  if (plan.status === 'K09' && line.code === '52') {
    const amount = Math.round(plan.last.sum * (1.05 + random.next() * 0.4))
    return [{ ...common, cause: 'L02', cover: 'LE', lossOn: plan.end, amount }]
  }
  if (random.chance(0.012) && plan.begin < day(2020, 1, 1)) {
    const lossOn = addMonths(plan.begin, random.between(24, 96))
    if (lossOn < Math.min(plan.end === OPEN ? SWITCH_OFF : plan.end, SWITCH_OFF) - 30)
      return [{ ...common, cause: 'U02', cover: 'BU', lossOn, amount: Math.round(plan.last.sum * 0.12) }]
  }
  return []
}
