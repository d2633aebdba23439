import { addMonths, OPEN, SWITCH_OFF, yearOf } from './calendar.ts'
import type { Slot } from './customers.ts'
import { type Line, productCode } from './lines.ts'
import type { Random } from './random.ts'
import { type Change, type Version, versionsOf } from './versions.ts'

/** A state of a policy; amounts in hundredths. */
export interface State {
  reason: string
  status: string
  product: string
  frequency: string
  sum: number
  deductible: number
  premium: number
  noClaims: number | undefined
}

export interface PolicyPlan {
  begin: number
  /** Last day of cover, or open. */
  end: number
  status: string
  termEnd: number
  notice: number | null
  /** As it stood at the switch-off. */
  last: State
  versions: Version<State>[]
  reinstated: boolean
  corrected: boolean
  /** Days on which another vehicle was insured. */
  vehicleChanges: number[]
  /** How many vehicles at a time. */
  fleet: number
}

interface Ending {
  end: number
  status: string
  notice: number | null
  /** When the system learnt it. */
  recordedOn: number
}

interface Life extends Ending {
  lapses: { lapsedOn: number; backOn: number }[]
}

/** How a policy went: until when, why it ended, and everything that changed on the way. */
export function planPolicy(random: Random, slot: Slot): PolicyPlan {
  const { line, begin, holder } = slot
  const termEnd = line.term ? addMonths(begin, 12 * random.between(line.term[0], line.term[1])) - 1 : OPEN
  const fleet = line.code === '12' ? Math.floor(3 + 4 * Math.exp(random.bell() * 0.8)) : 1
  const life = livePolicy(random, line, begin, termEnd, holder.died)
  const frequency = random.weighted([
    ['1', 86],
    ['2', 8],
    ['4', 4],
    ['M', 2],
  ])
  const [lowest, highest] = line.premium
  const premium = Math.round((lowest + (highest - lowest) * random.next() ** 2.2) * 100) * fleet
  const [low, high] = line.sum
  const state: State = {
    reason: 'N01',
    status: 'A01',
    product: productCode(line, yearOf(begin)),
    frequency,
    sum: Math.round((low + (high - low) * random.next() ** 2) / 1000) * 100_000,
    deductible: random.pick(line.deductibles) * 100,
    premium,
    noClaims: line.code === '11' ? random.below(12) : undefined,
  }
  const changes: Change<State>[] = [{ validFrom: begin, recordedOn: begin - random.between(0, 25), state }]
  const vehicleChanges: number[] = []
  const corrected = changeAlong(random, line, begin, life, changes, vehicleChanges)
  endChanges(life, changes)
  const versions = versionsOf(changes)
  const last = changes.at(-1)?.state ?? state
  const status = life.end === OPEN ? last.status : life.status
  return {
    begin,
    end: life.end,
    status,
    termEnd,
    notice: life.notice,
    last,
    versions,
    reinstated: life.lapses.length > 0,
    corrected,
    vehicleChanges,
    fleet,
  }
}

function livePolicy(random: Random, line: Line, begin: number, termEnd: number, died: number | null): Life {
  const lapses: Life['lapses'] = []
  const until = Math.min(termEnd, SWITCH_OFF)
  const survives = !line.life && random.chance(0.4)
  for (let year = 0; ; year++) {
    const from = addMonths(begin, 12 * year)
    if (from > until) break
    const to = Math.min(addMonths(begin, 12 * (year + 1)) - 1, until)
    if (died !== null && !survives && died >= from && died <= to) {
      return { end: died, status: 'K11', notice: null, recordedOn: died + random.between(4, 40), lapses }
    }
    const ending = endOfYear(random, line, from, to, lapses)
    if (ending && ending.end <= SWITCH_OFF && ending.recordedOn <= SWITCH_OFF) return { ...ending, lapses }
  }
  if (termEnd <= SWITCH_OFF) return { end: termEnd, status: 'K09', notice: null, recordedOn: termEnd - 30, lapses }
  return { end: OPEN, status: 'A01', notice: null, recordedOn: SWITCH_OFF, lapses }
}

function endOfYear(random: Random, line: Line, from: number, to: number, lapses: Life['lapses']): Ending | undefined {
  let roll = random.next()
  if (roll < line.lapse) {
    const end = from + random.between(50, 95)
    if (random.chance(0.16) && end + 110 < to) {
      lapses.push({ lapsedOn: end, backOn: end + random.between(20, 100) })
      return undefined
    }
    return { end, status: 'K07', notice: null, recordedOn: end + 3 }
  }
  roll -= line.lapse
  if (roll < line.cancel) {
    const notice = to - random.between(35, 120)
    return { end: to, status: 'K01', notice, recordedOn: notice + random.between(1, 9) }
  }
  roll -= line.cancel
  if (roll < line.gone) {
    const end = random.between(from, to)
    return { end, status: 'K13', notice: end + 1, recordedOn: end + random.between(2, 20) }
  }
  roll -= line.gone
  if (roll < line.insurerCancels) {
    const end = random.between(from, to)
    return { end, status: 'K03', notice: null, recordedOn: end - 31 }
  }
  return undefined
}

const kinds: Record<string, readonly [readonly [string, number], ...(readonly [string, number])[]]> = {
  motor: [
    ['E07', 30],
    ['E03', 42],
    ['E05', 16],
    ['E08', 4],
    ['B09', 8],
  ],
  life: [
    ['E07', 10],
    ['E05', 38],
    ['E08', 30],
    ['B09', 12],
    ['S01', 10],
  ],
  commercial: [
    ['W04', 48],
    ['E07', 18],
    ['E05', 22],
    ['E08', 5],
    ['B09', 7],
  ],
  other: [
    ['E07', 56],
    ['E05', 22],
    ['E02', 10],
    ['E08', 6],
    ['B09', 6],
  ],
}

