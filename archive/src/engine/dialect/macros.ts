import { literal } from '../sql-text.ts'

/** What Java calls white space, which is what Athena's trim removes. */
const blanks = [9, 10, 11, 12, 13, 28, 29, 30, 31, 32, 0x1680, 0x2028, 0x2029, 0x205f, 0x3000]
  .concat([0x2000, 0x2001, 0x2002, 0x2003, 0x2004, 0x2005, 0x2006, 0x2008, 0x2009, 0x200a])
  .map((code) => `chr(${code})`)
  .join(' || ')
/** A code point that no text holds. */
const aside = 'chr(1114109)'

const fail = (message: string) => `error(${literal(`athena: ${message}`)})`
const guarded = (argument: string, shape: string, value: string, message: string) =>
  `CASE WHEN ${argument} IS NULL THEN NULL WHEN regexp_full_match(${argument}, ${literal(shape)}) THEN ${value} ELSE ${fail(message)} END`
const attempted = (argument: string, shape: string, value: string) =>
  `CASE WHEN regexp_full_match(${argument}, ${literal(shape)}) THEN ${value} END`

const whole = '[+-]?[0-9]+'
const fractional = '[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)'
const floating = `${fractional}([eE][+-]?[0-9]+)?|NaN|[+-]?Infinity`
const day = '[0-9]{4}-[0-9]{2}-[0-9]{2}'
const moment = `${day}( [0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,3})?)?`
const truth = '(?i)(true|false|t|f|1|0)'

/** Casts of texts: name's ending to DuckDB's type and to the texts that Athena takes too. */
const textCasts: [string, string, string, string][] = [
  ['integer', 'INTEGER', whole, 'a whole number'],
  ['bigint', 'BIGINT', whole, 'a whole number'],
  ['double', 'DOUBLE', floating, 'a number'],
  ['date', 'DATE', day, 'a date as 2024-07-05'],
  ['timestamp', 'TIMESTAMP', moment, 'a timestamp as 2024-07-05 13:45:00.000'],
  ['boolean', 'BOOLEAN', truth, 'true or false'],
]

/** Statements run in each instance before it is locked: functions that DuckDB lacks or answers differently. */
export const macros: string[] = [
  ...textCasts.flatMap(([name, type, shape, what]) => [
    `athena_varchar_to_${name}(x) AS ${guarded('x', shape, `CAST(x AS ${type})`, `A text that is cast is not ${what}.`)}`,
    `athena_try_varchar_to_${name}(x) AS ${attempted('x', shape, `TRY_CAST(x AS ${type})`)}`,
  ]),
  `athena_number_text(x) AS ${guarded('x', fractional, 'x', 'A text that is cast is not a decimal number.')}`,
  `athena_try_number_text(x) AS ${attempted('x', fractional, 'x')}`,
  `athena_divide(a, b) AS CASE WHEN a IS NULL OR b IS NULL THEN NULL WHEN b = 0 THEN ${fail('Division by zero.')} ELSE a // b END`,
  `athena_mod(a, b) AS CASE WHEN a IS NULL OR b IS NULL THEN NULL WHEN b = 0 THEN ${fail('Division by zero.')} ELSE a % b END`,
  `athena_divide_decimals(a, b, shift) AS CASE WHEN a IS NULL OR b IS NULL THEN NULL WHEN b = 0 THEN ${fail('Division by zero.')}
    ELSE (a * shift) // b + CASE WHEN abs((a * shift) % b) * 2 >= abs(b) THEN CASE WHEN (a < 0) = (b < 0) THEN 1 ELSE -1 END ELSE 0 END END`,
  `athena_upper(x) AS replace(upper(replace(x, 'ß', ${aside})), ${aside}, 'ß')`,
  "athena_reverse(x) AS array_to_string(list_reverse(string_split(x, '')), '')",
  `athena_trim(x) AS trim(x, ${blanks})`,
  `athena_ltrim(x) AS ltrim(x, ${blanks})`,
  `athena_rtrim(x) AS rtrim(x, ${blanks})`,
  `athena_substr(x, p) AS CASE WHEN x IS NULL OR p IS NULL THEN NULL WHEN p > 0 THEN substring(x, p)
      WHEN p < 0 AND -p <= length(x) THEN substring(x, length(x) + p + 1) ELSE '' END,
    (x, p, n) AS CASE WHEN x IS NULL OR p IS NULL OR n IS NULL THEN NULL WHEN n <= 0 THEN '' WHEN p > 0 THEN substring(x, p, n)
      WHEN p < 0 AND -p <= length(x) THEN substring(x, length(x) + p + 1, n) ELSE '' END`,
  `athena_split_part(x, d, n) AS CASE WHEN x IS NULL OR n IS NULL THEN NULL WHEN n <= 0 THEN ${fail('The index of split_part must be greater than zero.')}
    ELSE list_extract(string_split(x, d), n) END`,
  `athena_element_at(a, n) AS CASE WHEN n = 0 THEN ${fail('Array indices start at 1.')} ELSE list_extract(a, n) END`,
  `athena_subscript(a, n) AS CASE WHEN n <= 0 OR n > len(a) THEN ${fail('An array subscript is out of bounds.')} ELSE list_extract(a, n) END`,
  "athena_array_sort(a) AS list_sort(a, 'ASC', 'NULLS LAST')",
  `athena_date_parse(x, shape, pattern) AS CASE WHEN x IS NULL THEN NULL WHEN regexp_full_match(x, shape) THEN strptime(x, pattern)
    ELSE ${fail('A text does not fit the pattern of date_parse.')} END`,
  'athena_to_unixtime(x) AS epoch_ms(CAST(x AS TIMESTAMP)) / CAST(1000 AS DOUBLE)',
  `athena_json_extract_scalar(x, path) AS CASE WHEN NOT json_valid(x) THEN NULL ELSE
    CASE json_type(x, path) WHEN 'VARCHAR' THEN json_extract_string(x, path) WHEN 'BOOLEAN' THEN json_extract_string(x, path)
      WHEN 'BIGINT' THEN json_extract_string(x, path) WHEN 'UBIGINT' THEN json_extract_string(x, path)
      WHEN 'DOUBLE' THEN ${fail('json_extract_scalar of a number with a fraction is not supported.')} END END`,
].map((macro) => `CREATE MACRO ${macro}`)
