import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { BoundValue, QueryEngine } from '../src/engine/port.ts'
import { makeArchive, policies, run, statement, type TestArchive, text } from './engine-archive.ts'

let archive: TestArchive
let engine: QueryEngine

beforeAll(async () => {
  archive = await makeArchive({
    pas: {
      policies,
      samples: {
        domain: 'samples',
        columns: {
          id: 'integer',
          whole: 'integer',
          big: 'bigint',
          amount: 'decimal(12,2)',
          rate: 'double',
          day: 'date',
          moment: 'timestamp',
          word: 'varchar',
        },
        objects: [
          {
            select: `SELECT * FROM (VALUES
              (1, 7, 9007199254740993::BIGINT, 10.00::DECIMAL(12,2), 2.5::DOUBLE, DATE '2024-01-31', TIMESTAMP_MS '2024-01-31 13:45:00.120', 'a,b,c'),
              (2, 0, 2::BIGINT, 3.00::DECIMAL(12,2), -2.5::DOUBLE, DATE '2024-02-01', TIMESTAMP_MS '2024-02-01 00:00:00', 'Straße'),
              (3, NULL, NULL, 0.05::DECIMAL(12,2), NULL, NULL, NULL, NULL)
            ) t(id, whole, big, amount, rate, day, moment, word)`,
          },
        ],
      },
    },
  })
  engine = await archive.engine()
})

afterAll(async () => {
  await engine.close()
  await archive.close()
})

const one = (expression: string, id = 1) => `SELECT ${expression} AS x FROM samples WHERE id = ${id}`

async function value(expression: string, id = 1, values: BoundValue[] = []) {
  const { execution, rows } = await run(engine, one(expression, id), values)
  return execution.state === 'SUCCEEDED' ? rows[0]?.[0] : `${execution.state}: ${execution.error?.message}`
}

const typeOf = async (expression: string) => (await engine.prepare(statement(one(expression))))[0]?.type
const refusal = (expression: string) =>
  engine.prepare(statement(one(expression))).then(
    (columns) => `accepted as ${columns[0]?.type}`,
    (error: Error) => error.message,
  )

