import { DuckDBInstance } from '@duckdb/node-api'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { translate } from '../../src/engine/dialect/translate.ts'

let instance: DuckDBInstance
beforeAll(async () => {
  instance = await DuckDBInstance.create(':memory:')
})
afterAll(() => instance.closeSync())

const columns = (...names: string[]) =>
  names.map((name) => ({ name, type: name === 'k' || name === 'j' ? 'integer' : 'varchar' }))
const tables = [
  { name: 't', columns: columns('k', 'a', 'b', 'c'), partitioned: false },
  { name: 'u', columns: columns('k', 'j', 'd', 'e'), partitioned: false },
]

/** For each column what it is made of, and what it is nothing but. */
async function lineage(sql: string): Promise<string[]> {
  const connection = await instance.connect()
  const made = await translate(connection, sql, { tables, parameters: ['varchar'] })
  connection.closeSync()
  expect(made.findings).toEqual([])
  return made.lineage.map(({ of, from }) => `${[...of].sort().join(' ')}${from === undefined ? '' : ` = ${from}`}`)
}

it.each<[string, string, string[]]>([
  ['a column', 'SELECT a, T.B FROM t', ['t.a = t.a', 't.b = t.b']],
  ['a column under another name', 'SELECT x.a AS z FROM t AS x', ['t.a = t.a']],
  ['columns named anew', 'SELECT p, r FROM t AS x(o, p, q, r)', ['t.a = t.a', 't.c = t.c']],
  ['everything', 'SELECT * FROM t', ['t.k = t.k', 't.a = t.a', 't.b = t.b', 't.c = t.c']],
  [
    'one side',
    'SELECT u.*, 1 AS x FROM t JOIN u ON t.k = u.k',
    ['u.k = u.k', 'u.j = u.j', 'u.d = u.d', 'u.e = u.e', ''],
  ],
  ['what is written out', "SELECT 'x' AS x, ? AS y, NULL AS z, DATE '2020-01-01' AS d FROM t", ['', '', '', '']],
  ['a count of rows', 'SELECT count(*) AS n, count(a) AS m FROM t', ['', 't.a']],
  ['a filtered count', "SELECT count(*) FILTER (WHERE b = 'x') AS n FROM t", ['t.b']],
  ['an aggregate and its order', "SELECT array_join(array_agg(a ORDER BY c), ',') AS x FROM t", ['t.a t.c']],
  ['all of a CASE', "SELECT CASE WHEN a = 'x' THEN b WHEN k > 1 THEN 'y' ELSE c END AS x FROM t", ['t.a t.b t.c t.k']],
  ['a CASE of a value', "SELECT CASE a WHEN 'x' THEN 'y' END AS x FROM t", ['t.a']],
  [
    'functions',
    "SELECT coalesce(a, upper(b)) AS x, nullif(a, c) AS y, a || '' AS z, +k AS p FROM t",
    ['t.a t.b', 't.a t.c', 't.a', 't.k'],
  ],
  [
    'conditions',
    'SELECT a IS NULL AS x, b IN (a, c) AS y, k BETWEEN 1 AND 2 AS z, NOT a LIKE b AS v FROM t',
    ['t.a', 't.a t.b t.c', 't.k', 't.a t.b'],
  ],
  ['a cast', 'SELECT CAST(k AS varchar) AS x, try_cast(a AS integer) AS y FROM t', ['t.k', 't.a']],
  [
    'a window',
    'SELECT sum(k) OVER (PARTITION BY a ORDER BY b) AS x, lag(a, 1, c) OVER (ORDER BY k) AS y FROM t',
    ['t.a t.b t.k', 't.a t.c t.k'],
  ],
  ['a named window', 'SELECT rank() OVER w AS x FROM t WINDOW w AS (PARTITION BY a ORDER BY c)', ['t.a t.c']],
  ['WITH', 'WITH x AS (SELECT a, upper(b) AS b FROM t) SELECT y.a, y.b FROM x AS y', ['t.a = t.a', 't.b']],
  ['WITH that names columns', 'WITH x(p, q) AS (SELECT a, b FROM t) SELECT q, p FROM x', ['t.b = t.b', 't.a = t.a']],
  ['WITH over WITH', 'WITH x AS (SELECT a AS o FROM t), t AS (SELECT o AS a FROM x) SELECT a FROM t', ['t.a = t.a']],
  ['a subquery in FROM', 'SELECT x.p FROM (SELECT a || b AS p, c FROM t) AS x', ['t.a t.b']],
  ['UNION of the same', 'SELECT a, k FROM t UNION ALL SELECT a, k FROM t', ['t.a = t.a', 't.k = t.k']],
  ['UNION of different', 'SELECT a, 1 AS n FROM t UNION SELECT d, j FROM u', ['t.a u.d', 'u.j']],
  [
    'a scalar subquery with what it filters by',
    'SELECT (SELECT max(d) FROM u WHERE u.k = t.k) AS x FROM t',
    ['t.k u.d u.k'],
  ],
  ['EXISTS', 'SELECT EXISTS (SELECT 1 FROM u WHERE u.e = t.a) AS x, k FROM t', ['t.a u.e', 't.k = t.k']],
  ['IN of a query', 'SELECT a IN (SELECT d FROM u WHERE j > 1) AS x FROM t', ['t.a u.d u.j']],
  ['a subquery over WITH', 'WITH x AS (SELECT e AS f, k FROM u) SELECT (SELECT max(f) FROM x) AS m FROM t', ['u.e']],
  ['UNNEST', 'SELECT p.x FROM t CROSS JOIN UNNEST(split(a, b[1:1])) AS p(x)'.replace('b[1:1]', "','"), ['t.a']],
  [
    'UNNEST with its numbers',
    "SELECT p.x, p.n FROM t CROSS JOIN UNNEST(split(a, ',')) WITH ORDINALITY AS p(x, n)",
    ['t.a', 't.a'],
  ],
  ['VALUES', "SELECT v.x, t.a FROM t CROSS JOIN (VALUES ('p')) AS v(x)", ['', 't.a = t.a']],
  [
    'a LEFT JOIN, which its condition can leave empty',
    'SELECT t.a, u.d FROM t LEFT JOIN u ON t.k = u.k AND u.e = t.b',
    ['t.a = t.a', 't.b t.k u.d u.e u.k = u.d'],
  ],
  ['a RIGHT JOIN', 'SELECT t.a, u.d FROM t RIGHT JOIN u ON t.b = u.e', ['t.a t.b u.e = t.a', 'u.d = u.d']],
  ['a FULL JOIN', 'SELECT t.a, u.d FROM t FULL JOIN u ON t.k = u.k', ['t.a t.k u.k = t.a', 't.k u.d u.k = u.d']],
  ['USING', 'SELECT k, a, d FROM t LEFT JOIN u USING (k)', ['t.k u.k', 't.a = t.a', 't.k u.d u.k = u.d']],
  [
    'grouping',
    'SELECT a, grouping(a) AS g, count(*) AS n FROM t GROUP BY GROUPING SETS ((a), ())',
    ['t.a = t.a', 't.a', ''],
  ],
  [
    'nothing that only filters, groups, sorts or cuts',
    "SELECT a FROM t WHERE b = 'x' GROUP BY a, c HAVING max(k) > 1 ORDER BY c LIMIT 3",
    ['t.a = t.a'],
  ],
])('the lineage of %s', async (_, sql, expected) => {
  expect(await lineage(sql)).toEqual(expected)
})
