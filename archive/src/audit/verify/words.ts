import { count } from './count.ts'
import { WITNESS } from './older.ts'
import type { Finding, Report, RulesHeld } from './report.ts'
import { aboutTimeStamps } from './stamp-words.ts'

const ODD: Record<Finding['kind'], (number: number) => string> = {
  'without-closing': (number) =>
    `${count(number, 'action has', 'actions have')} no closing entry: under way, or interrupted.`,
  'without-opening': (number) => `${count(number, 'closing names', 'closings name')} an action that was not open.`,
  'second-opening': (number) =>
    `WRONG: ${count(number, 'action was', 'actions were')} opened twice: no id is given twice, so somebody added entries.`,
  'second-closing': (number) => `${count(number, 'action was', 'actions were')} closed twice.`,
  'unfinished-seal': () => 'The newest seal has no checkpoint yet: a sealer is at work, or was stopped.',
  'stale-checkpoint': () => 'audit/checkpoint lags behind: a sealer is at work, or was stopped.',
  'early-stamp': (number) =>
    `${count(number, 'time stamp is', 'time stamps are')} older than the seal: the clock here was ahead, or the authority's behind.`,
  'replaced-key': () => 'The newest checkpoint is signed with a key that the log says was replaced.',
}

/** What was checked, what was found, and what nobody can tell, in plain words. */
export function sentences(report: Report): string[] {
  const { covered, uncovered, wrong, counts, compared } = report
  const lines: string[] = []
  if (wrong) {
    const place = wrong.entry === undefined ? '' : ` (entry ${wrong.entry.toLocaleString('en')})`
    lines.push(
      `WRONG: ${wrong.file}${place}: ${wrong.message}`,
      'This is the first thing that is wrong; nothing after it was checked.',
    )
    return lines
  }
  if (covered.entries === 0) lines.push('No checkpoint was made yet: nothing of this log is signed.')
  else
    lines.push(
      `The newest checkpoint covers ${count(covered.entries, 'entry', 'entries')} in ${count(covered.seals, 'seal')}, up to ${covered.at}.`,
      'Its signature is good, and its root is the one that the entries make.',
      'Every object of every stream follows the one before it, without gaps; every seal follows the one before it; every tile, ' +
        'every bundle and every checkpoint is what the entries make; there is no other file.',
    )
  for (const { name, checkpoints, largest } of compared)
    lines.push(
      checkpoints === 0
        ? `Nothing was kept there to hold the log against (${name}): no checkpoint.`
        : `The log goes on from ${count(checkpoints, 'checkpoint')} (${name}), the largest over ${count(largest, 'entry', 'entries')}.`,
    )
  lines.push(
    uncovered.entries === 0
      ? 'Every entry is covered.'
      : `${count(uncovered.entries, 'entry is', 'entries are')} not covered yet, since ${uncovered.since}: whoever can write the files could still cut them off unseen.`,
  )
  for (const [kind, number] of Object.entries(counts)) lines.push(ODD[kind as Finding['kind']](number))
  if (report.rules) lines.push(aboutRules(report.rules))
  lines.push(...aboutMarks(report), ...aboutTimeStamps(report.timeStamps))
  if (
    counts['without-closing'] === undefined &&
    counts['without-opening'] === undefined &&
    counts['second-closing'] === undefined &&
    counts['second-opening'] === undefined
  )
    lines.push(`Actions: ${report.actions.toLocaleString('en')}, each with one opening and one closing entry.`)
  const held = compared.filter(({ checkpoints }) => checkpoints > 0)
  if (!held.some(({ name }) => name.startsWith(WITNESS)))
    lines.push(
      held.length > 0
        ? 'No witness keeps a checkpoint that was compared. What was signed after the checkpoint that you kept could have been rewritten by whoever has the signing key.'
        : 'No checkpoint of a witness and no older one was compared: whoever has the signing key and can write the files could have rewritten everything' +
            (report.timeStamps.first && report.timeStamps.authority ? ' before it was stamped.' : '.'),
    )
  return lines
}

const aboutRules = ({ versions, proposals, decisions }: RulesHeld): string =>
  `${count(versions, 'version')} of the access rules, ${count(proposals, 'proposal')} and ${count(decisions, 'decision')} of them lie in access/ ` +
  'as the log says that they were made, and nothing else.'

/** Who wrote the streams. */
function aboutMarks({ marks: { good, unchecked, other, without } }: Report): string[] {
  const lines: string[] = []
  if (good > 0)
    lines.push(
      `${count(good, 'object of a stream has', 'objects of streams have')} the MAC of this log's own processes.`,
    )
  if (unchecked > 0)
    lines.push(
      "That the log's own processes wrote the streams was not checked: the key for it stays with the one who runs the log, " +
        'whose sealer checks it before it signs.',
    )
  if (other > 0)
    lines.push(
      `${count(other, 'object was', 'objects were')} marked with a key that is not here any more: who wrote them was checked when they were sealed.`,
    )
  if (without > 0)
    lines.push(
      `${count(without, 'object has', 'objects have')} no MAC, as this log had none once: that its own processes wrote them, nothing shows.`,
    )
  return lines
}
