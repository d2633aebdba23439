import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { GetQueryExecutionCommand } from '@aws-sdk/client-athena'
import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { DuckDBInstance } from '@duckdb/node-api'
import type { Restrictions, Statement } from '@muniment/archive/engine/port'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { athena, bucket, s3 } from './athena.ts'
import { type Engines, openEngines, options, outcome, restricted, run, unload } from './support/engines.ts'

let engines: Engines
beforeAll(async () => {
  engines = await openEngines()
})
afterAll(() => engines.close())

/** Both engines' answers, without what they measured; the embedded one's as what is expected. */
async function agree(statement: Statement, more: { rowLimit?: number } = {}) {
  const [one, other] = [await run(engines.engine, statement, more), await run(engines.duckdb, statement, more)]
  expect({ state: one.execution.state, error: one.execution.error }).toEqual({
    state: other.execution.state,
    error: other.execution.error,
  })
  expect(one.execution.result).toEqual(other.execution.result)
  expect(one.rows).toEqual(other.rows)
  return one
}

const examples = [
  'agent-commissions',
  'claim-parties',
  'claim-payments',
  'claim-reserves',
  'claim-summary',
  'claim-timeline',
  'codes',
  'complaints',
  'customer-addresses',
  'customer-claims',
  'customer-policies',
  'customer-summary',
  'find-claim',
  'find-customer',
  'find-policy',
  'invoices',
  'open-items-totals',
  'policy-receipts',
  'policy-timeline',
  'premium-history',
  'refunds',
  'statement-of-account',
]

describe('the same statement in both engines', () => {
  it.each(examples)('%s gives the same columns and rows', async (name) => {
    await agree(await engines.exampleOf(name))
  })

  it('also with masks and all row rules in force', async () => {
    const { application } = engines
    const restrictions = restricted(application, {
      masks: [
        { table: 'bank_accounts', column: 'iban', mask: 'partial' },
        { table: 'parties', column: 'born_on', mask: 'hidden' },
        { table: 'policies', column: 'begins_on', mask: 'hidden' },
      ],
      rowRules: Object.keys(application.rowRules),
    })
    const statements = [
      'SELECT count(*) AS n FROM parties',
      'SELECT count(*) AS n FROM policies',
      'SELECT count(*) AS n FROM claims',
      'SELECT count(*) AS n FROM receipts',
      'SELECT count(*) AS n FROM claim_events',
      'SELECT iban FROM bank_accounts ORDER BY iban LIMIT 50',
      'SELECT policy_number, begins_on FROM policies ORDER BY policy_number LIMIT 20',
      'WITH chosen AS (SELECT policy_number FROM policies) SELECT count(*) AS n FROM chosen AS s JOIN policies AS p ON p.policy_number = s.policy_number',
    ]
    const counts: (string | null | undefined)[] = []
    for (const sql of statements) {
      const { rows } = await agree(await engines.statementOf(sql, [], restrictions))
      counts.push(rows[0]?.[0])
    }
    const all = await run(engines.engine, await engines.statementOf('SELECT count(*) AS n FROM policies'))
    expect(Number(counts[1])).toBeLessThan(Number(all.rows[0]?.[0]))
  })
})

describe('limits', () => {
  it('keeps as many rows as are asked for and says that there are more', async () => {
    const statement = await engines.statementOf('SELECT policy_number FROM policies ORDER BY policy_number')
    const { execution, rows } = await agree(statement, { rowLimit: 7 })
    expect(execution.result).toMatchObject({ rows: 7, more: true })
    expect(rows).toHaveLength(7)
  })

  it('leaves the statement’s own LIMIT as it is', async () => {
    const sql = 'SELECT policy_number FROM policies ORDER BY policy_number OFFSET 3 LIMIT 5 -- its own'
    const { rows } = await run(engines.engine, await engines.statementOf(sql), { rowLimit: 3 })
    expect(rows).toHaveLength(3)
  })
})

