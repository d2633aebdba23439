import { afterEach, describe, expect, it } from 'vitest'
import { type Served, serve } from './support/served.ts'

let served: Served | undefined
afterEach(() => served?.stop())

const control = (path: string, method: string, body?: unknown) =>
  fetch(`${served?.endpoint}/_rehearsal/${path}`, { method, ...(body ? { body: JSON.stringify(body) } : {}) })

describe('failures on purpose', () => {
  it('throttles the next starts, and only those', async () => {
    served = await serve()
    await control('faults', 'POST', { kind: 'refuse', operation: 'StartQueryExecution', times: 2 })
    await expect(served.start('SELECT 1')).rejects.toMatchObject({ name: 'ThrottlingException' })
    await expect(served.start('SELECT 1')).rejects.toMatchObject({ name: 'ThrottlingException' })
    await served.ended(await served.start('SELECT 1'))
  })

  it('fails the next query that matches with the error asked for', async () => {
    served = await serve()
    const reason = 'HIVE_CURSOR_ERROR: Failed to read Parquet file: s3://bucket/a.parquet'
    const error = { ErrorCategory: 2, ErrorType: 1001, Retryable: true }
    await control('faults', 'POST', { kind: 'fail', match: 'policies', reason, error })
    const other = await served.ended(await served.start('SELECT 1'))
    expect(other.Status?.State).toBe('SUCCEEDED')
    const hit = await served.ended(await served.start('SELECT * FROM policies'))
    expect(hit.Status).toMatchObject({ State: 'FAILED', StateChangeReason: reason, AthenaError: error })
    const again = await served.ended(await served.start('SELECT * FROM policies'))
    expect(again.Status?.State).toBe('SUCCEEDED')
  })

  it('keeps a query waiting, and sends it back from RUNNING to QUEUED', async () => {
    served = await serve()
    await control('faults', 'POST', { kind: 'delay', queuedMs: 40, runningMs: 40, requeue: true })
    const id = await served.start('SELECT 1')
    const seen: (string | undefined)[] = []
    while (seen.at(-1) !== 'SUCCEEDED') {
      const state = (await served.get(id)).Status?.State
      if (seen.at(-1) !== state) seen.push(state)
      served.time.now += 1000
    }
    expect(seen.slice(0, 3)).toEqual(['QUEUED', 'RUNNING', 'QUEUED'])
  })

  it('says of a query that it read more than it did', async () => {
    served = await serve(() => ({ bytes: 1 }))
    await control('faults', 'POST', { kind: 'scan', bytes: 5_000_000_000 })
    const { Statistics } = await served.ended(await served.start('SELECT 1'))
    expect(Statistics?.DataScannedInBytes).toBe(5_000_000_001)
  })

  it('forgets what was asked for, changes settings, and refuses what it does not know', async () => {
    served = await serve()
    await control('faults', 'POST', { kind: 'refuse' })
    await control('faults', 'DELETE')
    await control('settings', 'PATCH', { activeDml: 0 })
    await expect(served.start('SELECT 1')).rejects.toMatchObject({ name: 'TooManyRequestsException' })
    for (const [path, method, body] of [
      ['faults', 'POST', { kind: 'burn' }],
      ['settings', 'PATCH', { activeDmll: 1 }],
      ['settings', 'PATCH', { activeDml: -1 }],
    ] as const) {
      expect((await control(path, method, body)).status).toBe(400)
    }
  })
})
