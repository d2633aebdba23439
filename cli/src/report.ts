import { inspect } from 'node:util'
import { MunimentError } from '@muniment/archive/errors'
import { printable, printableLines } from './printable.ts'

/** Prints an error for a person at a terminal and returns the exit code: 2 when what was asked cannot be, 1 for a fault. */
export function report(error: unknown): number {
  if (error instanceof MunimentError) {
    console.error(`muniment: ${printableLines(error.message)}`)
    const findings = error.detail.findings
    if (Array.isArray(findings)) for (const finding of findings) console.error(`  ${describe(finding)}`)
    return 2
  }
  console.error('muniment: this should not have happened. What was stored before is as it was.')
  console.error(printableLines(inspect(error)))
  return 1
}

/** `file:line: message (hint)` of a finding. */
export function describe(finding: { file?: string; line?: number; message?: string; hint?: string }): string {
  const place = [finding.file, finding.line].filter((part) => part !== undefined).join(':')
  const hint = finding.hint ? ` (${finding.hint})` : ''
  return printable(`${place}${place ? ': ' : ''}${finding.message ?? ''}${hint}`)
}
