import { addMonths, day, OPEN, SWITCH_OFF } from './calendar.ts'
import { type ClaimFile, writeEvents, writeLetters } from './claim-file.ts'
import { type ClaimParties, writeClaimParties } from './claim-parties.ts'
import type { Loss } from './claims.ts'
import { clerkOf } from './clerks.ts'
import { paymentNumber, recoveryNumber } from './identifiers.ts'
import type { Policy } from './policy.ts'
import { count } from './truth.ts'
import { lossTexts } from './words/texts.ts'

/** A claim with everything below it; gives the day of the report. */
export function writeClaim(policy: Policy, loss: Loss): number {
  const { random } = policy
  const reported = Math.min(loss.lossOn + Math.floor(random.next() ** 3 * 40), SWITCH_OFF)
  const benefit = loss.cause === 'L01' || loss.cause === 'L02'
  const rejected = !benefit && random.chance(0.09)
  const withdrawn = !benefit && !rejected && random.chance(0.06)
  const took =
    Math.floor((10 + 140 * random.next() ** 2) * (loss.amount > 2_000_000 ? 4 : 1)) + (loss.cause === 'U02' ? 400 : 0)
  const closes = reported + took
  const file: ClaimFile = {
    policy,
    loss,
    reported,
    closed: closes <= SWITCH_OFF ? closes : undefined,
    rejected,
    withdrawn,
    fraud: random.chance(0.013),
    police: /^(K02|E01|E02|H02)$/.test(loss.cause) && random.chance(0.5),
    events: [],
    payments: [],
  }
  file.events.push([reported, 'M01'])
  const parties = writeClaimParties(file)
  const paid = rejected || withdrawn ? 0 : writePayments(file, parties)
  const reserved = writeReserves(file)
  if (paid > 0 && loss.liability) writeRecovery(file, paid, parties.other)
  if (file.closed !== undefined && rejected) file.events.push([file.closed, 'M07'])
  if (file.closed !== undefined) file.events.push([file.closed, 'M11'])
  writeClaimRow(file, paid, reserved)
  writeEvents(file)
  writeLetters(file, parties)
  return reported
}

function writeClaimRow(file: ClaimFile, paid: number, reserved: number): void {
  const { policy, loss, reported, closed, rejected } = file
  const { sample, random, holder } = policy
  const status =
    closed === undefined ? (reported > SWITCH_OFF - 10 ? '10' : '20') : rejected ? '40' : paid > 0 ? '30' : '35'
  // The card files of agencies held no day of the report.
  const unknownReport = reported > day(1987, 1, 1) && reported < day(1989, 1, 1) && random.chance(0.03)
  if (unknownReport) count(sample.truth.nulls, 'claims.reported_on')
  sample.put('claims', {
    claim_number: loss.number,
    policy_number: policy.number,
    legal_entity: policy.entity,
    line_of_business: policy.line.code,
    coverage_kind: loss.cover,
    cause: loss.cause,
    status,
    loss_date: loss.lossOn,
    reported_on: unknownReport ? null : reported,
    closed_on: closed ?? OPEN,
    loss_place: random.chance(0.75) ? holder.place.city : null,
    description: random.chance(0.93) ? sample.text(random, lossTexts[loss.cause] ?? ['Schaden']) : null,
    vehicle_no: loss.vehicle,
    police_reference: file.police
      ? `${random.between(100, 999)} Js ${random.between(1, 99_999)}/${String(random.between(0, 99)).padStart(2, '0')}`
      : null,
    fraud_suspected: file.fraud,
    total_paid: paid,
    total_reserved: reserved,
    currency: policy.currency,
    handler: clerkOf(random),
  })
}