/** Adds the endorsements; tells whether one of them corrected the past. */
function changeAlong(
  random: Random,
  line: Line,
  begin: number,
  life: Life,
  changes: Change<State>[],
  vehicleChanges: number[],
): boolean {
  const motor = line.code === '11'
  const commercial = line.code === '12' || line.code === '71'
  const rate = line.life ? 0.025 : motor ? 0.11 : 0.075
  const mix = kinds[motor ? 'motor' : line.life ? 'life' : commercial ? 'commercial' : 'other'] ?? [['E07', 1]]
  let corrected = false
  let known = changes[0]?.recordedOn ?? begin
  const lapses = [...life.lapses]
  const last = Math.min(life.end, SWITCH_OFF - 40)
  // What is corrected or reported late reaches back to a reinstatement at most: the gap before it stays.
  let floor = begin + 1
  for (let year = 1; addMonths(begin, 12 * year) < last; year++) {
    const from = addMonths(begin, 12 * year)
    const lapse = lapses[0]
    if (lapse && lapse.lapsedOn < from) {
      lapses.shift()
      floor = lapse.backOn + 1
      known = addLapse(lapse, known, changes)
    }
    if (!random.chance(rate)) continue
    const state = changes.at(-1)?.state
    if (state === undefined) break
    const reason = random.weighted(mix)
    const next = { ...state, reason }
    let validFrom = from
    let recordedOn = from - random.between(10, 45)
    if (reason === 'E07' || reason === 'W04') next.premium = Math.round(state.premium * (1 + random.next() * 0.11))
    else if (reason === 'E08') next.frequency = random.pick(['1', '2', '4', 'M'])
    else if (reason === 'E05') {
      const factor = 0.85 + random.next() * 0.6
      next.sum = Math.round((state.sum * factor) / 100_000) * 100_000
      next.premium = Math.round(state.premium * (0.5 + factor / 2))
      if (random.chance(0.4)) next.product = productCode(line, yearOf(from))
    } else if (reason === 'E03') {
      validFrom = from + random.between(-150, 150)
      recordedOn = validFrom + random.between(-6, 20)
      next.premium = Math.round(state.premium * (0.8 + random.next() * 0.55))
    } else if (reason === 'B09') {
      validFrom = Math.max(floor, from - random.between(60, 500))
      recordedOn = from + random.between(5, 60)
      next.premium = Math.round(state.premium * (0.9 + random.next() * 0.25))
    } else if (reason === 'S01') {
      if (line.code !== '52') continue
      Object.assign(next, { status: 'A05', premium: 0, sum: Math.round(state.sum / 200_000) * 100_000 })
    }
    if (motor && next.noClaims !== undefined)
      next.noClaims = random.chance(0.9) ? next.noClaims + 1 : Math.max(0, next.noClaims - 4)
    recordedOn = Math.max(recordedOn, known + 1)
    if (validFrom < floor || validFrom >= last || recordedOn >= Math.min(life.recordedOn, SWITCH_OFF)) continue
    known = recordedOn
    if (reason === 'B09') corrected = true
    if (reason === 'E03') vehicleChanges.push(validFrom)
    changes.push({ validFrom, recordedOn, state: next })
  }
  for (const lapse of lapses) known = addLapse(lapse, known, changes)
  return corrected
}

function addLapse(lapse: { lapsedOn: number; backOn: number }, known: number, changes: Change<State>[]): number {
  const state = changes.at(-1)?.state
  if (state === undefined) return known
  const lapsed = Math.max(known + 1, lapse.lapsedOn + 2)
  const back = Math.max(lapsed + 1, lapse.backOn - 1)
  changes.push({ validFrom: lapse.lapsedOn + 1, recordedOn: lapsed, state: { ...state, reason: 'K07', status: 'K07' } })
  changes.push({ validFrom: lapse.backOn, recordedOn: back, state: { ...state, reason: 'R02', status: 'A01' } })
  return back
}

function endChanges(life: Life, changes: Change<State>[]): void {
  const last = changes.at(-1)
  if (last === undefined || life.end === OPEN) return
  const recordedOn = Math.min(Math.max(life.recordedOn, last.recordedOn + 1), SWITCH_OFF)
  if (recordedOn <= last.recordedOn) return
  changes.push({
    validFrom: life.end + 1,
    recordedOn,
    state: { ...last.state, reason: life.status, status: life.status },
  })
}

/** From when to when which premium was agreed, as believed at the end. */
export function premiumPeriods(plan: PolicyPlan): { from: number; to: number; state: State }[] {
  const periods: { from: number; to: number; state: State }[] = []
  const believed = plan.versions
    .filter(
      (version) => version.recordedTo === OPEN && (version.state.status === 'A01' || version.state.status === 'A05'),
    )
    .sort((a, b) => a.validFrom - b.validFrom)
  for (const { validFrom, validTo, state } of believed) {
    const before = periods.at(-1)
    const same =
      before &&
      before.to === validFrom - 1 &&
      before.state.premium === state.premium &&
      before.state.frequency === state.frequency
    if (same) before.to = validTo
    else periods.push({ from: validFrom, to: validTo, state })
  }
  return periods
}