describe('what fails', () => {
  const kinds: [string, string, string][] = [
    ['a division by zero', 'SELECT 1 / (length(policy_number) - length(policy_number)) AS x FROM policies', 'user'],
    [
      'a text that is no number',
      "SELECT CAST(policy_number || policy_number || 'x' AS integer) AS x FROM policies",
      'user',
    ],
  ]
  it.each(kinds)('%s is told as the embedded engine tells it', async (_, sql) => {
    const statement = await engines.statementOf(sql)
    const [one, other] = [await run(engines.engine, statement), await run(engines.duckdb, statement)]
    expect(one.execution).toMatchObject({ state: 'FAILED', error: { kind: other.execution.error?.kind } })
  })

  it('a choice by a masked column, a table that is not granted, and one without reading', async () => {
    const { application } = engines
    const masks: Restrictions['masks'] = [{ table: 'policies', column: 'begins_on', mask: 'hidden' }]
    const sql = "SELECT policy_number FROM policies WHERE begins_on > DATE '2000-01-01' ORDER BY 1"
    const masked = await agree(await engines.statementOf(sql, [], restricted(application, { masks })))
    expect(masked.execution.error).toMatchObject({ kind: 'masked', columns: ['policies.begins_on'] })
    const ungranted = await engines.statementOf(sql, [], restricted(application, { tables: ['claims'] }))
    await agree(ungranted)
    const { reading: _, ...unread } = ungranted
    expect((await run(engines.engine, unread)).execution.error).toMatchObject({
      kind: 'system',
      message: expect.stringContaining('publish'),
    })
  })

  it('an error that only hidden rows cause is not told', async () => {
    const { application } = engines
    const rule = restricted(application, { rowRules: Object.keys(application.rowRules) })
    // Hidden through whom they are about, and not by a value of their own.
    const list = 'SELECT receipt_number FROM receipts ORDER BY 1'
    const visible = await run(engines.engine, await engines.statementOf(list, [], rule))
    const all = await run(engines.engine, await engines.statementOf(list))
    const seen = new Set(visible.rows.map(([number]) => number))
    const hidden = all.rows.map(([number]) => number).find((number) => !seen.has(number ?? null))
    expect(hidden).toBeTypeOf('string')
    const sql =
      'SELECT receipt_number FROM receipts WHERE 1 / (CASE WHEN receipt_number = ? THEN 0 ELSE 1 END) = 1 ORDER BY 1'
    const values = [{ type: 'varchar', value: hidden ?? '' }]
    expect((await run(engines.engine, await engines.statementOf(sql, values))).execution.error?.kind).toBe('user')
    const { execution, rows } = await agree(await engines.statementOf(sql, values, rule))
    expect(execution.state).toBe('SUCCEEDED')
    expect(rows).toHaveLength(seen.size)
  })
})

describe('what is visible', () => {
  it('an object that no committed load wrote is not read', async () => {
    const { seen, engine } = engines
    const whole = seen.snapshot
    const statement = await engines.statementOf('SELECT count(commission_no) AS n FROM commissions')
    const { rows: before, execution: all } = await run(engine, statement)
    const commissions = whole.tables.find(({ name }) => name === 'commissions')
    const [first, ...others] = commissions?.objects ?? []
    seen.snapshot = {
      ...whole,
      version: 'one-less',
      tables: whole.tables.map((table) => (table === commissions ? { ...table, objects: others } : table)),
    }
    try {
      const { rows, execution } = await run(engine, statement)
      expect(Number(rows[0]?.[0])).toBe(Number(before[0]?.[0]) - (first?.rows ?? 0))
      expect(execution.catalogVersion).toBe('one-less')
      // It is not even opened.
      expect(execution.statistics.bytesScanned).toBeLessThan(all.statistics.bytesScanned)
    } finally {
      seen.snapshot = whole
    }
  })

  it('told by digests of paths, or by loads, it is the same; by digests also where an object is named as a load names its own', async () => {
    const { seen } = engines
    const whole = seen.snapshot
    const digested = engines.inAthena({ objectsNamed: 0 })
    const statement = await engines.exampleOf('open-items-totals')
    expect((await run(digested, statement)).rows).toEqual((await run(engines.engine, statement)).rows)
    const count = await engines.statementOf('SELECT count(commission_no) AS n FROM commissions')
    const { rows: all } = await run(engines.engine, count)
    const commissions = whole.tables.find(({ name }) => name === 'commissions')
    const [first, ...others] = commissions?.objects ?? []
    const withObjects = (version: string, many: number) => {
      const more = others.flatMap((object) =>
        Array.from({ length: many / others.length }, (_, place) => ({
          ...object,
          key: object.key.replace('.parquet', `${place}.parquet`),
        })),
      )
      const objects = [...others, ...more]
      const tables = whole.tables.map((table) => (table === commissions ? { ...table, objects } : table))
      seen.snapshot = { ...whole, version, tables }
    }
    try {
      withObjects('one-less-of-many', 10_000)
      const { rows, execution } = await run(digested, count)
      expect(execution.error).toBeUndefined()
      expect(Number(rows[0]?.[0])).toBe(Number(all[0]?.[0]) - (first?.rows ?? 0))
      // By loads the object that is not named comes in: it is named as they are.
      withObjects('one-less-of-too-many', 20_000)
      expect((await run(digested, count)).rows).toEqual(all)
    } finally {
      seen.snapshot = whole
      await digested.close()
    }
  })

  it('a point lookup reads a small part of the table', async () => {
    const one = await run(
      engines.engine,
      await engines.statementOf('SELECT policy_number, begins_on FROM policies WHERE policy_number = ?', [
        { type: 'varchar', value: '100000157' },
      ]),
    )
    const statistics = one.execution.statistics
    expect(statistics.bytesScanned).toBeGreaterThan(0)
    console.log('lookup', statistics)
  })
})

