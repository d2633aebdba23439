import type { BoundValue, Statement } from '@muniment/archive/engine/port'
import fc from 'fast-check'
import { edgeDates, hostileTexts } from './hostile-texts.ts'

/** Texts, dates and numbers straight at the engines, through what templates may do with them. */
export interface Expression {
  kind: 'text' | 'date' | 'number'
  values: BoundValue[]
}

const ofTexts = `SELECT
  v, w, v || w AS joined, length(v) AS letters, lower(v) AS lower_case, upper(v) AS upper_case, reverse(v) AS turned,
  strpos(v, w) AS found_at, starts_with(v, w) AS begins, trim(v) AS trimmed, ltrim(v) AS left_trimmed, rtrim(v) AS right_trimmed,
  substr(v, 2, 3) AS part, substr(v, -2) AS ending, lpad(v, 5, '*') AS padded, replace(v, 'a', 'bb') AS replaced,
  split_part(v, ' ', 2) AS second_word, cardinality(split(v, ' ')) AS words, concat(v, '-', w) AS with_hyphen,
  normalize(v) AS composed, v LIKE '%a%' AS has_a, v LIKE w || '%' AS like_w, v LIKE '%\\%%' ESCAPE '\\' AS has_percent,
  regexp_like(v, '^[a-z]+$') AS all_small, regexp_extract(v, '[0-9]+') AS digits, regexp_replace(v, '[^A-Za-z0-9]', '') AS plain,
  v = w AS same, v < w AS before, lower(v) = lower(w) AS same_letters, coalesce(nullif(v, ''), 'empty') AS filled,
  greatest(v, w) AS greater, json_extract_scalar(v, '$.a') AS of_json, translate(v, 'abc', 'xyz') AS translated
FROM (SELECT CAST(? AS varchar) AS v, CAST(? AS varchar) AS w) AS given`

const ofDates = `SELECT
  v, w, date_diff('day', v, w) AS days, date_diff('month', v, w) AS months, date_diff('year', v, w) AS years,
  year(v) AS y, quarter(v) AS q, month(v) AS m, day(v) AS d, week(v) AS in_week, day_of_week(v) AS weekday, day_of_year(v) AS nth,
  year_of_week(v) AS week_year, date_trunc('month', v) AS first_day, date_trunc('year', v) AS first_of_year,
  date_trunc('week', v) AS monday, last_day_of_month(v) AS last_day, date_format(v, '%d.%m.%Y') AS german,
  CAST(v AS varchar) AS spelt, CAST(v AS timestamp) AS midnight, v BETWEEN w AND DATE '2024-01-01' AS between_them, greatest(v, w) AS later
FROM (SELECT CAST(? AS date) AS v, CAST(? AS date) AS w) AS given`

const ofNumbers = `SELECT
  v, n, v + v AS twice, v * v AS squared, v * 1.19 AS with_tax, CAST(v / 3 AS decimal(18,2)) AS third, -v AS negative,
  abs(v) AS size, round(v) AS rounded, round(v, 1) AS to_one, floor(v) AS down, ceil(v) AS up, truncate(v) AS cut, CAST(v AS bigint) AS whole,
  CAST(v AS double) AS as_double, CAST(v AS varchar) AS spelt, CAST(v AS double) / 7 AS seventh, CAST(v AS decimal(14,1)) AS shorter,
  CAST(n AS varchar) AS spelt_n, n % 7 AS remainder, n / 7 AS quotient, CAST(n AS double) AS n_double, CAST(n AS decimal(38,2)) AS n_decimal,
  CASE WHEN v > n THEN 'more' ELSE 'not more' END AS compared, coalesce(v, n) AS one_of
FROM (SELECT CAST(? AS decimal(12,2)) AS v, CAST(? AS bigint) AS n) AS given`

const sqlOf = { text: ofTexts, date: ofDates, number: ofNumbers }

const text = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...hostileTexts) },
  { weight: 3, arbitrary: fc.string({ unit: 'grapheme', maxLength: 30 }) },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 10 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary-ascii', maxLength: 10 }) },
  { weight: 1, arbitrary: fc.string({ unit: fc.constantFrom("'", 'o', 'é'), minLength: 400, maxLength: 1024 }) },
)
const date = fc.oneof(
  fc.constantFrom(...edgeDates),
  fc
    .date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
    .map((made) => made.toISOString().slice(0, 10)),
)
const cents = fc.bigInt({ min: -999_999_999_999n, max: 999_999_999_999n })
const decimal = fc.oneof(cents, fc.bigInt({ min: -300n, max: 300n })).map((made) => {
  const digits = String(made < 0n ? -made : made).padStart(3, '0')
  return `${made < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`
})
const whole = fc.oneof(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), fc.bigInt({ min: -100n, max: 100n }))

const bound = (type: string, value: fc.Arbitrary<string | null>) => value.map((value): BoundValue => ({ type, value }))

export const expressionArbitrary: fc.Arbitrary<Expression> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('text' as const), values: pair(bound('varchar', text)) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('date' as const), values: pair(bound('date', date)) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('number' as const),
      values: fc.tuple(bound('decimal(12,2)', decimal), bound('bigint', whole.map(String))),
    }),
  },
)

function pair(value: fc.Arbitrary<BoundValue>): fc.Arbitrary<BoundValue[]> {
  return fc.tuple(value, value)
}

export const statementOfExpression = ({ kind, values }: Expression): Statement => ({
  application: 'pas',
  sql: sqlOf[kind],
  values,
})

export const spellExpression = ({ kind, values }: Expression): string =>
  `${kind}s ${values.map(({ value }) => JSON.stringify(value)).join(', ')}`
