import { call, cast, constant, operator } from '../syntax.ts'
import { bigint, date, double, type Type, timestamp, varchar } from '../types.ts'
import { type AllowedFunction, type Call, expect, literalText, plain, special } from './kinds.ts'

const dateUnits = ['day', 'week', 'month', 'quarter', 'year']
const timeUnits = ['hour', 'minute', 'second', 'millisecond']

function unitOf(made: Call, at: Type): string | undefined {
  const unit = literalText(made, 0, 'the unit')?.toLowerCase()
  if (unit === undefined) return undefined
  if (dateUnits.includes(unit) || (at.name !== 'date' && timeUnits.includes(unit))) return unit
  made.context.refuse(
    made.args[0]?.node,
    timeUnits.includes(unit)
      ? `${made.name} of dates knows no unit "${unit}".`
      : `"${unit}" is no unit of ${made.name}.`,
    `Units: ${[...dateUnits, ...(at.name === 'date' ? [] : timeUnits)].join(', ')}.`,
  )
  return undefined
}

const adders: Record<string, (n: ReturnType<typeof constant>) => ReturnType<typeof constant>> = {
  day: (n) => call('to_days', cast(n, 'INTEGER')),
  week: (n) => call('to_days', cast(operator('*', n, constant(7)), 'INTEGER')),
  month: (n) => call('to_months', cast(n, 'INTEGER')),
  quarter: (n) => call('to_months', cast(operator('*', n, constant(3)), 'INTEGER')),
  year: (n) => call('to_years', cast(n, 'INTEGER')),
  hour: (n) => call('to_hours', n),
  minute: (n) => call('to_minutes', n),
  second: (n) => call('to_seconds', cast(n, 'DOUBLE')),
  millisecond: (n) => call('to_milliseconds', cast(n, 'DOUBLE')),
}

/** Fields of a date or timestamp, by the names Athena has for them, and DuckDB's. */
export const fields: Record<string, { part: string; ofTime: boolean }> = {
  year: { part: 'year', ofTime: false },
  quarter: { part: 'quarter', ofTime: false },
  month: { part: 'month', ofTime: false },
  week: { part: 'week', ofTime: false },
  week_of_year: { part: 'week', ofTime: false },
  day: { part: 'day', ofTime: false },
  day_of_month: { part: 'day', ofTime: false },
  day_of_week: { part: 'isodow', ofTime: false },
  dow: { part: 'isodow', ofTime: false },
  day_of_year: { part: 'dayofyear', ofTime: false },
  doy: { part: 'dayofyear', ofTime: false },
  year_of_week: { part: 'isoyear', ofTime: false },
  yow: { part: 'isoyear', ofTime: false },
  hour: { part: 'hour', ofTime: true },
  minute: { part: 'minute', ofTime: true },
  second: { part: 'second', ofTime: true },
}

const field = (name: string): AllowedFunction =>
  special(
    'date and time',
    name,
    [1, 1],
    `${name}(date or timestamp) → bigint`,
    'The same; weeks and days of the week by ISO 8601, Monday is 1.',
    (made) => {
      const known = fields[name]
      expect(made, 0, 'moment')
      if (known?.ofTime && made.args[0]?.type.name === 'date')
        made.context.refuse(made.args[0].node, `A date has no ${name}; Athena refuses this.`)
      return {
        node: call('date_part', constant(known?.part ?? name), ...made.args.map((argument) => argument.node)),
        type: bigint,
      }
    },
  )

/** Patterns of date_format and date_parse, and DuckDB's for the same. */
const patterns: Record<string, { duckdb: string; digits?: number }> = {
  '%Y': { duckdb: '%Y', digits: 4 },
  '%m': { duckdb: '%m', digits: 2 },
  '%d': { duckdb: '%d', digits: 2 },
  '%H': { duckdb: '%H', digits: 2 },
  '%i': { duckdb: '%M', digits: 2 },
  '%s': { duckdb: '%S', digits: 2 },
  '%S': { duckdb: '%S', digits: 2 },
  '%T': { duckdb: '%H:%M:%S' },
  '%e': { duckdb: '%-d' },
  '%c': { duckdb: '%-m' },
  '%y': { duckdb: '%y' },
  '%M': { duckdb: '%B' },
  '%b': { duckdb: '%b' },
  '%W': { duckdb: '%A' },
  '%a': { duckdb: '%a' },
  '%j': { duckdb: '%j' },
  '%%': { duckdb: '%%' },
}

function translatePattern(made: Call, forParsing: boolean): { duckdb: string; shape: string } | undefined {
  const pattern = literalText(made, 1, 'the pattern')
  if (pattern === undefined) return undefined
  let duckdb = ''
  let shape = ''
  for (const [piece] of pattern.matchAll(/%.|[^%]+|%/gsu)) {
    if (!piece.startsWith('%')) {
      duckdb += piece
      shape += piece.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
      continue
    }
    const known = patterns[piece]
    if (!known || (forParsing && !known.digits)) {
      made.context.refuse(
        made.args[1]?.node,
        `${made.name} with "${piece}" is not supported.`,
        `Use ${Object.keys(patterns)
          .filter((key) => !forParsing || patterns[key]?.digits)
          .join(' ')}.`,
      )
      return undefined
    }
    duckdb += known.duckdb
    shape += `[0-9]{${known.digits ?? 1}}`
  }
  return { duckdb, shape }
}

