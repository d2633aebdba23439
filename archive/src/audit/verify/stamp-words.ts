import { count } from './count.ts'
import type { TimeStamps } from './report.ts'

const UNITS = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
] as const

/** In the largest unit that fits twice, so that little is rounded away. */
function span(seconds: number): string {
  const [unit, length] = UNITS.find(([, each]) => seconds >= 2 * each) ?? ['second', 1]
  return count(Math.round(Math.max(0, seconds) / length), unit)
}

/** What time stamps say, and what they do not. */
export function aboutTimeStamps(told: TimeStamps): string[] {
  const { first, newest, longest, authority, waiting, age = 0 } = told
  if (!first || !newest)
    return authority ? ['No checkpoint has a time stamp, so there was none to hold against the authority given.'] : []
  const lines = [
    `${count(told.count, 'checkpoint has', 'checkpoints have')} a time stamp. The newest is ${span(age)} old: of ${newest.at}, by ` +
      `${newest.by}, for the first ${count(newest.entries, 'entry', 'entries')}` +
      `${waiting > 0 ? `; ${count(waiting, 'seal is', 'seals are')} younger` : ''}.`,
    authority
      ? 'Each is of the checkpoint beside it, and its signer was certified by an authority that was given. Whether a certificate was revoked was not asked.'
      : 'Each is of the checkpoint beside it and consistent in itself. Who signed it was not checked, as no authority was given ' +
        '(--timestamp-authority): whoever can write the files could have made it.',
  ]
  if (authority)
    lines.push(
      `The first is of ${first.at}: what it covers was there by then, and nothing here shows that it is older.` +
        (longest === undefined
          ? ''
          : ` Every entry that was sealed since was stamped within ${span(longest.seconds)} of its own time (in seal ${longest.seal} it took longest), ` +
            'and cannot have been rewritten later.'),
    )
  return lines
}
