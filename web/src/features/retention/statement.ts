import { isRecord } from '../../lib/kept.ts'

/** What a certificate says, of what is shown in words; the text itself stands beside it, whole. */
export interface Statement {
  begun: string
  finished: string
  verified: string
  /** Records and rows destroyed, by class. */
  classes: { name: string; records: number; rows: number }[]
  authorities: { schedule: string; title: string; authority: string; records: number }[]
  /** Rows on the list that were kept because of a hold. */
  held: number
  remains: { what: string; why: string }[]
}

const words = (value: unknown): string => (typeof value === 'string' ? value : '')
const number = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined
const within = (value: unknown, name: string): unknown => (isRecord(value) ? value[name] : undefined)
const recordsIn = (value: unknown): Record<string, unknown>[] => (Array.isArray(value) ? value.filter(isRecord) : [])

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Undefined where it is in another form than is known here: then the text speaks for itself, and nothing is made of it. */
export function readStatement(text: string): Statement | undefined {
  const said = parse(text)
  if (!isRecord(said) || said.format !== 'muniment-certificate-1' || !isRecord(said.classes)) return undefined
  const classes = Object.entries(said.classes).flatMap(([name, counts]) => {
    const [records, rows] = [number(within(counts, 'records')), number(within(counts, 'rows'))]
    return records === undefined || rows === undefined ? [] : [{ name, records, rows }]
  })
  const held = number(said.held)
  if (held === undefined || classes.length !== Object.keys(said.classes).length) return undefined
  return {
    begun: words(within(said.executed, 'begun')),
    finished: words(within(said.executed, 'finished')),
    verified: words(within(said.verified, 'at')),
    classes,
    authorities: recordsIn(within(said.schedules, 'authorities')).map((one) => ({
      schedule: words(one.schedule),
      title: words(one.title),
      authority: [[words(one.law), words(one.article)].filter(Boolean).join(' '), words(one.jurisdiction)]
        .filter(Boolean)
        .join(', '),
      records: number(one.records) ?? 0,
    })),
    held,
    remains: recordsIn(said.remains).map((one) => ({ what: words(one.what), why: words(one.why) })),
  }
}

/** The certificate as its file has it, so that whoever checks one by its description needs nothing else. */
export function certificateFile(text: string, signature: string): string {
  const signed = parse(signature)
  const whole = isRecord(signed)
    ? { format: 'muniment-certificate-1', statement: text, signature: signed }
    : { statement: text, signature }
  return `${JSON.stringify(whole, null, 2)}\n`
}