export const moments: AllowedFunction[] = [
  special(
    'date and time',
    'date_add',
    [3, 3],
    "date_add('unit', n, date or timestamp) → the same type",
    'DuckDB has no such function: put together from intervals; a date stays a date, the end of a month is kept to.',
    (made) => {
      const [, n, moment] = made.args
      if (!n || !moment) return made.context.refuse(made.node, 'date_add takes a unit, a number and a date.')
      expect(made, 1, 'whole')
      expect(made, 2, 'moment')
      const unit = unitOf(made, moment.type)
      const add = unit && adders[unit]
      if (!add) return { node: moment.node, type: moment.type }
      const type = moment.type.name === 'timestamp' ? timestamp : date
      return { node: cast(operator('+', moment.node, add(n.node)), type === date ? 'DATE' : 'TIMESTAMP'), type }
    },
  ),
  special(
    'date and time',
    'date_diff',
    [3, 3],
    "date_diff('unit', from, to) → bigint",
    'Athena counts complete units, which DuckDB calls datesub.',
    (made) => {
      const [, from, to] = made.args
      if (!from || !to) return made.context.refuse(made.node, 'date_diff takes a unit and two dates.')
      expect(made, 1, 'moment')
      expect(made, 2, 'moment')
      const dates = from.type.name === 'date' && to.type.name === 'date'
      const unit = unitOf(made, dates ? from.type : timestamp)
      const [a, b] = dates ? [from.node, to.node] : [cast(from.node, 'TIMESTAMP'), cast(to.node, 'TIMESTAMP')]
      return { node: call('datesub', constant(unit ?? 'day'), a, b), type: bigint }
    },
  ),
  special(
    'date and time',
    'date_trunc',
    [2, 2],
    "date_trunc('unit', date or timestamp) → the same type",
    'A date stays a date.',
    (made) => {
      const moment = made.args[1]
      if (!moment) return made.context.refuse(made.node, 'date_trunc takes a unit and a date.')
      expect(made, 1, 'moment')
      const unit = unitOf(made, moment.type)
      const type = moment.type.name === 'timestamp' ? timestamp : date
      return {
        node: cast(call('date_trunc', constant(unit ?? 'day'), moment.node), type === date ? 'DATE' : 'TIMESTAMP'),
        type,
      }
    },
  ),
  special(
    'date and time',
    'date_part',
    [2, 2],
    'extract(field FROM date or timestamp) → bigint',
    'The same; weeks and days of the week by ISO 8601, Monday is 1.',
    (made) => {
      const name = literalText(made, 0, 'the field')?.toLowerCase() ?? 'day'
      const known = fields[name]
      expect(made, 1, 'moment')
      if (!known)
        return made.context.refuse(
          made.node,
          `extract knows no field "${name}".`,
          `Fields: ${Object.keys(fields).join(', ')}.`,
        )
      if (known.ofTime && made.args[1]?.type.name === 'date')
        made.context.refuse(made.node, `A date has no ${name}; Athena refuses this.`)
      return { node: call('date_part', constant(known.part), made.args[1]?.node ?? constant(null)), type: bigint }
    },
  ),
  ...Object.keys(fields).map(field),
  special(
    'date and time',
    'millisecond',
    [1, 1],
    'millisecond(timestamp) → bigint',
    'DuckDB counts the seconds in: taken off again.',
    (made) => {
      expect(made, 0, 'timestamp')
      return {
        node: operator(
          '%',
          call('date_part', constant('millisecond'), ...made.args.map((argument) => argument.node)),
          constant(1000),
        ),
        type: bigint,
      }
    },
  ),
  plain('date and time', 'last_day_of_month', ['moment'], date, {
    to: 'last_day',
    because: 'The same under another name.',
  }),
  special(
    'date and time',
    'date_format',
    [2, 2],
    "date_format(date or timestamp, '%d.%m.%Y') → varchar",
    'The pattern is translated; those that differ are refused.',
    (made) => {
      expect(made, 0, 'moment')
      const pattern = translatePattern(made, false)
      return {
        node: call('strftime', made.args[0]?.node ?? constant(null), constant(pattern?.duckdb ?? '%Y')),
        type: varchar,
      }
    },
  ),
  special(
    'date and time',
    'date_parse',
    [2, 2],
    "date_parse(varchar, '%Y-%m-%d') → timestamp",
    'The pattern is translated, and texts that are written otherwise (single digits, blanks) fail, where Athena is lenient with some of them.',
    (made) => {
      expect(made, 0, 'varchar')
      const pattern = translatePattern(made, true)
      return {
        node: call(
          'athena_date_parse',
          made.args[0]?.node ?? constant(null),
          constant(pattern?.shape ?? ''),
          constant(pattern?.duckdb ?? ''),
        ),
        type: timestamp,
      }
    },
  ),
  plain('date and time', 'from_iso8601_date', ['varchar'], date, {
    to: 'athena_varchar_to_date',
    because: 'Texts as 2024-07-05 only; the other forms of ISO 8601 fail.',
  }),
  special(
    'date and time',
    'to_iso8601',
    [1, 1],
    'to_iso8601(date) → varchar',
    'The same for dates; timestamps are refused.',
    (made) => {
      expect(made, 0, 'date')
      return { node: cast(made.args[0]?.node ?? constant(null), 'VARCHAR'), type: varchar }
    },
  ),
  plain('date and time', 'to_unixtime', ['timestamp'], double, {
    to: 'athena_to_unixtime',
    because: 'Milliseconds since 1970, divided by 1000.',
  }),
]
