/** What authors meet beside functions: how each construct is dealt with, and why. The docs page is made from these. */
export interface Construct {
  construct: string
  how: 'equal' | 'refused'
  because: string
  instead?: string
}

export const constructs: Construct[] = [
  { construct: '`7 / 2`, `7 % 2`', how: 'equal', because: 'Whole numbers divide towards zero; by 0 it is an error.' },
  {
    construct: '`decimal / decimal`, `avg(decimal)`',
    how: 'equal',
    because: 'Athena’s scale is kept, half away from zero; by 0 it is an error.',
  },
  {
    construct: '`decimal + - * decimal`',
    how: 'equal',
    because: 'The operands are widened first, so that there is room for what Athena’s type holds.',
  },
  { construct: '`1e0 / 0`', how: 'equal', because: 'Infinity, as IEEE 754 has it.' },
  {
    construct: '`%` of decimals or doubles',
    how: 'refused',
    because: 'Scales and signs differ.',
    instead: 'Take it of whole numbers.',
  },
  { construct: '`date + INTERVAL`, `date_add`, `date_trunc` of a date', how: 'equal', because: 'A date stays a date.' },
  {
    construct: '`date - date`',
    how: 'refused',
    because: 'An interval in Athena, a number in DuckDB.',
    instead: "`date_diff('day', from, to)`",
  },
  {
    construct: '`date + 1`',
    how: 'refused',
    because: 'Athena has no such operator.',
    instead: "`date_add('day', 1, date)`",
  },
  {
    construct:
      '`date = varchar`, `integer = varchar` and other kinds that do not meet, also in IN, BETWEEN, CASE, coalesce, UNION, USING',
    how: 'refused',
    because: 'Athena reports TYPE_MISMATCH, DuckDB casts by itself.',
    instead: "`DATE '2024-07-05'`, `CAST(x AS type)`, or a parameter of the right type",
  },
  {
    construct: '`CAST(varchar AS integer, bigint, decimal, double, date, timestamp, boolean)`',
    how: 'equal',
    because:
      "Only texts that both take; `' 1'`, `'1.5'` as a whole number, `'2024/01/02'` and `'yes'` fail. Stricter than Athena in rare forms of dates and exponents.",
  },
  {
    construct: '`CAST(double AS integer)`',
    how: 'equal',
    because: 'Half away from zero, where DuckDB alone would round half to even.',
  },
  {
    construct: '`CAST(double AS varchar)`, `CAST(double AS decimal)`',
    how: 'refused',
    because: '`1.0E0` in Athena and `1.0` in DuckDB; other rounding.',
  },
  { construct: '`CAST(timestamp AS varchar)`', how: 'equal', because: 'Always three digits of milliseconds.' },
  {
    construct: 'A timestamp with more than three digits after the second',
    how: 'refused',
    because: 'Athena cuts it to milliseconds.',
  },
  {
    construct: '`char(n)`, `varchar(n)` in a cast',
    how: 'refused',
    because: 'DuckDB ignores the length.',
    instead: '`substr(x, 1, n)`',
  },
  { construct: '`a[i]`', how: 'equal', because: 'An error out of bounds; `element_at` gives NULL.' },
  { construct: '`x || y`, `LIKE`, `NOT LIKE`, `ESCAPE`', how: 'equal', because: 'For texts only.' },
  {
    construct: '`ILIKE`, `SIMILAR TO`, `~`, `GLOB`',
    how: 'refused',
    because: 'Athena has none.',
    instead: 'A folded column, `lower(x) LIKE ...`, `regexp_like`',
  },
  {
    construct: 'A name given in SELECT used in WHERE, GROUP BY, HAVING or beside itself',
    how: 'refused',
    because: 'Athena does not know it there yet.',
    instead: 'Repeat the expression, or WITH',
  },
  {
    construct: 'ORDER BY a name given in SELECT, a number, or an expression',
    how: 'equal',
    because: 'A name that could be the column or the name given is refused inside an expression.',
  },
  { construct: 'An expression without a name', how: 'equal', because: 'Called `_col0`, `_col1` by its place.' },
  { construct: 'NULLs when sorting', how: 'equal', because: 'Last, up and down.' },
  { construct: '`OFFSET ? LIMIT ?`', how: 'equal', because: 'In this order; LIMIT before OFFSET is no SQL to Athena.' },
  {
    construct: 'WITH, subqueries, EXISTS, IN, UNION, INTERSECT, EXCEPT, GROUPING SETS, FILTER, windows over ROWS',
    how: 'equal',
    because: 'Both do the same.',
  },
  {
    construct: 'A subquery that names columns from outside and has ORDER BY, LIMIT, UNION or windows; LATERAL',
    how: 'refused',
    because: 'Athena takes few of them.',
    instead: 'A join, or a window in WITH',
  },
  {
    construct: 'WITH RECURSIVE, TABLESAMPLE, PIVOT, NATURAL, SEMI, ANTI, ASOF and POSITIONAL joins',
    how: 'refused',
    because: 'Not in Athena, or not the same in both.',
  },
  {
    construct:
      'GROUP BY ALL, ORDER BY ALL, QUALIFY, DISTINCT ON, EXCLUDE, REPLACE, COLUMNS, UNION BY NAME, LIMIT in percent, `x::type`, `==`, lists and structs in brackets, lambdas, `x.method()`',
    how: 'refused',
    because: 'Only DuckDB has them.',
  },
  {
    construct: '`*` of a partitioned table',
    how: 'refused',
    because: 'Athena gives partition columns last.',
    instead: 'Name the columns',
  },
  {
    construct: '`row_number()`, `lag()` and the like without ORDER BY; `array_agg` without ORDER BY',
    how: 'refused',
    because: 'Another answer each time.',
  },
  {
    construct: '`schema.table`, files, URLs, table functions other than UNNEST, any statement other than one SELECT',
    how: 'refused',
    because: 'A query sees the tables of its application and nothing else.',
  },
]
