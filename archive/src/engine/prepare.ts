import { OperatorError, TemplateError } from '../errors.ts'
import type { Lane } from './pool/lane.ts'
import type { ApplicationSetup, Failure } from './pool/messages.ts'
import type { ResultColumn, Statement } from './port.ts'
import type { Setups } from './setups.ts'

const timeLimit = 10_000
let count = 0

/** Has a statement prepared by a process; see the port. */
export async function prepareStatement(statement: Statement, lane: Lane, setups: Setups): Promise<ResultColumn[]> {
  const { application, sql, values, restrictions } = statement
  const setup: ApplicationSetup = await setups.get(application)
  return new Promise((resolve, reject) => {
    const nothing = () => undefined
    lane.push({
      person: '',
      timeLimit,
      job: {
        id: `prepare-${++count}`,
        application,
        sql,
        values,
        work: { kind: 'prepare' },
        ...(restrictions ? { restrictions } : {}),
      },
      setup: () => setups.latest(application, setup),
      started: nothing,
      progress: nothing,
      rows: nothing,
      done: (outcome) => resolve(outcome.columns),
      failed: (failure) => reject(asError(failure)),
    })
  })
}

/** `detail` has line, column, hint and the bare message, for whoever tells of it in another form. */
function asError(failure: Failure | 'cancelled'): Error {
  if (failure === 'cancelled') return new OperatorError('The query engine is shut down.')
  const { kind, message, line, column, hint } = failure
  if (kind !== 'user') return new OperatorError(message)
  const place = line === undefined ? '' : `line ${line}, column ${column ?? 1}: `
  return new TemplateError(`${place}${message}${hint ? ` ${hint}` : ''}`, { detail: { line, column, hint, message } })
}