describe('answers as Athena does', () => {
  const equal: [difference: string, expression: string, expected: string | null, row?: number][] = [
    ['7/2 is a whole number', 'whole / 2', '3'],
    ['-7/2 goes towards zero', '-whole / 2', '-3'],
    ['7 % 2 keeps the sign of the dividend', '-whole % 4', '-3'],
    ['1e0/0 is Infinity', '1e0 / 0', 'Infinity'],
    ['decimal / decimal keeps the scale', 'amount / CAST(3 AS decimal(12,2))', '3.33'],
    ['decimal / decimal rounds half away from zero', '-amount / 16', '-0.63'],
    ['decimal / decimal of a small dividend', 'amount / 2', '0.03', 3],
    ['decimal / whole', 'amount / whole', '1.43'],
    ['a double 2.5 becomes 3', 'CAST(rate AS integer)', '3'],
    ['a double -2.5 becomes -3', 'CAST(rate AS bigint)', '-3', 2],
    ['a decimal 2.5 becomes 3', 'CAST(CAST(2.5 AS decimal(3,1)) AS integer)', '3'],
    ['date_diff counts complete months', "date_diff('month', day, DATE '2024-02-01')", '0'],
    ['date_diff counts complete years of a leap day', "date_diff('year', DATE '2020-02-29', DATE '2021-02-28')", '1'],
    ['date_diff back in time is negative', "date_diff('day', DATE '2024-02-01', day)", '-1'],
    ['date + interval is a date', "day + INTERVAL '1' MONTH", '2024-02-29'],
    ['date_trunc of a date is a date', "date_trunc('month', day)", '2024-01-01'],
    ['date_trunc of a timestamp is a timestamp', "date_trunc('hour', moment)", '2024-01-31 13:00:00.000'],
    ['date_add of days', "date_add('day', 1, day)", '2024-02-01'],
    ['date_add of a computed number', "date_add('month', whole, day)", '2024-08-31'],
    ['date_add of weeks back', "date_add('week', -1, day)", '2024-01-24'],
    ['date_add of hours to a timestamp', "date_add('hour', 1, moment)", '2024-01-31 14:45:00.120'],
    ['concat with NULL is NULL', "concat('x', CAST(NULL AS varchar))", null],
    ['greatest with NULL is NULL', 'greatest(1, CAST(NULL AS integer))', null],
    ['least with NULL is NULL', 'least(whole, 1, CAST(NULL AS integer))', null],
    ['greatest without NULL', 'greatest(1, whole, 3)', '7'],
    ['split_part inside', "split_part(word, ',', 2)", 'b'],
    ['split_part past the end is NULL', "split_part(word, ',', 9)", null],
    ['regexp_extract without a match is NULL', "regexp_extract(word, '[0-9]+')", null],
    ['regexp_extract with a match', "regexp_extract(word, '[a-c],([a-c])', 1)", 'b'],
    ['regexp_replace replaces all, groups as $1', "regexp_replace(word, '([a-c]),', '<$1>')", '<a><b>c'],
    ['regexp_like looks anywhere', "regexp_like(word, '^a.*c$')", 'true'],
    ['element_at past the end is NULL', "element_at(split(word, ','), 99)", null],
    ['element_at from the end', "element_at(split(word, ','), -1)", 'c'],
    ['a subscript inside', "split(word, ',')[2]", 'b'],
    ["upper('ß') is ß", 'upper(word)', 'STRAßE', 2],
    ['a timestamp as varchar has three digits', 'CAST(moment AS varchar)', '2024-01-31 13:45:00.120'],
    ['a whole second as varchar has them too', 'CAST(moment AS varchar)', '2024-02-01 00:00:00.000', 2],
    ['a decimal as varchar keeps its scale', 'CAST(amount AS varchar)', '10.00'],
    ['substr from 0 is empty', 'substr(word, 0)', ''],
    ['substr from the end', 'substr(word, -3, 2)', 'b,'],
    ['substr before the beginning is empty', 'substr(word, -9)', ''],
    ['substr with a length of 0 is empty', 'substr(word, whole - 6, 0)', ''],
    ['trim removes tabs and line breaks', "trim(concat(chr(9), ' x', chr(10)))", 'x'],
    ['trim leaves a non-breaking space', "length(trim(concat(chr(160), 'x')))", '2'],
    ['trim of given characters', "trim(BOTH 'a' FROM word)", ',b,c'],
    ['reverse goes by code points', "reverse(concat('e', chr(769), 'x'))", 'x\u0301e'],
    ['strpos counts code points', "strpos(word, 'e')", '6', 2],
    ['length counts code points', 'length(word)', '6', 2],
    ['day_of_week of a Wednesday is 3', 'day_of_week(day)', '3'],
    ['extract(dow) is ISO too', "extract(dow FROM DATE '2024-02-04')", '7'],
    ['week by ISO 8601', "week(DATE '2021-01-03')", '53'],
    ['millisecond is without the seconds', 'millisecond(moment)', '120'],
    ['date_format translates its pattern', "date_format(moment, '%d.%m.%Y %H:%i:%s')", '31.01.2024 13:45:00'],
    ['date_parse translates its pattern', "date_parse('05.07.2024', '%d.%m.%Y')", '2024-07-05 00:00:00.000'],
    ['from_iso8601_date', "from_iso8601_date('2024-07-05')", '2024-07-05'],
    ['last_day_of_month', 'last_day_of_month(day)', '2024-02-29', 2],
    ['to_unixtime', "to_unixtime(TIMESTAMP '1970-01-02 00:00:00.500')", '86400.5'],
    ['round of a decimal keeps its scale', 'round(CAST(1.255 AS decimal(6,3)), 2)', '1.260'],
    ['round of a decimal', 'round(amount / 16)', '1'],
    ['floor of a decimal', 'floor(-amount / 16)', '-1'],
    ['coalesce of kinds that meet', 'coalesce(whole, amount)', '0.05', 3],
    ['a CASE without ELSE is NULL', "CASE WHEN whole > 100 THEN 'x' END", null],
    ['json_extract_scalar of a text', `json_extract_scalar('{"a":{"b":"x"}}', '$.a.b')`, 'x'],
    ['json_extract_scalar of an object is NULL', `json_extract_scalar('{"a":{"b":"x"}}', '$.a')`, null],
    ['json_extract_scalar of malformed JSON is NULL', "json_extract_scalar('{', '$.a')", null],
    ['a large bigint keeps its digits', 'big', '9007199254740993'],
    ['a large constant keeps its digits', '1234567890123456789', '1234567890123456789'],
    ['TRY_CAST of a wrong text is NULL', 'TRY_CAST(word AS date)', null],
    ['TRUE is a boolean', 'TRUE AND NOT FALSE', 'true'],
    ['doubles are written as Java does', '1e7', '1.0E7'],
  ]
  it.each(equal)('%s', async (_, expression, expected, row) => {
    expect(await value(expression, row)).toBe(expected)
  })

  it.each([
    ['sum(int)', 'sum(whole)', 'bigint'],
    ['sum(bigint)', 'sum(big)', 'bigint'],
    ['sum(decimal(12,2))', 'sum(amount)', 'decimal(38,2)'],
    ['avg(int)', 'avg(whole)', 'double'],
    ['avg(decimal)', 'avg(amount)', 'decimal(12,2)'],
    ['count_if', 'count_if(whole > 1)', 'bigint'],
    ['decimal * decimal', 'max(amount * amount)', 'decimal(24,4)'],
    ['decimal + decimal', 'max(amount + amount)', 'decimal(13,2)'],
    ['decimal / decimal', 'max(amount / amount)', 'decimal(14,2)'],
    ['decimal + integer', 'max(amount + whole)', 'decimal(13,2)'],
    ['date_add on a date', "max(date_add('day', 1, day))", 'date'],
    ['date + interval', "max(day + INTERVAL '1' DAY)", 'date'],
    ['NULL beside a date', 'max(CASE WHEN id = 1 THEN NULL ELSE day END)', 'date'],
  ])('the type of %s', async (_, expression, expected) => {
    expect(await typeOf(expression)).toBe(expected)
  })

  it('averages decimals half away from zero', async () => {
    const { rows } = await run(engine, 'SELECT avg(amount) AS a, sum(whole) AS s FROM samples')
    expect(rows).toEqual([['4.35', '7']])
  })

  it('orders NULLs last, up and down', async () => {
    for (const direction of ['ASC', 'DESC']) {
      const { rows } = await run(engine, `SELECT id FROM samples ORDER BY whole ${direction}`)
      expect(rows.at(-1)).toEqual(['3'])
    }
  })

  it('names an expression without a name _colN', async () => {
    const columns = await engine.prepare(statement('SELECT id, id + 1, lower(word) AS word FROM samples'))
    expect(columns.map((column) => column.name)).toEqual(['id', '_col1', 'word'])
  })

  it('binds OFFSET before LIMIT in the order they are written', async () => {
    const { rows } = await run(engine, 'SELECT id FROM samples ORDER BY id OFFSET ? LIMIT ?', [
      { type: 'bigint', value: '1' },
      { type: 'bigint', value: '1' },
    ])
    expect(rows).toEqual([['2']])
  })

  it('takes a name of FROM before a name of the SELECT in WHERE', async () => {
    const { rows } = await run(engine, 'SELECT id + 10 AS whole FROM samples WHERE whole = 7')
    expect(rows).toEqual([['11']])
  })

  it('compares codes without blanks at the end as they are', async () => {
    expect(await value("CASE WHEN word = ? THEN 'same' ELSE 'other' END", 1, [text('a,b,c ')])).toBe('other')
  })
})

