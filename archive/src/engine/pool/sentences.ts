/** Failures in words: what happened, and who must act. */
import type { Failure } from './messages.ts'

const seconds = (ms: number) => (ms < 1000 ? `${ms} ms` : `${Math.round(ms / 100) / 10} s`)

export const tooLong = (timeLimit: number): Failure => ({
  kind: 'limit',
  message: `The search was stopped because it took longer than ${seconds(timeLimit)}. Narrow it down: give more of what you know, or a shorter period.`,
  retryable: false,
})

export const outOfMemory = (): Failure => ({
  kind: 'limit',
  message:
    'The search needed more memory than a search may use. Narrow it down; where that is not possible, the operator can raise the memory limit of the engine.',
  retryable: false,
})

export const tooLarge = (bytes: number): Failure => ({
  kind: 'limit',
  message: `The result is larger than the ${Math.round(bytes / 1024 ** 2)} MB that are kept of one. Narrow the search down, or export it.`,
  retryable: false,
})

export const crashed = (end: { signal: string | null; code: number | null }): Failure => ({
  kind: 'system',
  message: `The engine process that ran this search ended unexpectedly (${end.signal ?? `exit code ${end.code}`}); other searches are not affected. Try again; if it happens again, the operator must look into it.`,
  retryable: true,
})

export const cannotStart = (end: { signal: string | null; code: number | null; text: string }): Failure => ({
  kind: 'system',
  message: `The query engine cannot be started (${end.signal ?? `exit code ${end.code}`}). The operator must look into it.${end.text ? ` It said: ${end.text.split('\n').find((line) => /error/i.test(line)) ?? end.text.slice(0, 200)}` : ''}`,
  retryable: false,
})

export const unknownRules = (rules: string[]): Failure => ({
  kind: 'system',
  message: `The row rules ${rules.join(', ')} cannot be kept: the engine's model does not declare them. The operator must start the server anew, or publish the model that the access rules were made for.`,
  retryable: false,
})

export const cannotOpen = (): Failure => ({
  kind: 'system',
  message: 'The engine cannot open its database. The operator must look into its limits and the data folder.',
  retryable: false,
})

export const cannotBegin = (): Failure => ({
  kind: 'system',
  message: 'The search could not be begun, or its result not be kept. The operator must look into it.',
  retryable: false,
})

export const noSpace = (): Failure => ({
  kind: 'system',
  message:
    'The engine has no space left on disk for intermediate results or for the file. The operator must make room in the data folder, or raise the engine’s limit for it.',
  retryable: false,
})

export const changed = (): Failure => ({
  kind: 'changed',
  message: 'Records were replaced while the search read them. Try again.',
  retryable: true,
})

export const cannotRead = (): Failure => ({
  kind: 'system',
  message: 'The engine could not read the archive. The operator must look into the data folder and its disk.',
  retryable: true,
})
