import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { run, type TestArchive, text } from '../engine-archive.ts'
import { type Engine, errorOf, household, mask, restricted, see } from './household.ts'

let archive: TestArchive
let engine: Engine

beforeAll(async () => {
  archive = await household()
  engine = await archive.engine({ catalogAge: 60_000 })
})
afterAll(async () => {
  await engine.close()
  await archive.close()
})

const hidden = restricted({ masks: ['parties.name', 'parties.born', 'parties.worth'].map((name) => mask(name)) })

describe('a masked column', () => {
  it('has no value, in its own type, and is said to be masked', async () => {
    const { rows, columns } = await see(
      engine,
      "SELECT party, name, born, worth FROM parties WHERE party = 'p1'",
      hidden,
    )
    expect(rows).toEqual([['p1', null, null, null]])
    expect(columns).toEqual([
      { name: 'party', type: 'varchar', from: 'parties.party' },
      { name: 'name', type: 'varchar', from: 'parties.name', masked: 'hidden' },
      { name: 'born', type: 'date', from: 'parties.born', masked: 'hidden' },
      { name: 'worth', type: 'integer', from: 'parties.worth', masked: 'hidden' },
    ])
  })

  it('that is partly masked shows its end, and nothing of what is no longer than that', async () => {
    const partly = restricted({ masks: [mask('parties.iban', 'partial')] })
    const { rows, columns } = await see(engine, 'SELECT iban FROM parties ORDER BY party', partly)
    expect(rows.map(([iban]) => iban)).toEqual(
      [1000, 1001, 1002, 1003, 1004, null, null, 1007, 1008, 1009].map((end) => end && `•••• ${end}`),
    )
    expect(columns).toEqual([{ name: 'iban', type: 'varchar', from: 'parties.iban', masked: 'partial' }])
    const both = restricted({ masks: [mask('parties.iban', 'partial'), mask('parties.iban')] })
    expect((await see(engine, 'SELECT max(iban) AS m FROM parties', both)).rows).toEqual([[null]])
  })

  it('is hidden where the model says nothing of a part of it', async () => {
    const partly = restricted({ masks: [mask('parties.name', 'partial')] })
    expect((await see(engine, 'SELECT count(name) AS n FROM parties', partly)).rows).toEqual([['0']])
  })

  it('is masked when a statement is prepared, too', async () => {
    const sql = 'SELECT upper(name) AS n, party FROM parties'
    expect(await engine.prepare({ application: 'pas', sql, values: [], restrictions: hidden })).toEqual([
      { name: 'n', type: 'varchar', masked: 'hidden' },
      { name: 'party', type: 'varchar', from: 'parties.party' },
    ])
  })
})

