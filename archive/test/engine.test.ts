import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { NotFoundError, TemplateError } from '../src/errors.ts'
import {
  makeArchive,
  policies,
  rowsOf,
  run,
  startOptions,
  statement,
  type TestArchive,
  text,
} from './engine-archive.ts'

type Engine = Awaited<ReturnType<TestArchive['engine']>>

let archive: TestArchive
let engine: Engine

beforeAll(async () => {
  archive = await makeArchive({
    pas: {
      policies,
      receipts: {
        domain: 'receipts',
        columns: { receipt: 'varchar', year: 'varchar', month: 'varchar', amount: 'decimal(10,2)' },
        partitionBy: ['year', 'month'],
        objects: [
          { select: "SELECT 'R1' AS receipt, 1.50::DECIMAL(10,2) AS amount", partition: { year: '2023', month: '01' } },
          { select: "SELECT 'R2' AS receipt, 2.25::DECIMAL(10,2) AS amount", partition: { year: '2024', month: '12' } },
        ],
      },
      emptied: { domain: 'policies', columns: { id: 'integer', note: 'varchar' }, objects: [] },
    },
    crm: {
      policies: {
        domain: 'all',
        columns: { policy_number: 'varchar' },
        objects: [{ select: "SELECT 'FROM CRM' AS policy_number" }],
      },
    },
  })
  engine = await archive.engine({ searchWorkers: 2 })
})

afterAll(async () => {
  await engine.close()
  await archive.close()
})

