import { inspect } from 'node:util'
import { MunimentError } from '@muniment/archive/errors'
import { codeOf, fileError } from '@muniment/archive/store/file-errors'
import { printable, printableLines } from './printable.ts'

/** Prints an error for a person at a terminal and returns the exit code: 2 when what was asked cannot be, 1 for a fault. */
export function report(thrown: unknown): number {
  const error = ofTheMachine(thrown)
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

/** Codes that somebody at the machine can mend; any other failure of a file is a fault of ours. */
const MENDABLE = new Set(['ENOSPC', 'EDQUOT', 'EACCES', 'EPERM', 'EROFS', 'EMFILE', 'ENFILE', 'EIO'])

/** Wherever a write failed, and however it was wrapped on its way here, a full disk is a full disk. */
function ofTheMachine(error: unknown): unknown {
  if (error instanceof MunimentError) return error
  const code = codeOf(error)
  if (code !== undefined && MENDABLE.has(code)) {
    const file = error instanceof Error && 'path' in error && typeof error.path === 'string' ? error.path : undefined
    return fileError(error, file ?? 'a file')
  }
  return error instanceof Error && error.cause !== undefined ? ofTheMachine(error.cause) : error
}

/** `file:line: message (hint)` of a finding. */
export function describe(finding: { file?: string; line?: number; message?: string; hint?: string }): string {
  const place = [finding.file, finding.line].filter((part) => part !== undefined).join(':')
  const hint = finding.hint ? ` (${finding.hint})` : ''
  return printable(`${place}${place ? ': ' : ''}${finding.message ?? ''}${hint}`)
}
