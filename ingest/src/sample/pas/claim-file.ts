import { day, SWITCH_OFF } from './calendar.ts'
import type { ClaimParties } from './claim-parties.ts'
import type { Loss } from './claims.ts'
import { clerkOf } from './clerks.ts'
import type { Policy } from './policy.ts'
import { count } from './truth.ts'
import { eventTexts, letterTexts } from './words/texts.ts'

/** A claim while its rows are made. */
export interface ClaimFile {
  policy: Policy
  loss: Loss
  reported: number
  /** Undefined where it was open at the switch-off. */
  closed: number | undefined
  rejected: boolean
  withdrawn: boolean
  fraud: boolean
  /** Whether the police have a file of it. */
  police: boolean
  /** Day and kind, in any order. */
  events: [number, string][]
  /** Day and amount of what was not reversed. */
  payments: [number, number][]
}

/** What happened, in the order of time. */
export function writeEvents(file: ClaimFile): void {
  const { policy, loss, reported, closed, events } = file
  const { sample, random } = policy
  const last = closed ?? SWITCH_OFF
  const between = () => (last > reported ? random.between(reported, last) : reported)
  if (random.chance(0.28))
    events.push([Math.min(reported + 2, last), 'M02'], [Math.min(reported + random.between(5, 25), last), 'M03'])
  if (loss.amount > 400_000 && random.chance(0.6))
    events.push([Math.min(reported + 3, last), 'M04'], [Math.min(reported + 20, last), 'M05'])
  if (!file.rejected && random.chance(0.35)) events.push([Math.min(reported + 4, last), 'M06'])
  if (file.fraud) events.push([between(), 'M10'])
  if (random.chance(0.22)) events.push([between(), 'M14'])
  events.sort((a, b) => a[0] - b[0])
  let before = 0
  for (const [i, [onDay, kind]] of events.entries()) {
    const moment = Math.max(onDay * 86_400_000 + random.between(7 * 3_600_000, 19 * 3_600_000), before + 60_000)
    before = moment
    const call = kind === 'M14' && random.chance(0.02)
    if (call) count(sample.truth.precisions, 'claim_events.occurred_at')
    sample.put('claim_events', {
      claim_number: loss.number,
      event_no: i + 1,
      // The telephone system's clock was finer than the database's others.
      occurred_at: call ? microseconds(moment, random.between(1, 999)) : moment,
      kind,
      clerk: clerkOf(random),
      text: kind === 'M14' || random.chance(0.12) ? sample.text(random, eventTexts) : null,
    })
  }
}

function microseconds(moment: number, rest: number): string {
  const iso = new Date(moment).toISOString()
  return `${iso.slice(0, 10)}-${iso.slice(11, 23).replaceAll(':', '.')}${String(rest).padStart(3, '0')}`
}

/** Letters about the claim: always text of people, so always untrusted. */
export function writeLetters(file: ClaimFile, parties: ClaimParties): void {
  const { policy, loss, reported } = file
  const { sample, random, holder } = policy
  const last = file.closed ?? SWITCH_OFF
  const letters: [number, string, string, string | undefined][] = [[reported, 'E', 'S1', holder.number]]
  if (random.chance(0.25)) letters.push([Math.min(reported + 3, last), 'A', 'S2', holder.number])
  if (parties.witness && random.chance(0.6)) letters.push([Math.min(reported + 12, last), 'E', 'S3', parties.witness])
  if (parties.lawyer) letters.push([Math.min(reported + 30, last), 'E', 'S6', parties.lawyer])
  if (/^(H02|U01|U02)$/.test(loss.cause) && random.chance(0.5))
    letters.push([Math.min(reported + 40, last), 'E', 'S7', holder.number])
  if (file.police && random.chance(0.6)) letters.push([Math.min(reported + 50, last), 'E', 'S8', undefined])
  if (file.closed !== undefined && random.chance(0.35)) letters.push([file.closed, 'A', 'S5', holder.number])
  letters.sort((a, b) => a[0] - b[0])
  for (const [i, [onDay, direction, kind, party]] of letters.entries()) {
    sample.put('correspondence', {
      claim_number: loss.number,
      letter_no: i + 1,
      party_number: party,
      direction,
      kind,
      channel:
        onDay > day(2005, 1, 1) && random.chance(0.45)
          ? 'E'
          : random.weighted([
              ['B', 74],
              ['F', 12],
              ['T', 14],
            ]),
      letter_date: onDay,
      subject: random.chance(0.8)
        ? `Schaden ${loss.number}`
        : sample.text(random, ['Ihr Schreiben', 'Rückfrage', 'Unfall vom Dienstag', 'EILT!']),
      text: kind === 'S1' && random.chance(0.6) ? null : sample.text(random, letterTexts[kind] ?? eventTexts),
    })
  }
}