describe('the port', () => {
  it('gives rows as canonical text with Athena’s types', async () => {
    const { execution, rows } = await run(engine, 'SELECT * FROM policies WHERE policy_number = ?', [text('P000012')])
    expect(execution.result).toEqual({
      columns: [
        { name: 'policy_number', type: 'varchar', from: 'policies.policy_number' },
        { name: 'holder', type: 'bigint', from: 'policies.holder' },
        { name: 'begins', type: 'date', from: 'policies.begins' },
        { name: 'premium', type: 'decimal(12,2)', from: 'policies.premium' },
        { name: 'changed', type: 'timestamp', from: 'policies.changed' },
        { name: 'active', type: 'boolean', from: 'policies.active' },
        { name: 'rate', type: 'double', from: 'policies.rate' },
        { name: 'units', type: 'integer', from: 'policies.units' },
        { name: 'note', type: 'varchar', from: 'policies.note' },
      ],
      rows: 1,
      more: false,
    })
    expect(rows).toEqual([
      ['P000012', '12', '2000-01-13', '15.00', '2001-02-03 04:17:06.789', 'true', '1.5', '5', 'Größe 12'],
    ])
  })

  it('tells by which version of the catalog a statement ran', async () => {
    const { execution } = await run(engine, 'SELECT receipt FROM receipts ORDER BY receipt')
    expect(execution.catalogVersion).toBe((await archive.catalog.read('pas'))?.version)
  })

  it('acknowledges at once and tells of an error by the status', async () => {
    const id = await engine.start(statement('SELECT nothing FROM policies'), startOptions())
    const execution = await engine.wait(id, 10_000)
    expect(execution).toMatchObject({ state: 'FAILED', error: { kind: 'user', retryable: false } })
    expect(execution.error?.message).toContain('There is no column "nothing"')
  })

  it('says that there are more rows than were kept', async () => {
    const cut = await run(engine, 'SELECT policy_number FROM policies ORDER BY 1 DESC', [], { rowLimit: 3 })
    expect(cut.execution.result).toMatchObject({ rows: 3, more: true })
    expect(cut.rows.map(([number]) => number)).toEqual(['P009999', 'P009998', 'P009997'])
    const whole = await run(engine, "SELECT policy_number FROM policies WHERE policy_number < 'P000003'", [], {
      rowLimit: 3,
    })
    expect(whole.execution.result).toMatchObject({ rows: 3, more: false })
  })

  it('keeps the order over many batches, also those that wait in a file', async () => {
    const small = await archive.engine({ resultMemory: 1000 })
    try {
      const { rows } = await run(
        small,
        'SELECT policy_number, note, note || note AS twice FROM policies ORDER BY policy_number',
        [],
        { rowLimit: 20_000 },
      )
      expect(rows).toHaveLength(10_000)
      expect(rows.every(([number], index) => number === `P${String(index).padStart(6, '0')}`)).toBe(true)
    } finally {
      await small.close()
    }
  })

  it('runs a statement once for a token', async () => {
    const options = startOptions()
    const first = await engine.start(statement('SELECT count(*) AS n FROM policies'), options)
    expect(await engine.start(statement('SELECT count(*) AS n FROM policies'), options)).toBe(first)
  })

  it('refuses a token that is too short', async () => {
    await expect(engine.start(statement('SELECT 1 AS x'), startOptions({ token: 'short' }))).rejects.toThrow(
      '32 to 128',
    )
  })

  it('does not know an id it never gave', async () => {
    await expect(engine.status('nobody')).rejects.toBeInstanceOf(NotFoundError)
    await expect(engine.cancel('nobody')).rejects.toBeInstanceOf(NotFoundError)
  })

  it('gives no rows of what has not succeeded', async () => {
    const id = await engine.start(statement('SELECT nothing FROM policies'), startOptions())
    await engine.wait(id, 10_000)
    await expect(engine.rows(id)[Symbol.asyncIterator]().next()).rejects.toThrow('FAILED')
  })

  it('forgets the oldest ended executions beyond its number', async () => {
    const small = await archive.engine({ kept: 2 })
    try {
      const ids = []
      for (let index = 0; index < 4; index++) {
        const id = await small.start(statement('SELECT 1 AS x'), startOptions())
        await small.wait(id, 10_000)
        ids.push(id)
      }
      await expect(small.status(ids[0] ?? '')).rejects.toBeInstanceOf(NotFoundError)
      expect((await small.status(ids[3] ?? '')).state).toBe('SUCCEEDED')
    } finally {
      await small.close()
    }
  })

  it('prepares without running: columns, types, and the place of a fault', async () => {
    expect(await engine.prepare(statement('SELECT sum(premium) AS total, count(*) AS n FROM policies'))).toEqual([
      { name: 'total', type: 'decimal(38,2)' },
      { name: 'n', type: 'bigint' },
    ])
    await expect(engine.prepare(statement('SELECT premum FROM policies'))).rejects.toThrow(TemplateError)
  })

  it('counts values against parameters', async () => {
    const { execution } = await run(engine, 'SELECT units FROM policies WHERE units = ?', [])
    expect(execution.error?.message).toContain('has 1 parameters, and 0 values were given')
  })

  it('binds each type, and NULL of each', async () => {
    const values = [
      { type: 'varchar', value: "O'Neil; --" },
      { type: 'integer', value: '-2147483648' },
      { type: 'bigint', value: '9223372036854775807' },
      { type: 'double', value: '1.5e300' },
      { type: 'boolean', value: 'false' },
      { type: 'date', value: '1899-12-31' },
      { type: 'timestamp', value: '1969-12-31 23:59:59.999' },
      { type: 'decimal(38,10)', value: '-1234567890123456789012345678.0123456789' },
    ]
    const sql = `SELECT ${values.map((_, index) => `? AS c${index}`).join(', ')}`
    const filled = await run(engine, sql, values)
    expect(filled.rows[0]).toEqual(values.map(({ value }) => (value === '1.5e300' ? '1.5E300' : value)))
    expect(filled.execution.result?.columns.map(({ type }) => type)).toEqual(values.map(({ type }) => type))
    const empty = await run(
      engine,
      sql,
      values.map(({ type }) => ({ type, value: null })),
    )
    expect(empty.rows[0]).toEqual(values.map(() => null))
    expect(empty.execution.result?.columns.map(({ type }) => type)).toEqual(values.map(({ type }) => type))
  })

  it.each([
    ['integer', '2147483648'],
    ['date', '2023-02-29'],
    ['decimal(5,2)', '1000.00'],
    ['decimal(5,2)', '1.001'],
    ['boolean', 'yes'],
    ['timestamp', '2024-01-01 25:00:00'],
  ])('does not bind a wrong %s (%s), and does not quote it', async (type, value) => {
    const { execution } = await run(engine, 'SELECT ? AS x', [{ type, value }])
    expect(execution.error).toEqual({ kind: 'user', message: `Value 1 is not a valid ${type}.`, retryable: false })
  })

  it.each([
    ['a NUL', 'a\u0000b', 'Value 1: A value holds a character that cannot be searched for.'],
    ['half of a pair of surrogates', '\ud800', 'Value 1: A value holds a character that cannot be searched for.'],
    [
      'more characters than Athena takes',
      'x'.repeat(1023),
      'Value 1: A value is too long: with its quotes it may have at most 1024 characters.',
    ],
    [
      'more characters than Athena takes once quotes are doubled',
      "'".repeat(512),
      'Value 1: A value is too long: with its quotes it may have at most 1024 characters.',
    ],
  ])('does not take a text with %s, as Athena does not', async (_, value, message) => {
    const { execution } = await run(engine, 'SELECT ? AS x', [{ type: 'varchar', value }])
    expect(execution.error).toEqual({ kind: 'user', message, retryable: false })
  })

  it('keeps a byte order mark wherever a text has it', async () => {
    const texts = ['\ufeff', '\ufeffa', 'a\ufeff', '\ufeff\ufeffa text that is longer than twelve bytes']
    const sql = `SELECT ${texts.map((_, index) => `? AS c${index}`).join(', ')}`
    const { rows } = await run(
      engine,
      sql,
      texts.map((value) => ({ type: 'varchar', value })),
    )
    expect(rows).toEqual([texts])
  })

  it('takes the longest text that Athena takes', async () => {
    const { rows } = await run(engine, 'SELECT length(?) AS x', [{ type: 'varchar', value: "'".repeat(511) }])
    expect(rows).toEqual([['511']])
  })
})

