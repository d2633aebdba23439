import { OperatorError, TemplateError } from '../errors.ts'
import type { Lane } from './pool/lane.ts'
import type { ApplicationSetup, Failure, Job, Outcome, WhatIsRead } from './pool/messages.ts'
import type { ResultColumn, Statement } from './port.ts'
import type { Setups } from './setups.ts'

const timeLimit = 10_000
const remembered = 500
let count = 0

/** Has a statement prepared by a process; see the port. */
export async function prepareStatement(statement: Statement, lane: Lane, setups: Setups): Promise<ResultColumn[]> {
  const setup = await setups.get(statement.application)
  return (await asked(statement, { kind: 'prepare' }, lane, setups, setup)).columns
}

/** Readings asked for, by statement and version of the catalog: templates give the same few texts over and over. */
export function createReadings(lane: Lane, setups: Setups) {
  const known = new Map<string, Promise<WhatIsRead>>()

  return async ({ application, sql, values, places }: Statement): Promise<WhatIsRead> => {
    const setup = await setups.get(application)
    const key = JSON.stringify([application, setup.version, sql, values.map(({ type }) => type), places])
    const before = known.get(key)
    if (before) return before
    if (known.size >= remembered) known.clear()
    const reading = asked(
      { application, sql, values, ...(places ? { places } : {}) },
      { kind: 'reading' },
      lane,
      setups,
      setup,
    ).then(({ reading }) => {
      if (!reading) throw new OperatorError('The query engine did not say what a statement reads.')
      return reading
    })
    known.set(key, reading)
    // What failed may have failed by chance.
    reading.catch(() => known.get(key) === reading && known.delete(key))
    return reading
  }
}

function asked(
  { application, sql, values, restrictions, places }: Statement,
  work: Job['work'],
  lane: Lane,
  setups: Setups,
  setup: ApplicationSetup,
): Promise<Outcome> {
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
        work,
        ...(restrictions ? { restrictions } : {}),
        ...(places ? { places } : {}),
      },
      setup: () => setups.latest(application, setup),
      started: nothing,
      progress: nothing,
      rows: nothing,
      done: resolve,
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