/** Gives what was paid and not reversed. */
function writePayments(file: ClaimFile, { payee, assessor }: ClaimParties): number {
  const { policy, loss, reported } = file
  const { sample, random } = policy
  const last = file.closed ?? SWITCH_OFF
  const annuity = loss.cause === 'U02'
  const parts = annuity ? 4 : loss.amount > 1_000_000 ? random.between(2, 3) : random.chance(0.1) ? 2 : 1
  let left = loss.amount
  let paid = 0
  let payment = 0
  const put = (amount: number, onDay: number, kind: string, status: string, to = payee) => {
    payment++
    sample.put('claim_payments', {
      payment_number: paymentNumber(loss.number, payment),
      claim_number: loss.number,
      payee_party_number: to,
      kind,
      status,
      paid_on: onDay,
      amount,
      currency: policy.currency,
      iban: onDay > day(2014, 2, 1) && to === policy.holder.number ? policy.holder.iban : null,
      purpose: `Schaden ${loss.number}`,
    })
    file.events.push([onDay, 'M08'])
    if (status !== 'S') {
      paid += amount
      file.payments.push([onDay, amount])
    }
  }
  if (assessor !== undefined && reported + 35 < last)
    put(random.between(280, 1400) * 100, reported + 35, 'K', 'A', assessor)
  for (let part = 0; part < parts; part++) {
    const amount = part === parts - 1 ? left : Math.round(left * (0.3 + random.next() * 0.4))
    const onDay = annuity
      ? addMonths(reported, part * 3 + 2)
      : reported + Math.floor(((last - reported) * (part + 1)) / parts)
    if (onDay > SWITCH_OFF || (file.closed === undefined && part === parts - 1)) break
    if (random.chance(0.008)) put(amount, onDay, 'E', 'S')
    put(amount, onDay, annuity ? 'R' : part < parts - 1 ? 'A' : 'E', onDay > SWITCH_OFF - 4 ? 'F' : 'A')
    left -= amount
  }
  return paid
}

/** A first estimate, sometimes a better one, nothing once closed. Gives what stands at the switch-off. */
function writeReserves(file: ClaimFile): number {
  const { policy, loss, reported, closed } = file
  const { sample, random } = policy
  const estimates: [number, number][] = [[reported, roundUp(loss.amount * (0.5 + random.next()))]]
  const last = closed ?? SWITCH_OFF
  if (last - reported > 60 && random.chance(0.4)) {
    estimates.push([random.between(reported + 10, last - 20), roundUp(loss.amount * (0.8 + random.next() * 0.5))])
  }
  if (closed !== undefined && closed > reported) estimates.push([closed, 0])
  for (const [i, [from, amount]] of estimates.entries()) {
    const next = estimates[i + 1]
    sample.put('reserves', {
      claim_number: loss.number,
      reserve_no: i + 1,
      kind: loss.cause === 'U02' ? 'R' : 'E',
      amount,
      currency: policy.currency,
      recorded_from: from,
      recorded_to: next === undefined ? OPEN : next[0] - 1,
      clerk: clerkOf(random),
    })
  }
  return estimates.at(-1)?.[1] ?? 0
}

const roundUp = (amount: number): number => Math.ceil(amount / 10_000) * 10_000

function writeRecovery(file: ClaimFile, paid: number, debtor: string | undefined): void {
  const { policy, loss } = file
  const { sample, random } = policy
  if (!random.chance(0.14)) return
  const [onDay] = file.payments.at(-1) ?? [file.reported]
  const claimed = onDay + random.between(5, 60)
  if (claimed > SWITCH_OFF) return
  const received = claimed + random.between(20, 300)
  const status = received > SWITCH_OFF ? 'O' : random.chance(0.25) ? 'U' : 'E'
  const amount = Math.round(paid * (0.3 + random.next() * 0.7))
  sample.put('recoveries', {
    recovery_number: recoveryNumber(loss.number, 1),
    claim_number: loss.number,
    debtor_party_number: debtor,
    kind: random.weighted([
      ['R', 60],
      ['T', 30],
      ['V', 10],
    ]),
    status,
    claimed_on: claimed,
    received_on: status === 'E' ? received : null,
    claimed_amount: amount,
    received_amount: status === 'E' ? (random.chance(0.6) ? amount : Math.round(amount / 2)) : 0,
    currency: policy.currency,
  })
  file.events.push([claimed, 'M09'])
}