describe('tables', () => {
  it('gives partition values as the text they are', async () => {
    expect(await rowsOf(engine, 'SELECT receipt, year, month, amount FROM receipts ORDER BY receipt')).toEqual([
      ['R1', '2023', '01', '1.50'],
      ['R2', '2024', '12', '2.25'],
    ])
  })

  it('does not take * of a partitioned table, whose order differs in Athena', async () => {
    await expect(engine.prepare(statement('SELECT * FROM receipts'))).rejects.toThrow('partition columns')
  })

  it('finds no rows in a table whose objects are all gone', async () => {
    expect(await rowsOf(engine, 'SELECT id, note FROM emptied')).toEqual([])
  })

  it('keeps applications apart that have tables of the same name', async () => {
    const { rows } = await run(engine, 'SELECT policy_number FROM policies', [], { application: 'crm' })
    expect(rows).toEqual([['FROM CRM']])
  })

  it('sees a new version of the catalog after refresh, and nothing of the old one', async () => {
    const own = await makeArchive({
      pas: { notes: { domain: 'd', columns: { n: 'integer' }, objects: [{ select: 'SELECT 1::INTEGER AS n' }] } },
    })
    const other = await own.engine({ catalogAge: 60_000 })
    try {
      expect(await rowsOf(other, 'SELECT n FROM notes')).toEqual([['1']])
      await own.put('pas', {
        notes: {
          domain: 'd',
          columns: { n: 'integer', m: 'integer' },
          objects: [{ select: 'SELECT 2::INTEGER AS n, 3::INTEGER AS m' }],
        },
      })
      expect(await rowsOf(other, 'SELECT n FROM notes')).toEqual([['1']])
      await other.refresh('pas')
      expect(await rowsOf(other, 'SELECT n, m FROM notes')).toEqual([['2', '3']])
    } finally {
      await other.close()
      await own.close()
    }
  })

  it('reads again, with the new catalog, when objects went away under a search', async () => {
    const own = await makeArchive({
      pas: { notes: { domain: 'd', columns: { n: 'integer' }, objects: [{ select: 'SELECT 1::INTEGER AS n' }] } },
    })
    const other = await own.engine({ catalogAge: 60_000 })
    try {
      expect(await rowsOf(other, 'SELECT n FROM notes')).toEqual([['1']])
      const before = await own.catalog.read('pas')
      await own.put('pas', {
        notes: { domain: 'd', columns: { n: 'integer' }, objects: [{ select: 'SELECT 2::INTEGER AS n' }] },
      })
      for (const object of before?.tables[0]?.objects ?? []) await own.remove(object.key)
      expect(await rowsOf(other, 'SELECT n FROM notes')).toEqual([['2']])
    } finally {
      await other.close()
      await own.close()
    }
  })

  it('says that records changed when they are gone and the catalog does not know', async () => {
    const own = await makeArchive({
      pas: { notes: { domain: 'd', columns: { n: 'integer' }, objects: [{ select: 'SELECT 1::INTEGER AS n' }] } },
    })
    const other = await own.engine()
    try {
      const snapshot = await own.catalog.read('pas')
      for (const object of snapshot?.tables[0]?.objects ?? []) await own.remove(object.key)
      const { execution } = await run(other, 'SELECT n FROM notes')
      expect(execution.error).toMatchObject({ kind: 'changed', retryable: true })
    } finally {
      await other.close()
      await own.close()
    }
  })

  it('says that nothing was loaded of an application without catalog', async () => {
    const { execution } = await run(engine, 'SELECT 1 AS x', [], { application: 'unknown' })
    expect(execution.error).toMatchObject({ kind: 'system' })
    expect(execution.error?.message).toContain('load a delivery')
  })
})

describe('bytes scanned', () => {
  it('counts less for a lookup by the sort key than for a whole column', async () => {
    await run(engine, 'SELECT note FROM policies')
    await run(engine, 'SELECT note FROM policies')
    const lookup = await run(engine, 'SELECT premium FROM policies WHERE policy_number = ?', [text('P000042')])
    const whole = await run(
      engine,
      'SELECT count(DISTINCT note) AS n, sum(premium) AS s FROM policies WHERE policy_number IS NOT NULL',
    )
    const size = (await archive.catalog.read('pas'))?.tables.find((table) => table.name === 'policies')?.bytes ?? 0
    expect(lookup.execution.statistics.bytesScanned).toBeGreaterThan(1000)
    expect(whole.execution.statistics.bytesScanned).toBeGreaterThan(2 * lookup.execution.statistics.bytesScanned)
    expect(whole.execution.statistics.bytesScanned).toBeLessThan(size * 1.1)
  })
})