describe('fails as Athena does', () => {
  it.each([
    ['1/0', '1 / (whole - whole)', /Division by zero/],
    ['mod(x, 0)', 'mod(1, whole - whole)', /Division by zero/],
    ['decimal / 0', 'amount / CAST(0 AS decimal(3,1))', /Division by zero/],
    ['a[99]', "split(word, ',')[99]", /out of bounds/],
    ['element_at(a, 0)', "element_at(split(word, ','), 0)", /start at 1/],
    ['split_part below 1', "split_part(word, ',', 0)", /greater than zero/],
    ["CAST(' 1' AS integer)", "CAST(concat(' ', '1') AS integer)", /not a whole number/],
    ["CAST('1.5' AS integer)", "CAST(concat('1', '.5') AS integer)", /not a whole number/],
    ["CAST('2024/01/02' AS date)", "CAST(concat('2024', '/01/02') AS date)", /not a date/],
    ["CAST('yes' AS boolean)", "CAST(concat('ye', 's') AS boolean)", /not true or false/],
    ['an overflow of integer', '2147483647 + whole', /range of its type/],
    ['a whole sum beyond bigint', 'big * 9223372036854775807', /range of its type/],
  ])('%s', async (_, expression, message) => {
    expect(await value(expression)).toMatch(message)
  })
})

