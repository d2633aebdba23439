import { type DestinationStream, type Logger, pino } from 'pino'

/**
 * Members in which personal data travels: what people typed, rows, bodies, bound values. They are named here at any of the
 * depths that our records have; what is logged under another name must hold none.
 */
const PERSONAL = [
  'inputs',
  'inputsRead',
  'values',
  'value',
  'rows',
  'row',
  'body',
  'purpose',
  'note',
  'fields',
  'sql',
  'authorization',
  'cookie',
]

const paths = PERSONAL.flatMap((name) => [name, `*.${name}`, `*.*.${name}`, `*.*.*.${name}`])

export interface LogOptions {
  /** pino's levels, or `silent`. */
  level?: string
  destination?: DestinationStream
  /** A file to append to instead. */
  file?: string
}

/** Error messages of databases and parsers quote data; of errors only what cannot: kind, code, our own sentence, stack frames. */
function describeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { name: typeof error }
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line))
  return {
    name: error.name,
    ...('code' in error && typeof error.code === 'string' ? { code: error.code } : {}),
    // Operators' and authors' errors are ours and speak of files and settings, not of records.
    ...('actor' in error && (error.actor === 'operator' || error.actor === 'author') ? { message: error.message } : {}),
    stack: frames.join('\n'),
    ...(error.cause === undefined ? {} : { cause: describeError(error.cause) }),
  }
}

/** A logger of JSON lines on standard error that keeps personal data out: log ids, names, counts and times. */
export function createLog(
  name: string,
  { level = 'info', file, destination = pino.destination(file ? { dest: file, sync: false } : 2) }: LogOptions = {},
): Logger {
  return pino(
    {
      name,
      level,
      timestamp: pino.stdTimeFunctions.isoTime,
      // Records travel as text, so a number is a count (`rows: 12`).
      redact: { paths, censor: (value: unknown) => (typeof value === 'number' ? value : '[kept out]') },
      serializers: { err: describeError, error: describeError },
    },
    destination,
  )
}

export type Log = Logger