describe('an attacker who guesses a masked value', () => {
  it.each([
    ['filters by it', 'name', "SELECT party FROM parties WHERE name = 'Name 1'"],
    ['filters by a part of it', 'name', "SELECT party FROM parties WHERE name LIKE 'N%'"],
    ['filters by what it is not', 'name', "SELECT party FROM parties WHERE name <> 'Name 1' OR NOT name LIKE 'X%'"],
    ['asks for its length', 'name', 'SELECT party FROM parties WHERE length(name) > 0'],
    ['looks for those that have none', 'name', 'SELECT count(*) AS n FROM parties WHERE name IS NULL'],
    [
      'filters by a range',
      'born',
      "SELECT party FROM parties WHERE born BETWEEN DATE '1900-01-01' AND DATE '2100-01-01'",
    ],
    ['groups by it', 'name', 'SELECT count(*) AS n FROM parties GROUP BY name'],
    ['groups by its number', 'name', 'SELECT upper(name) AS u, count(*) AS n FROM parties GROUP BY 1'],
    ['keeps groups by it', 'worth', 'SELECT staff, count(*) AS n FROM parties GROUP BY staff HAVING max(worth) > 3'],
    ['joins by it', 'name', 'SELECT a.party FROM parties a JOIN parties b ON a.name = b.name'],
    ['joins by it, and by nothing else', 'name', 'SELECT a.party FROM parties a JOIN parties b USING (name)'],
    [
      'joins by it with a value',
      'name',
      "SELECT p.party FROM parties p JOIN (VALUES ('Name 1')) AS v(x) ON p.name = v.x",
    ],
    ['joins what fits to everything', 'name', 'SELECT p.party FROM codes c LEFT JOIN parties p ON p.name = c.word'],
    [
      'tells it by CASE',
      'name',
      "SELECT DISTINCT CASE WHEN name = 'Name 1' THEN 'yes' ELSE 'no' END AS x FROM parties",
    ],
    ['compares it in UNION', 'name', 'SELECT name FROM parties UNION SELECT word FROM codes'],
    ['compares it in EXCEPT', 'name', 'SELECT word FROM codes EXCEPT ALL SELECT name FROM parties'],
    ['counts some', 'worth', 'SELECT count(*) FILTER (WHERE worth > 3) AS n FROM parties'],
    [
      'ranks by it',
      'worth',
      'SELECT count(*) AS n FROM (SELECT rank() OVER (ORDER BY worth) AS r FROM parties) AS x WHERE r = 1',
    ],
    [
      'takes the first of each',
      'worth',
      `WITH x AS (SELECT party, row_number() OVER (PARTITION BY staff ORDER BY worth DESC) AS nth FROM parties)
       SELECT party FROM x WHERE nth = 1`,
    ],
    ['takes the first', 'worth', 'SELECT party FROM parties ORDER BY worth DESC LIMIT 1'],
    ['takes the first by its number', 'worth', 'SELECT worth + 1, party FROM parties ORDER BY 1 OFFSET 3 LIMIT 1'],
    ['takes the first by another name', 'worth', 'SELECT party, 2 * worth AS w FROM parties ORDER BY w LIMIT 1'],
    [
      'takes the first inside',
      'worth',
      'SELECT count(*) AS n FROM (SELECT party FROM parties ORDER BY worth LIMIT 3) AS x',
    ],
    [
      'takes the first of what was ordered',
      'worth',
      'SELECT party FROM (SELECT party FROM parties ORDER BY worth) AS x LIMIT 1',
    ],
    [
      'takes the first of both',
      'worth',
      'SELECT party, worth FROM parties UNION ALL SELECT party, worth FROM parties ORDER BY worth LIMIT 1',
    ],
    ['takes it apart', 'name', "SELECT party FROM parties CROSS JOIN UNNEST(split(name, ' ')) AS w(word)"],
    ['looks it up in a list', 'name', "SELECT party FROM parties WHERE name IN ('Name 1', 'Name 2')"],
    ['renames it', 'name', "SELECT q.a FROM parties AS q(a, b, c, d, e, f) WHERE q.b = 'Name 1'"],
    [
      'hides it in WITH',
      'name',
      "WITH x AS (SELECT name AS n, party FROM parties) SELECT party FROM x WHERE n = 'Name 1'",
    ],
    ['asks in a subquery', 'name', "SELECT code FROM codes WHERE EXISTS (SELECT 1 FROM parties WHERE name = 'Name 1')"],
    ['asks for a value', 'name', "SELECT (SELECT max(party) FROM parties WHERE name = 'Name 1') AS x FROM codes"],
  ])('%s, and nothing is run, masked in part or whole', async (_, column, sql) => {
    expect((await see(engine, sql)).count).toBeGreaterThan(0)
    for (const kind of ['hidden', 'partial'] as const) {
      const restrictions = restricted({ masks: [mask(`parties.${column}`, kind), mask('contracts.text')] })
      const { execution } = await run(engine, sql, [], { restrictions })
      expect(execution.error).toMatchObject({ kind: 'masked', columns: [`parties.${column}`], retryable: false })
      expect(execution.state).toBe('FAILED')
    }
    const another = restricted({ masks: [mask('parties.iban')] })
    expect((await see(engine, sql, another)).rows).toEqual((await see(engine, sql)).rows)
  })

  it('exports what is chosen by it, and gets no file', async () => {
    const sql = "SELECT party FROM parties WHERE name = 'Name 1'"
    const folder = await mkdtemp(join(tmpdir(), 'muniment-masked-'))
    try {
      const id = await engine.unload(
        { application: 'pas', sql, values: [], restrictions: hidden },
        { folder, format: 'csv', columns: [{ name: 'party', heading: 'Party' }] },
        { token: 'masked'.padEnd(32, '-'), lane: 'export', person: 'p', timeLimit: 20_000, rowLimit: 100 },
      )
      const { state, error } = await engine.wait(id, 20_000)
      expect([state, error?.kind, error?.columns]).toEqual(['FAILED', 'masked', ['parties.name']])
      expect(await readdir(folder)).toEqual([])
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  it.each([
    ['takes its least and greatest', 'SELECT min(born) AS a, max(worth) AS b FROM parties', [[null, null]]],
    ['counts its values', 'SELECT count(name) AS a, count(DISTINCT name) AS b FROM parties', [['0', '0']]],
    ['divides by it', 'SELECT count(6 / (worth + 1)) AS n FROM parties', [['0']]],
  ])('%s, and learns that it is masked', async (_, sql, rows) => {
    const seen = await see(engine, sql, hidden)
    expect(seen.rows).toEqual(rows)
    expect(seen.columns.every(({ masked }) => masked === 'hidden')).toBe(true)
    expect((await see(engine, sql)).rows).not.toEqual(rows)
  })

  it('sorts by it, and gets the order of the key', async () => {
    const sql = 'SELECT party FROM parties ORDER BY worth DESC, party'
    expect((await see(engine, sql, hidden)).rows.map(([party]) => party).join()).toBe('p0,p1,p2,p3,p4,p5,p6,p7,p8,p9')
  })

  it('runs what was prepared for somebody who sees it', async () => {
    const sql = 'SELECT name FROM parties WHERE party = ?'
    const open = restricted()
    for (let times = 0; times < 3; times++) {
      expect((await see(engine, sql, open, [text('p1')])).rows).toEqual([['Name 1']])
      expect((await see(engine, sql, undefined, [text('p1')])).rows).toEqual([['Name 1']])
      // The same id: only what the restrictions say counts.
      expect(hidden.id).toBe(open.id)
      expect((await see(engine, sql, hidden, [text('p1')])).rows).toEqual([[null]])
    }
  })

  it('sees no more because many others have looked in between', async () => {
    const sql = 'SELECT name, born FROM parties WHERE party = ?'
    const others = Array.from({ length: 60 }, (_, index) =>
      restricted({
        masks: [...'abcdef'].flatMap((_, bit) =>
          (index >> bit) & 1 ? [mask(`parties.${['name', 'born', 'iban', 'worth', 'staff', 'x'][bit]}`)] : [],
        ),
      }),
    )
    for (const round of [1, 2])
      for (const [index, other] of others.entries()) {
        const { rows } = await see(engine, sql, other, [text(`p${round}`)])
        expect(rows).toEqual([[index & 1 ? null : `Name ${round}`, index & 2 ? null : `1950-01-0${round + 1}`]])
      }
  })
})

describe('a table that was not granted', () => {
  const some = restricted({ tables: ['codes', 'parties'] })
  const everythingElse = 'contracts'

  it.each([[everythingElse], ['"contracts"'], ['CONTRACTS'], ['"Contracts"'], ['(SELECT * FROM contracts)']])(
    'is unknown as %s',
    async (name) => {
      const message = await errorOf(engine, `SELECT 1 AS x FROM ${name} AS t`, some)
      expect(message).toBe(
        await errorOf(engine, `SELECT 1 AS x FROM ${name.replace(/contracts/i, 'contrasts')} AS t`, some).then(
          (other) => other.replace('contrasts', 'contracts'),
        ),
      )
      expect(message).toContain('There is no table "contracts"')
      expect((await see(engine, `SELECT 1 AS x FROM ${name} AS t`)).count).toBe(10)
    },
  )

  it.each([
    'main.contracts',
    'everything.contracts',
    'memory.everything.contracts',
    '"everything"."contracts"',
    'hidden_keys.keys_1',
    'information_schema.tables',
    'information_schema.columns',
    'pg_catalog.pg_tables',
    'duckdb_tables()',
    'duckdb_views()',
    'duckdb_tables',
    'sqlite_master',
    'pragma_show(1)',
    '"everything.contracts"',
    "'everything.contracts'",
    'query_table(contracts)',
  ])('is not found by way of %s', async (name) => {
    await errorOf(engine, `SELECT 1 AS x FROM ${name}`, some)
    await errorOf(engine, `SELECT 1 AS x FROM ${name}`)
  })

  it('is not found in the schema of somebody who sees it, spelled out', async () => {
    const all = restricted()
    await see(engine, 'SELECT contract FROM contracts', all)
    const { createHash } = await import('node:crypto')
    const key = createHash('sha256')
      .update(JSON.stringify([false, all.tables, [], []]))
      .digest('hex')
      .slice(0, 32)
    for (const name of [
      `r_${key}.contracts`,
      `"r_${key}"."contracts"`,
      `memory.r_${key}.contracts`,
      `"r_${key}.contracts"`,
    ])
      expect(await errorOf(engine, `SELECT contract FROM ${name}`, some)).toMatch(/without schema|There is no table/)
  })

  it('is not found under the name of a WITH query, inside or outside of it', async () => {
    expect(
      (await see(engine, 'WITH contracts AS (SELECT code FROM codes) SELECT code FROM contracts', some)).rows,
    ).toEqual([['A']])
    await errorOf(engine, 'WITH contracts AS (SELECT * FROM contracts) SELECT 1 AS x FROM contracts', some)
    await errorOf(
      engine,
      'WITH a AS (SELECT * FROM contracts), contracts AS (SELECT code FROM codes) SELECT 1 AS x FROM a',
      some,
    )
    await errorOf(
      engine,
      'SELECT x.code FROM (WITH contracts AS (SELECT code FROM codes) SELECT code FROM contracts) AS x JOIN contracts ON 1 = 1',
      some,
    )
    await errorOf(
      engine,
      'WITH x AS (WITH contracts AS (SELECT code FROM codes) SELECT code FROM contracts) SELECT 1 AS y FROM x, contracts',
      some,
    )
  })

  it('shadowed by a WITH query does not let its masks go', async () => {
    const sql = 'WITH parties AS (SELECT name FROM parties) SELECT max(name) AS n FROM parties'
    const { rows, columns } = await see(engine, sql, hidden)
    expect(rows).toEqual([[null]])
    expect(columns[0]?.masked).toBe('hidden')
  })

  it('is not named in what is said of another mistake', async () => {
    expect(await errorOf(engine, 'SELECT x FROM contract', some)).not.toMatch(/contracts|claims|journal/)
    expect(await errorOf(engine, 'SELECT terms FROM parties', some)).not.toMatch(/contracts/)
  })
})
