import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Execution, QueryEngine, Row, Statement } from '@muniment/archive/engine/port'
import { NotFoundError, TemplateError } from '@muniment/archive/errors'
import { afterEach, describe, expect, it } from 'vitest'
import { TrinoError } from '../src/trino/errors.ts'
import { type Library, loansRead, openLibrary, startOptions, twoLoans } from './support/athena-engine.ts'
import { column } from './support/fake-engine.ts'

let opened: Library | undefined
afterEach(async () => {
  await opened?.close()
  opened = undefined
})
const open = async (...given: Parameters<typeof openLibrary>) => {
  opened = await openLibrary(...given)
  return opened
}

async function ended(engine: QueryEngine, id: string): Promise<Execution> {
  const execution = await engine.wait(id, 20_000)
  expect(['QUEUED', 'RUNNING']).not.toContain(execution.state)
  return execution
}

async function rowsOf(engine: QueryEngine, id: string): Promise<Row[]> {
  const rows: Row[] = []
  for await (const batch of engine.rows(id)) rows.push(...batch)
  return rows
}

const secret = (statement: Statement): Statement => ({
  ...statement,
  restrictions: { id: '0', tables: ['loans'], masks: [], rowRules: ['secret'] },
})
const changed = 'HIVE_CURSOR_ERROR: Failed to read Parquet file: Incorrect file size (18) for file'

describe('a search', () => {
  it('reads the tables by their full names, of committed objects alone, and gives rows, columns and statistics', async () => {
    const { engine, asked } = await open()
    const id = await engine.start(loansRead, startOptions())
    const execution = await ended(engine, id)
    expect(execution).toMatchObject({
      id,
      state: 'SUCCEEDED',
      catalogVersion: '1',
      result: { columns: [{ name: 'loan', type: 'varchar', from: 'loans.loan' }], rows: 2, more: false },
      statistics: { bytesScanned: 1000 },
    })
    expect(await rowsOf(engine, id)).toEqual([['a'], ['b']])
    expect(asked[0]).toContain(
      `WITH "loans" AS (SELECT "loan", "reader" FROM "library_db"."loans" WHERE "$path" IN ('s3://records/archive/library/loans/loans/part-1-0.parquet'))`,
    )
    expect(asked[0]).toContain('\nLIMIT 101')
  })

  it('is started once for one token, also by several at once and by a second process', async () => {
    const { engine, another, asked } = await open()
    const options = startOptions()
    const [one, two] = await Promise.all([engine.start(loansRead, options), engine.start(loansRead, options)])
    const second = another()
    expect([two, await engine.start(loansRead, options), await second.start(loansRead, options)]).toEqual([
      one,
      one,
      one,
    ])
    await ended(second, one)
    expect(asked).toHaveLength(1)
    await second.close()
  })

  it('is started anew where another version of the catalog has the token', async () => {
    const { engine, another, asked, catalog } = await open()
    const options = startOptions()
    const one = await engine.start(loansRead, options)
    catalog.version = '2'
    const second = another()
    const two = await second.start(loansRead, options)
    expect(two).not.toBe(one)
    expect(await ended(second, two)).toMatchObject({ state: 'SUCCEEDED', catalogVersion: '2' })
    await ended(engine, one)
    expect(asked).toHaveLength(2)
    await second.close()
  })

  it('is taken up by another process, with its rows and the version by which it ran', async () => {
    const { engine, another, asked, catalog } = await open()
    const options = startOptions()
    const id = await engine.start(loansRead, options)
    catalog.version = '2'
    const second = another()
    expect(await second.status(id)).toMatchObject({ id, state: expect.stringMatching(/^(QUEUED|RUNNING)$/) })
    await expect(second.status(crypto.randomUUID())).rejects.toThrow(NotFoundError)
    await second.resume?.(id, loansRead, options)
    expect(await ended(second, id)).toMatchObject({ state: 'SUCCEEDED', catalogVersion: '1' })
    expect(await rowsOf(second, id)).toEqual([['a'], ['b']])
    expect(asked).toHaveLength(1)
    await expect(second.resume?.(crypto.randomUUID(), loansRead, options)).rejects.toThrow(NotFoundError)
    await second.close()
  })

  it('gives all values as they are: NULL and the empty text, quotes, line breaks, more pieces than one', async () => {
    const hostile = [null, '', '"', '""', 'a,b', 'a\nb\r\n', '😀', '\u0000', 'ü'.repeat(5000)]
    const { engine } = await open(() => ({ columns: [column('loan')], pages: [hostile.map((text) => [text])] }))
    const id = await engine.start(loansRead, startOptions())
    await ended(engine, id)
    expect(await rowsOf(engine, id)).toEqual(hostile.map((text) => [text]))
  })

  it('keeps no more rows than asked', async () => {
    const { engine } = await open(() => ({ columns: [column('loan')], pages: [[['a'], ['b'], ['c']]] }))
    const id = await engine.start(loansRead, startOptions({ rowLimit: 2 }))
    expect((await ended(engine, id)).result).toMatchObject({ rows: 2, more: true })
    expect(await rowsOf(engine, id)).toEqual([['a'], ['b']])
  })

  it('reads the result again when its connection breaks', async () => {
    const { engine, broken } = await open()
    broken.times = 2
    const id = await engine.start(loansRead, startOptions())
    expect((await ended(engine, id)).state).toBe('SUCCEEDED')
    expect(await rowsOf(engine, id)).toEqual([['a'], ['b']])
  })

  it('fails where columns come that were not published', async () => {
    const { engine } = await open(() => ({ columns: [column('other')], pages: [] }))
    const { error } = await ended(engine, await engine.start(loansRead, startOptions()))
    expect(error).toMatchObject({ kind: 'system', message: expect.stringContaining('publish') })
  })

  it('is prepared without running', async () => {
    const { engine, asked } = await open()
    expect(await engine.prepare(loansRead)).toEqual([{ name: 'loan', type: 'varchar', from: 'loans.loan' }])
    const { reading: _, ...unread } = loansRead
    await expect(engine.prepare(unread)).rejects.toThrow(TemplateError)
    await expect(
      engine.prepare({ ...loansRead, restrictions: { id: '0', tables: [], masks: [], rowRules: [] } }),
    ).rejects.toThrow('There is no table "loans".')
    expect(asked).toEqual([])
  })
})