describe('what goes wrong while it runs', () => {
  const forever = 'SELECT count(*) AS n FROM receipts AS a, receipts AS b, receipts AS c, receipts AS d'

  it('a search that is cancelled ends in the engine too', async () => {
    const id = await engines.engine.start(await engines.statementOf(forever), options())
    await expect.poll(async () => (await engines.engine.status(id)).state, { timeout: 30_000 }).toBe('RUNNING')
    await engines.engine.cancel(id)
    expect((await engines.engine.status(id)).state).toBe('CANCELLED')
    const { QueryExecution } = await athena.send(new GetQueryExecutionCommand({ QueryExecutionId: id }))
    expect(QueryExecution?.Status?.State).toBe('CANCELLED')
  })

  it('a search that takes longer than it may is stopped, and the searcher told', async () => {
    const { execution } = await run(engines.engine, await engines.statementOf(forever), { timeLimit: 1500 })
    expect(execution.error).toMatchObject({ kind: 'limit', message: expect.stringContaining('1.5 s') })
  })

  it('a search that reads more than its workgroup allows', async () => {
    const few = await openEngines('few-bytes', 5000)
    const { execution } = await run(few.engine, await few.statementOf('SELECT * FROM policies'))
    expect(execution).toMatchObject({ state: 'FAILED', error: { kind: 'limit' } })
    await few.close()
  })

  it('an object that is replaced under a search, once and for good', async () => {
    const table = engines.seen.snapshot.tables.find(({ name }) => name === 'complaints')
    const Key = table?.objects[0]?.key ?? ''
    const whole = await s3.send(new GetObjectCommand({ Bucket: bucket, Key }))
    const bytes = (await whole.Body?.transformToByteArray()) ?? new Uint8Array()
    const statement = await engines.statementOf('SELECT * FROM complaints')
    const expected = await run(engines.engine, statement)
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: bytes.subarray(0, bytes.length - 100) }))
    try {
      const torn = await run(engines.inAthena({ again: 1 }), statement)
      expect(torn.execution.error).toMatchObject({ kind: 'changed', retryable: true })
      const patient = engines.inAthena({ again: 5, pause: 100 })
      const id = await patient.start(statement, options())
      await new Promise((resolve) => setTimeout(resolve, 500))
      await s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: bytes }))
      const mended = await outcome(patient, id)
      expect(mended.execution).toMatchObject({ id, state: 'SUCCEEDED', result: { rows: expected.rows.length } })
      expect(mended.rows).toEqual(expected.rows)
    } finally {
      await s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: bytes }))
    }
  })

  it('while an object is replaced over and over, a search gives what was there at some moment, or says that it changed', async () => {
    const Key = engines.seen.snapshot.tables.find(({ name }) => name === 'complaints')?.objects[0]?.key ?? ''
    const whole = await s3.send(new GetObjectCommand({ Bucket: bucket, Key }))
    const bytes = (await whole.Body?.transformToByteArray()) ?? new Uint8Array()
    const [from, to] = [join(engines.work, 'whole.parquet'), join(engines.work, 'fewer.parquet')]
    await writeFile(from, bytes)
    const connection = await (await DuckDBInstance.create(':memory:')).connect()
    await connection.run(`COPY (SELECT * FROM '${from}' LIMIT 5) TO '${to}' (FORMAT parquet)`)
    connection.closeSync()
    const fewer = await readFile(to)
    const statement = await engines.statementOf('SELECT complaint_number, text FROM complaints ORDER BY 1')
    const all = (await run(engines.engine, statement)).rows
    let going = true
    const replacing = (async () => {
      for (let turn = 0; going; turn++)
        await s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: turn % 2 === 0 ? fewer : bytes }))
    })()
    const impatient = engines.inAthena({ again: 0 })
    try {
      const ends = await Promise.all(Array.from({ length: 12 }, () => run(impatient, statement)))
      for (const { execution, rows } of ends) {
        if (execution.state === 'SUCCEEDED') {
          expect([all.length, 5]).toContain(rows.length)
          expect(all).toEqual(expect.arrayContaining(rows))
        } else {
          const id = execution.id
          const { QueryExecution } = await athena.send(new GetQueryExecutionCommand({ QueryExecutionId: id }))
          expect(`${execution.error?.kind}: ${QueryExecution?.Status?.StateChangeReason}`).toMatch(/^changed: /)
        }
      }
      const patient = await Promise.all(Array.from({ length: 4 }, () => run(engines.engine, statement)))
      console.log(
        'replaced under searches:',
        ends.map(({ execution }) => execution.error?.kind ?? 'rows').join(' '),
        '; with patience:',
        patient.map(({ execution }) => execution.error?.kind ?? 'rows').join(' '),
      )
    } finally {
      going = false
      await replacing
      await s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: bytes }))
      await impatient.close()
    }
  })

  it('starts that the service throttles come all through, in line', async () => {
    const statement = await engines.statementOf('SELECT count(*) AS n FROM complaints')
    const settings = async (changes: Record<string, number>) =>
      fetch(`${inject('athena')}/_rehearsal/settings`, { method: 'PATCH', body: JSON.stringify(changes) })
    await settings({ activeDml: 2, startRate: 5, startBurst: 2 })
    try {
      const all = await Promise.all(Array.from({ length: 8 }, () => run(engines.engine, statement)))
      expect(all.map(({ execution }) => execution.state)).toEqual(all.map(() => 'SUCCEEDED'))
    } finally {
      await settings({ activeDml: 25, startRate: 20, startBurst: 80 })
    }
  })
})

