/** Failures of this engine in words: what happened, and who must act. */
import type { Failure } from '../pool/messages.ts'

export const notPublished = (): Failure => ({
  kind: 'system',
  message:
    'What this query reads is not known: its templates were not published with it. The operator must publish them again.',
  retryable: false,
})

export const otherColumns = (): Failure => ({
  kind: 'system',
  message:
    'Athena gave other columns than the published query has. The operator must publish the templates again, and compare Athena’s catalog with the model.',
  retryable: false,
})

export const textTooLong = (): Failure => ({
  kind: 'limit',
  message: 'The query is longer than Athena takes. Give fewer values; if that does not help, tell the operator.',
  retryable: false,
})

export const busy = (): Failure => ({
  kind: 'limit',
  message: 'The archive is busy: Athena takes no more searches at the moment. Try again in a minute.',
  retryable: true,
})

export const cutOff = (): Failure => ({
  kind: 'limit',
  message:
    'The search was stopped because it read more than one search may read. Narrow it down: give more of what you know, or a shorter period.',
  retryable: false,
})

export const exhausted = (): Failure => ({
  kind: 'limit',
  message: 'The search needed more memory or time than Athena gives to one. Narrow it down.',
  retryable: false,
})

export const noAccess = (action: string): Failure => ({
  kind: 'system',
  message: `AWS refused ${action}: the role of this process, or the query’s access to the records, lacks a permission. The operator must look into it.`,
  retryable: false,
})

export const absentInAthena = (): Failure => ({
  kind: 'system',
  message: 'A table is not in Athena’s catalog as the archive’s catalog has it. The operator must run the crawlers.',
  retryable: false,
})

export const athenaFailed = (code: string): Failure => ({
  kind: 'system',
  message: `Athena failed (${code}). Try again; if it happens again, the operator must look into it.`,
  retryable: true,
})

export const noAnswer = (action: string): Failure => ({
  kind: 'system',
  message: `AWS gave no usable answer to ${action}. Try again; if it happens again, the operator must look into it.`,
  retryable: true,
})

export const resultGone = (): Failure => ({
  kind: 'system',
  message: 'The result is no longer there. Search again.',
  retryable: true,
})

export const shutDown = (): Failure => ({
  kind: 'system',
  message: 'The query engine is shut down.',
  retryable: true,
})
