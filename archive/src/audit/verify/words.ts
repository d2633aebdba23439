import type { Finding, Report } from './report.ts'

const count = (number: number, one: string, many = `${one}s`) =>
  `${number.toLocaleString('en')} ${number === 1 ? one : many}`

const ODD: Record<Finding['kind'], (number: number) => string> = {
  'without-closing': (number) =>
    `${count(number, 'action has', 'actions have')} no closing entry: under way, or interrupted.`,
  'without-opening': (number) => `${count(number, 'closing names', 'closings name')} an action that was not open.`,
  'second-closing': (number) => `${count(number, 'action was', 'actions were')} closed twice.`,
  'unfinished-seal': () => 'The newest seal has no checkpoint yet: a sealer is at work, or was stopped.',
  'stale-checkpoint': () => 'audit/checkpoint lags behind: a sealer is at work, or was stopped.',
  'replaced-key': () => 'The newest checkpoint is signed with a key that the log says was replaced.',
}

/** What was checked, what was found, and what nobody can tell, in plain words. */
export function sentences(report: Report, hasWitness: boolean): string[] {
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
      `The log goes on from ${count(checkpoints, 'checkpoint')} (${name}), the largest over ${count(largest, 'entry', 'entries')}.`,
    )
  lines.push(
    uncovered.entries === 0
      ? 'Every entry is covered.'
      : `${count(uncovered.entries, 'entry is', 'entries are')} not covered yet, since ${uncovered.since}: whoever can write the files could still cut them off unseen.`,
  )
  for (const [kind, number] of Object.entries(counts)) lines.push(ODD[kind as Finding['kind']](number))
  if (
    counts['without-closing'] === undefined &&
    counts['without-opening'] === undefined &&
    counts['second-closing'] === undefined
  )
    lines.push(`Actions: ${report.actions.toLocaleString('en')}, each with one opening and one closing entry.`)
  if (!hasWitness)
    lines.push(
      compared.length > 0
        ? 'No witness was asked. What was signed after the checkpoint that you kept could have been rewritten by whoever has the signing key.'
        : 'No witness was asked and no older checkpoint given: whoever has the signing key and can write the files could have rewritten everything.',
    )
  return lines
}