describe('refuses what cannot be made equal', () => {
  it.each([
    ['date = varchar', "day = '2024-01-31'", /does not compare date with varchar.*DATE '2024-07-05'/],
    ['int = varchar', "whole = '7'", /does not compare integer with varchar/],
    ['BETWEEN of kinds', "day BETWEEN '2024-01-01' AND DATE '2024-02-01'", /does not compare date with varchar/],
    ['IN of kinds', "word IN ('a', 1)", /does not compare varchar with integer/],
    ['date - date', "day - DATE '2024-01-01'", /date_diff\('day'/],
    ['date + 1', 'day + 1', /date_add\('day'/],
    ['hours to a date', "day + INTERVAL '1' HOUR", /cannot be added to a date/],
    [
      'a timestamp finer than milliseconds',
      "TIMESTAMP '2024-01-01 00:00:00.123456'",
      /cuts a timestamp to milliseconds/,
    ],
    ['char(5)', 'CAST(word AS char(5))', /no type of the archive/],
    ['varchar(3)', 'CAST(word AS varchar(3))', /ignores the length/],
    ['a double as varchar', 'CAST(rate AS varchar)', /1\.0E0/],
    ['a double as decimal', 'CAST(rate AS decimal(5,2))', /rounds differently/],
    ['ILIKE', "word ILIKE 'A%'", /no ILIKE/],
    ['a regular expression read differently', "regexp_like(word, '\\d+')", /escape of a letter/],
    ['a look-ahead', "regexp_like(word, '(?=a)')", /begins with \?/],
    ['approx_distinct', 'approx_distinct(word)', /count\(DISTINCT x\)/],
    ['listagg', "listagg(word, ',')", /array_join\(array_agg/],
    ['current_date', 'current_date', /cannot be run again/],
    ['now()', 'now()', /cannot be run again/],
    ['random()', 'random()', /another one each time/],
    ['transform with a lambda', "transform(split(word, ','), x -> upper(x))", /Lambda|transform is not allowed/],
    ['a method call', 'word.lower()', /called by its name alone/],
    ['a struct', "{'a': 1}", /no function struct_pack/],
    ['a list in brackets', '[1, 2]', /no function list_value/],
    ['concat of a number', 'concat(word, whole)', /takes a varchar here, and this is integer/],
    ['|| of a number', 'word || whole', /\|\| joins texts/],
    ['lower of a number', 'lower(whole)', /takes a varchar/],
    ['CASE of kinds', "CASE WHEN TRUE THEN 1 ELSE 'x' END", /values of one kind/],
    ['coalesce of kinds', "coalesce(whole, 'x')", /values of one kind/],
    ['greatest of kinds', "greatest(1, 'x')", /one kind only/],
    ['a number as a condition', 'CASE WHEN whole THEN 1 END', /this is integer/],
    ['an interval as a result', "INTERVAL '1' DAY", /cannot hold/],
    ['an array as a result', "split(word, ',')", /cannot hold/],
    ['x::date', "'2024-01-01'::date", /no ::/],
    ['array_agg without order', 'array_join(array_agg(word), 1)', /another order each time/],
    ['an aggregate in an aggregate', 'sum(count(*))', /inside another/],
    ['lag without ORDER BY', 'lag(id) OVER ()', /another answer each time/],
    ['a wrong date', "DATE '2024-13-01'", /is not a date/],
    ['a misspelt function', 'lowr(word)', /Did you mean lower/],
    ['a misspelt column', 'wrod', /Did you mean word/],
    ['a very large constant', '123456789012345678901234567890', /too large/],
    ['uuid()', 'uuid()', /another one each time/],
    ['typeof', 'typeof(word)', /answers differently/],
    ['IS NOT DISTINCT of kinds', "whole IS DISTINCT FROM 'x'", /does not compare/],
  ])('%s', async (_, expression, message) => {
    expect(await refusal(expression)).toMatch(message)
  })

  it.each([
    ['GROUP BY ALL', 'SELECT id, count(*) AS n FROM samples GROUP BY ALL', /no GROUP BY ALL/],
    ['ORDER BY ALL', 'SELECT id FROM samples ORDER BY ALL', /no ORDER BY ALL/],
    ['an alias in WHERE', 'SELECT id AS number FROM samples WHERE number = 1', /name given in this SELECT/],
    [
      'an alias in GROUP BY',
      'SELECT lower(word) AS w, count(*) AS n FROM samples GROUP BY w',
      /name given in this SELECT/,
    ],
    [
      'an alias in HAVING',
      'SELECT word, count(*) AS n FROM samples GROUP BY word HAVING n > 1',
      /name given in this SELECT/,
    ],
    ['an alias beside its expression', 'SELECT id AS a, a + 1 AS b FROM samples', /name given in this SELECT/],
    ['QUALIFY', 'SELECT id FROM samples QUALIFY row_number() OVER (ORDER BY id) = 1', /no QUALIFY/],
    ['DISTINCT ON', 'SELECT DISTINCT ON (word) id FROM samples', /no DISTINCT ON/],
    ['EXCLUDE', 'SELECT * EXCLUDE (id) FROM samples', /no EXCLUDE/],
    ['COLUMNS', "SELECT COLUMNS('.*') FROM samples", /no EXCLUDE, REPLACE, RENAME or COLUMNS/],
    ['a semi join', 'SELECT id FROM samples SEMI JOIN policies ON id = units', /no semi join/],
    ['an ASOF join', 'SELECT id FROM samples s ASOF JOIN policies p ON s.id >= p.units', /no asof join/],
    ['a natural join', 'SELECT id FROM samples NATURAL JOIN policies', /no natural join/],
    ['UNION BY NAME', 'SELECT id FROM samples UNION BY NAME SELECT units FROM policies', /no UNION BY NAME/],
    ['UNION of kinds', 'SELECT id FROM samples UNION ALL SELECT note FROM policies', /integer on one side and varchar/],
    ['LIMIT in percent', 'SELECT id FROM samples LIMIT 10%', /percent/],
    ['TABLESAMPLE', 'SELECT id FROM samples TABLESAMPLE 10%', /another answer each time/],
    [
      'WITH RECURSIVE',
      'WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r) SELECT n FROM r',
      /RECURSIVE/,
    ],
    [
      'a correlated subquery with LIMIT',
      'SELECT id FROM samples s WHERE id = (SELECT units FROM policies p WHERE p.units = s.id LIMIT 1)',
      /does not take a subquery/,
    ],
    [
      'a lateral subquery',
      'SELECT s.id FROM samples s, LATERAL (SELECT s.id + 1 AS n) x',
      /Nothing in FROM is called "s"/,
    ],
    ['a window in WHERE', 'SELECT id FROM samples WHERE row_number() OVER (ORDER BY id) = 1', /cannot stand here/],
    ['an aggregate in WHERE', 'SELECT id FROM samples WHERE count(*) > 1', /cannot stand here/],
    [
      'a doubtful name in ORDER BY',
      'SELECT -id AS whole FROM samples ORDER BY whole + 1',
      /could be the column or the name/,
    ],
    ['an ambiguous column', 'SELECT id FROM samples a JOIN samples b ON a.id = b.id', /could be of a or b/],
    ['$1 for a parameter', 'SELECT id FROM samples WHERE id = $1', /written as \?/],
    ['a row of values compared', 'SELECT id FROM samples WHERE (id, whole) IN ((1, 7))', /no function row/],
  ])('%s', async (_, sql, message) => {
    const told = await engine.prepare(statement(sql)).then(
      () => 'accepted',
      (error: Error) => error.message,
    )
    expect(told).toMatch(message)
  })

  it('names line and column, and what was probably meant', async () => {
    const sql = 'SELECT id,\n       policy_nmber\nFROM policies'
    await expect(engine.prepare(statement('SELECT units,\n  policy_nmber\nFROM policies'))).rejects.toMatchObject({
      name: 'TemplateError',
      message: 'line 2, column 3: There is no column "policy_nmber". Did you mean policy_number?',
      detail: { line: 2, column: 3 },
    })
    await expect(engine.prepare(statement(sql))).rejects.toThrow('line 1, column 8')
  })
})
