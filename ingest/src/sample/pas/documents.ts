import { addMonths, day, LEDGER_BEGINS, OPEN, SWITCH_OFF, yearOf } from './calendar.ts'
import { entryNumber } from './identifiers.ts'
import type { Policy } from './policy.ts'

// The register of documents was introduced then.
const REGISTER_BEGINS = day(1998, 1, 1)

const titles: Record<string, string> = {
  D01: 'Ihr Versicherungsschein',
  D02: 'Nachtrag zum Versicherungsschein',
  D03: 'Jährliche Standmitteilung',
  D04: 'Bestätigung Ihrer Kündigung',
  D06: 'Bescheinigung für das Finanzamt',
  D07: 'Versicherungsbedingungen',
  D08: 'Unser Beileid – Leistung im Todesfall',
  D09: 'Versicherungsbestätigung (eVB)',
}

/** What was sent to the holder, in the order of time. */
export function writeDocuments(policy: Policy): void {
  const { sample, random, plan, line } = policy
  const sent: [number, string][] = []
  const add = (onDay: number, kind: string) => {
    if (onDay >= REGISTER_BEGINS && onDay <= SWITCH_OFF) sent.push([onDay, kind])
  }
  add(plan.begin + random.between(-10, 10), 'D01')
  if (random.chance(0.3)) add(plan.begin + 1, 'D07')
  if (line.code === '11' && random.chance(0.5)) add(plan.begin - 3, 'D09')
  let known = 0
  for (const { state, recordedFrom } of plan.versions) {
    if (recordedFrom === known || state.reason === 'N01') continue
    known = recordedFrom
    if (state.reason === 'K01') add(recordedFrom + 2, 'D04')
    else if (state.reason === 'K11') add(recordedFrom + 6, 'D08')
    else if (!state.reason.startsWith('K') && random.chance(0.7)) add(recordedFrom + random.between(1, 9), 'D02')
  }
  if (line.code === '52') yearly(plan.begin, plan.end, 'D03', add)
  else if (line.code === '51' && random.chance(0.2)) yearly(plan.begin, plan.end, 'D06', add)
  sent.sort((a, b) => a[0] - b[0])
  for (const [i, [onDay, kind]] of sent.entries()) {
    const digital = onDay > day(2013, 1, 1) && random.chance(0.3)
    sample.put('documents_sent', {
      document_number: entryNumber('D', policy.serial, i + 1),
      policy_number: policy.number,
      party_number: policy.holder.number,
      kind,
      created_at: onDay * 86_400_000 + random.between(5 * 3_600_000, 23 * 3_600_000),
      channel: digital ? random.pick(['E', 'P']) : 'B',
      title: kind === 'D03' ? `${titles[kind]} ${yearOf(onDay)}` : titles[kind],
      archive_reference: random.chance(0.97) ? `DA/${yearOf(onDay)}/${policy.serial.toString(36)}/${i + 1}` : null,
      returned: !digital && random.chance(0.012),
    })
  }
}

/** Once a year, for the last years only: older ones were not registered. */
function yearly(begin: number, end: number, kind: string, add: (onDay: number, kind: string) => void): void {
  const last = Math.min(end === OPEN ? SWITCH_OFF : end, SWITCH_OFF)
  for (let year = 1; ; year++) {
    const onDay = addMonths(begin, 12 * year) + 15
    if (onDay > last) return
    if (onDay >= LEDGER_BEGINS) add(onDay, kind)
  }
}