describe('exports', () => {
  const sql =
    'SELECT r.*, CAST(r.amount AS double) / 3 AS third, r.amount * 1.50 AS more FROM receipts AS r ORDER BY r.receipt_number'
  async function both(format: 'csv' | 'json' | 'parquet') {
    const statement = await engines.statementOf(sql)
    const columns = (statement.reading?.columns ?? []).flatMap(({ name }, index) => [
      { name, heading: `The ${name}` },
      ...(index === 0 ? [{ name, heading: 'in words', words: { x: '=y' } }] : []),
    ])
    const keys = [[['receipt_number']], [['policy_number']]]
    const folders = await Promise.all(
      [engines.engine, engines.duckdb].map(async (engine) => {
        const folder = join(engines.work, `${engine.name}-${format}`)
        await mkdir(folder)
        const { state, error, result } = await unload(engine, statement, { folder, format, columns, keys })
        expect({ state, error }).toEqual({ state: 'SUCCEEDED', error: undefined })
        return { folder, result }
      }),
    )
    const [one, other] = folders
    if (!one || !other) throw new Error('two engines')
    expect(one.result).toEqual(other.result)
    expect((await readdir(one.folder)).sort()).toEqual(['keys.jsonl', `result.${format}`])
    const keysIn = async (folder: string) => (await readFile(join(folder, 'keys.jsonl'), 'utf8')).split('\n').sort()
    expect(await keysIn(one.folder)).toEqual(await keysIn(other.folder))
    return [join(one.folder, `result.${format}`), join(other.folder, `result.${format}`)] as const
  }

  it.each(['csv', 'json'] as const)(
    '%s is equal to the embedded engine’s in every byte, and its keys are',
    async (format) => {
      const [one, other] = await both(format)
      const [a, b] = [await readFile(one, 'utf8'), await readFile(other, 'utf8')]
      expect(a.length).toBeGreaterThan(10_000)
      expect(a === b).toBe(true)
    },
  )

  it('Parquet has the same types, rows and order', async () => {
    const [one, other] = await both('parquet')
    const connection = await (await DuckDBInstance.create(':memory:')).connect()
    const read = async (query: string) => (await connection.runAndReadAll(query)).getRowsJson()
    const schema = (file: string) =>
      read(
        `SELECT name, type, converted_type, precision, scale FROM parquet_schema('${file}') WHERE num_children IS NULL`,
      )
    expect(await schema(one)).toEqual(await schema(other))
    expect(await read(`SELECT * FROM '${one}'`)).toEqual(await read(`SELECT * FROM '${other}'`))
    connection.closeSync()
  })

  it('is not written where it would have more rows than it may', async () => {
    const folder = join(engines.work, 'too-many')
    const statement = await engines.statementOf(sql)
    const target = { folder, format: 'csv' as const, columns: [{ name: 'receipt_number', heading: 'n' }] }
    const { result } = await unload(engines.engine, statement, target, { rowLimit: 5 })
    expect(result).toMatchObject({ rows: 0, more: true })
    expect(await readdir(folder)).toEqual([])
  })
})
