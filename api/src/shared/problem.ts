import { randomUUID } from 'node:crypto'
import { InputError, MunimentError, NotFoundError, TemplateError } from '@muniment/archive/errors'
import type { Context } from 'hono'
import { HTTPException } from 'hono/http-exception'
import type { Logger } from 'pino'
import type { Problem } from '../contract.ts'
import { ProblemError, type ProblemKind, problemKinds } from '../errors.ts'

export function problem(kind: ProblemKind, detail: string, more: Partial<Problem> = {}): Problem {
  const [status, title] = problemKinds[kind]
  return { type: `urn:muniment:problem:${kind}`, title, status, detail, ...more }
}

/** The id under which the log has the particulars of a fault on our side. */
export const newIncident = (): string => `urn:uuid:${randomUUID()}`

/** What the log keeps of an error is decided there: kind, code and stack frames, no message that quotes a record. */
export function logFault(log: Logger, incident: string, error: unknown, what: Record<string, unknown> = {}): void {
  log.error({ ...what, incident, err: error }, 'fault')
}

function problemOf(error: unknown, log: Logger): { problem: Problem; headers?: Record<string, string> } {
  if (error instanceof ProblemError) {
    const { kind, message, fields, instance, headers } = error
    return { problem: problem(kind, message, { ...(fields && { fields }), ...(instance && { instance }) }), headers }
  }
  if (error instanceof InputError) return { problem: problem('invalid-input', error.message, { fields: error.fields }) }
  if (error instanceof NotFoundError) return { problem: problem('not-found', error.message) }
  if (error instanceof HTTPException && error.status === 415) {
    return { problem: problem('unsupported-media-type', 'Send the body as application/json.') }
  }
  if (error instanceof HTTPException && error.status < 500) {
    return { problem: problem('invalid-request', 'The body is not valid JSON.') }
  }
  const incident = newIncident()
  logFault(log, incident, error)
  if (error instanceof TemplateError) {
    const detail = `${error.message} Whoever writes the templates can mend it; nothing was searched.`
    return { problem: problem('template-fault', detail, { instance: incident }) }
  }
  const code = ((error as Error)?.cause as { code?: unknown } | undefined)?.code ?? (error as { code?: unknown })?.code
  const reason = code === 'ENOSPC' ? 'The disk of the archive is full.' : 'This could not be done.'
  const action = error instanceof MunimentError ? '' : ' Trying again may help.'
  const detail = `${reason} No record was changed.${action} If it stays so, tell whoever runs the archive the id below.`
  return { problem: problem('failed', detail, { instance: incident }) }
}

export function sendProblem(body: Problem, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(body), {
    status: body.status,
    headers: { 'Content-Type': 'application/problem+json', ...headers },
  })
}

export const answerError =
  (log: Logger) =>
  (error: unknown, _c: Context): Response => {
    const { problem, headers } = problemOf(error, log)
    return sendProblem(problem, headers)
  }