describe('when Athena throttles', () => {
  it.each([
    ['ThrottlingException', undefined],
    ['TooManyRequestsException', 'CONCURRENT_QUERY_LIMIT_EXCEEDED'],
  ])('%s: a start waits in line until it is taken', async (error, reason) => {
    const { engine, fault, asked } = await open()
    fault({ kind: 'refuse', operation: 'StartQueryExecution', times: 3, error, ...(reason && { reason }) })
    const id = await engine.start(loansRead, startOptions())
    expect(await ended(engine, id)).toMatchObject({ state: 'SUCCEEDED' })
    expect((await engine.status(id)).statistics.queueMs).toBeGreaterThan(30)
    expect(asked).toHaveLength(1)
  })

  it('a start that waited too long is told to the searcher as a limit, under an id that another process knows too', async () => {
    const { another, fault, asked } = await open()
    const engine = another({ startWait: { search: 60, export: 60 } })
    fault({ kind: 'refuse', operation: 'StartQueryExecution', times: 1000 })
    const options = startOptions()
    const id = await engine.start(loansRead, options)
    expect(await engine.status(id)).toMatchObject({
      state: 'FAILED',
      error: { kind: 'limit', message: expect.stringContaining('busy'), retryable: true },
    })
    const second = another()
    await second.resume?.(id, loansRead, options)
    expect((await second.status(id)).state).toBe('FAILED')
    expect(asked).toEqual([])
    await engine.close()
    await second.close()
  })

  it('searches go before exports, and person after person', async () => {
    const { another, fault, asked, work } = await open()
    const engine = another({ startsAtOnce: 1 })
    fault({ kind: 'refuse', operation: 'StartQueryExecution', times: 2 })
    const named = (name: string): Statement => ({ ...loansRead, sql: `SELECT loan FROM loans /* ${name} */` })
    const target = (name: string) => ({ folder: join(work, name), format: 'csv' as const, columns: [] })
    const begun = [
      engine.start(named('first'), startOptions({ person: 'anna' })),
      engine.unload(named('export'), target('export'), startOptions({ lane: 'export', person: 'clara' })),
      engine.start(named('anna-1'), startOptions({ person: 'anna' })),
      engine.start(named('anna-2'), startOptions({ person: 'anna' })),
      engine.start(named('bert'), startOptions({ person: 'bert' })),
    ]
    await Promise.all((await Promise.all(begun)).map((id) => engine.wait(id, 5_000)))
    const order = asked.map((sql) => /\/\* ([\w-]+) \*\//.exec(sql)?.[1])
    expect(order.indexOf('bert')).toBeLessThan(order.indexOf('anna-2'))
    expect(order.at(-1)).toBe('export')
    await engine.close()
  })

  it('looks go on, and hundreds of executions are looked at in few calls', async () => {
    const { engine, fault, service } = await open(twoLoans, {
      startRate: 1000,
      startBurst: 1000,
      activeDml: 1000,
      runningAtOnce: 200,
    })
    fault({ kind: 'refuse', operation: 'GetQueryExecution', times: 3 })
    fault({ kind: 'refuse', operation: 'BatchGetQueryExecution', times: 3 })
    let looks = 0
    const { call } = service
    service.call = (operation, ...rest) => {
      if (operation.endsWith('GetQueryExecution')) looks++
      return call(operation, ...rest)
    }
    fault({ kind: 'delay', times: 60, runningMs: 400 })

    const ids = await Promise.all(Array.from({ length: 60 }, () => engine.start(loansRead, startOptions())))
    const executions = await Promise.all(ids.map((id) => ended(engine, id)))
    expect(executions.map(({ state }) => state)).toEqual(ids.map(() => 'SUCCEEDED'))
    expect(looks).toBeLessThan(35)
  })

  it('a start whose reply was lost is not begun twice', async () => {
    const { engine, fault, asked } = await open()
    fault({ kind: 'loseReply', operation: 'StartQueryExecution' })
    expect((await ended(engine, await engine.start(loansRead, startOptions()))).state).toBe('SUCCEEDED')
    expect(asked).toHaveLength(1)
  })
})

describe('when a query fails', () => {
  it('over objects that were replaced it is run again under its id, and what all times read is counted', async () => {
    const { engine, fault, asked } = await open()
    fault({ kind: 'fail', reason: changed, error: { ErrorCategory: 2, ErrorType: 1001, Retryable: true }, times: 2 })
    const id = await engine.start(loansRead, startOptions())
    expect(await ended(engine, id)).toMatchObject({ id, state: 'SUCCEEDED' })
    expect(await rowsOf(engine, id)).toEqual([['a'], ['b']])
    // The two that failed never came to the engine.
    expect(asked).toHaveLength(1)
  })

  it('over and over it is told as changed', async () => {
    const { engine, another, fault, asked } = await open()
    fault({ kind: 'fail', reason: changed, times: 100 })
    const options = startOptions()
    const id = await engine.start(loansRead, options)
    expect((await ended(engine, id)).error).toMatchObject({ kind: 'changed', retryable: true })
    const second = another()
    await second.resume?.(id, loansRead, options)
    expect((await ended(second, id)).error?.kind).toBe('changed')
    expect(asked).toEqual([])
    await second.close()
  })

  it('another process that takes it up comes to the same second time', async () => {
    const { engine, another, fault, asked } = await open()
    fault({ kind: 'fail', reason: changed })
    const options = startOptions()
    const id = await engine.start(loansRead, options)
    expect((await ended(engine, id)).state).toBe('SUCCEEDED')
    const second = another()
    await second.resume?.(id, loansRead, options)
    expect((await ended(second, id)).state).toBe('SUCCEEDED')
    expect(await rowsOf(second, id)).toEqual([['a'], ['b']])
    expect(asked).toHaveLength(1)
    await second.close()
  })

  it('because it read too many bytes, the searcher is told to narrow it down', async () => {
    const { engine } = await open(() => ({ ...twoLoans(), bytes: 20_000_000, ms: 50 }))
    const { state, error, statistics } = await ended(engine, await engine.start(loansRead, startOptions()))
    expect({ state, error }).toMatchObject({
      state: 'FAILED',
      error: { kind: 'limit', message: expect.stringContaining('Narrow it down') },
    })
    expect(statistics.bytesScanned).toBeGreaterThan(10_000_000)
  })

  it.each([
    ['INVALID_CAST_ARGUMENT', 'USER_ERROR', "Cannot cast 'Müller' to INT", 'user'],
    ['DIVISION_BY_ZERO', 'USER_ERROR', 'Division by zero', 'user'],
    ['TYPE_MISMATCH', 'USER_ERROR', 'line 1:8: Cannot apply operator: date = varchar', 'user'],
    ['TABLE_NOT_FOUND', 'USER_ERROR', "line 1:8: Table 'hive.library_db.loans' does not exist", 'system'],
    ['HIVE_CURSOR_ERROR', 'EXTERNAL', 'Access Denied (Service: Amazon S3; Status Code: 403) Müller', 'system'],
    ['EXCEEDED_LOCAL_MEMORY_LIMIT', 'INSUFFICIENT_RESOURCES', 'Query exceeded memory', 'limit'],
    ['GENERIC_INTERNAL_ERROR', 'INTERNAL_ERROR', 'something about Müller', 'system'],
    ['GENERIC_INTERNAL_ERROR', 'INTERNAL_ERROR', 'can not read class org.apache.parquet.format.PageHeader', 'changed'],
    ['HIVE_BAD_DATA', 'EXTERNAL', 'Malformed Parquet file of Müller', 'changed'],
  ] as const)('%s: its kind is told, and never a value', async (name, type, message, kind) => {
    const { engine } = await open(() => ({ error: new TrinoError(name, type, message) }))
    const { error } = await ended(engine, await engine.start(loansRead, startOptions()))
    expect(error?.kind).toBe(kind)
    expect(error?.message).not.toContain('Müller')
  })

  it('as no SQL it is told to its author, without the values typed', async () => {
    const { engine } = await open()
    const statement: Statement = { ...loansRead, sql: 'SELEKT ?', values: [{ type: 'varchar', value: 'Müller' }] }
    const { error } = await ended(engine, await engine.start(statement, startOptions()))
    expect(error).toMatchObject({ kind: 'user' })
    expect(error?.message).not.toContain('Müller')
  })

  it('in what may be a hidden row it is run again behind a barrier', async () => {
    const { engine, asked } = await open((sql) =>
      sql.includes('LIMIT 9223372036854775807')
        ? twoLoans()
        : { error: new TrinoError('DIVISION_BY_ZERO', 'USER_ERROR', 'Division by zero') },
    )
    const id = await engine.start(secret(loansRead), startOptions())
    expect((await ended(engine, id)).state).toBe('SUCCEEDED')
    expect(asked).toHaveLength(2)
    const open_ = await engine.start(loansRead, startOptions())
    expect((await ended(engine, open_)).error?.kind).toBe('user')
    expect(asked).toHaveLength(3)
  })

  it('because its value is longer than Athena takes, it says so and is not run', async () => {
    const { engine, asked } = await open()
    const values = [{ type: 'varchar', value: 'x'.repeat(2000) }]
    const { error } = await ended(engine, await engine.start({ ...loansRead, values }, startOptions()))
    expect(error).toMatchObject({ kind: 'user', message: expect.stringContaining('Value 1') })
    expect(asked).toEqual([])
  })
})

describe('stopping', () => {
  it('a query that runs too long', async () => {
    const { engine, fault, service } = await open()
    fault({ kind: 'delay', runningMs: 10_000 })
    const id = await engine.start(loansRead, startOptions({ timeLimit: 100 }))
    expect((await ended(engine, id)).error).toMatchObject({ kind: 'limit', message: expect.stringContaining('100 ms') })
    const found = (await service.call('GetQueryExecution', { QueryExecutionId: id })) as {
      QueryExecution: { Status: unknown }
    }
    expect(found.QueryExecution.Status).toMatchObject({ State: 'CANCELLED' })
  })

  it('a query that somebody cancels, from any process, also when it has ended', async () => {
    const { engine, another, fault, service } = await open()
    fault({ kind: 'delay', runningMs: 10_000, times: 2 })
    const one = await engine.start(loansRead, startOptions())
    await engine.cancel(one)
    expect((await engine.status(one)).state).toBe('CANCELLED')
    await engine.cancel(one)
    const two = await engine.start(loansRead, startOptions())
    const second = another()
    await second.cancel(two)
    expect((await ended(engine, two)).state).toBe('CANCELLED')
    const found = (await service.call('GetQueryExecution', { QueryExecutionId: one })) as {
      QueryExecution: { Status: unknown }
    }
    expect(found.QueryExecution.Status).toMatchObject({ State: 'CANCELLED' })
    await second.close()
  })
})

describe('an export', () => {
  it('is one file with its keys, in a folder that has nothing else', async () => {
    const { engine, work } = await open()
    const folder = join(work, 'out')
    const columns = [{ name: 'loan', heading: 'Loan' }]
    const id = await engine.unload(
      loansRead,
      { folder, format: 'csv', columns, keys: [[['loan']]] },
      startOptions({ lane: 'export' }),
    )
    expect((await ended(engine, id)).result).toMatchObject({ rows: 2, more: false, keys: 2 })
    expect((await readdir(folder)).sort()).toEqual(['keys.jsonl', 'result.csv'])
    expect(await readFile(join(folder, 'result.csv'), 'utf8')).toBe('Loan\r\na\r\nb\r\n')
    await expect(engine.unload(loansRead, { folder, format: 'csv', columns }, startOptions())).rejects.toThrow(
      'not empty',
    )
  })

  it('that is cancelled while its result is read leaves nothing', async () => {
    const pages = Array.from({ length: 400 }, (_, page) => Array.from({ length: 100 }, (_, row) => [`${page}-${row}`]))
    const { engine, work } = await open(() => ({ columns: [column('loan')], pages }))
    for (const format of ['csv', 'json', 'parquet'] as const) {
      const folder = join(work, format)
      const columns = [{ name: 'loan', heading: 'Loan' }]
      const options = startOptions({ rowLimit: 1_000_000 })
      const id = await engine.unload(loansRead, { folder, format, columns, keys: [[['loan']]] }, options)
      while ((await readdir(folder)).length === 0) await new Promise((resolve) => setTimeout(resolve, 1))
      await engine.cancel(id)
      expect((await engine.status(id)).state).toBe('CANCELLED')
      expect(await readdir(folder)).toEqual([])
    }
  })

  it('that fails or is cancelled leaves nothing', async () => {
    const { engine, work, fault } = await open()
    const columns = [{ name: 'absent', heading: 'Loan' }]
    const failing = { folder: join(work, 'failing'), format: 'parquet' as const, columns }
    const failed = await ended(engine, await engine.unload(loansRead, failing, startOptions()))
    expect(failed.error).toMatchObject({ kind: 'user', message: 'The query gives no column "absent".' })
    expect(await readdir(failing.folder)).toEqual([])
    fault({ kind: 'delay', runningMs: 10_000 })
    const cancelled = { folder: join(work, 'cancelled'), format: 'csv' as const, columns }
    const id = await engine.unload(loansRead, cancelled, startOptions())
    await engine.cancel(id)
    expect((await engine.status(id)).state).toBe('CANCELLED')
    expect(await readdir(cancelled.folder)).toEqual([])
  })
})
