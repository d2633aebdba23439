import {
  CreateWorkGroupCommand,
  GetQueryExecutionCommand,
  GetWorkGroupCommand,
  UpdateWorkGroupCommand,
} from '@aws-sdk/client-athena'
import { afterEach, describe, expect, it } from 'vitest'
import { tokenBucket } from '../src/athena/limits/token-bucket.ts'
import { type Served, serve } from './support/served.ts'

let served: Served | undefined
afterEach(() => served?.stop())

describe('rates', () => {
  it('a bucket gives its burst at once and then its rate', () => {
    let now = 0
    const take = tokenBucket(
      () => ({ rate: 20, burst: 3 }),
      () => now,
    )
    expect([take(), take(), take(), take()]).toEqual([true, true, true, false])
    now += 49
    expect(take()).toBe(false)
    now += 1
    expect([take(), take()]).toEqual([true, false])
    now += 60_000
    expect([take(), take(), take(), take()]).toEqual([true, true, true, false])
  })

  it('throttles starts and gets apart, each with ThrottlingException', async () => {
    served = await serve(undefined, { startBurst: 2, startRate: 1, getBurst: 1, getRate: 0 })
    const id = await served.start('SELECT 1')
    await served.start('SELECT 1')
    await expect(served.start('SELECT 1')).rejects.toMatchObject({
      name: 'ThrottlingException',
      message: 'Rate exceeded',
    })
    const get = () => served?.client.send(new GetQueryExecutionCommand({ QueryExecutionId: id }))
    await get()
    await expect(get()).rejects.toMatchObject({ name: 'ThrottlingException' })
    served.time.now += 1000
    await served.start('SELECT 1')
  })
})

describe('quotas', () => {
  it('counts queued and running queries, also those that arrive at the same moment', async () => {
    served = await serve(() => ({ ms: 10_000 }), { activeDml: 3, runningAtOnce: 1 })
    const start = served.start
    const outcomes = await Promise.allSettled([1, 2, 3, 4, 5].map((at) => start(`SELECT ${at}`)))
    const refusals = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []))
    expect(refusals).toHaveLength(2)
    expect(refusals[0]).toMatchObject({ name: 'TooManyRequestsException', Reason: 'CONCURRENT_QUERY_LIMIT_EXCEEDED' })
  })

  it('refuses a text over 262,144 bytes, counted as UTF-8', async () => {
    served = await serve()
    const fits = `SELECT '${'ü'.repeat((262_144 - 10) / 2)}'`
    expect(Buffer.byteLength(fits)).toBeLessThanOrEqual(262_144)
    await served.start(fits)
    await expect(served.start(`${fits} AS a`)).rejects.toMatchObject({ name: 'InvalidRequestException' })
  })

  it('ends a query that runs into the time limit', async () => {
    served = await serve(() => ({ ms: 10_000 }), { dmlTimeoutMs: 5 })
    const { Status } = await served.ended(await served.start('SELECT 1'))
    expect(Status).toMatchObject({
      State: 'FAILED',
      StateChangeReason: 'Query timeout',
      AthenaError: { ErrorType: 210 },
    })
  })
})

describe('a workgroup', () => {
  it('cuts off at its bytes, one more than allowed', async () => {
    let bytes = 10_000_000
    served = await serve(() => ({ bytes }))
    const Configuration = {
      BytesScannedCutoffPerQuery: 10_000_000,
      ResultConfiguration: { OutputLocation: 's3://bucket/group' },
    }
    await served.client.send(new CreateWorkGroupCommand({ Name: 'cut', Configuration }))
    const fits = await served.ended(await served.start('SELECT 1', { WorkGroup: 'cut' }))
    expect(fits.Status?.State).toBe('SUCCEEDED')
    // Enforced, so that what the client said does not count.
    expect(fits.ResultConfiguration?.OutputLocation).toBe(`s3://bucket/group/${fits.QueryExecutionId}.csv`)

    bytes += 1
    const cut = await served.ended(await served.start('SELECT 1', { WorkGroup: 'cut' }))
    expect(cut.Status).toMatchObject({
      State: 'CANCELLED',
      StateChangeReason: expect.stringContaining('Bytes scanned limit was exceeded'),
    })
    expect(cut.Statistics?.DataScannedInBytes).toBe(10_000_001)
  })

  it('accepts no cut-off below 10,000,000 bytes, and can lose one', async () => {
    served = await serve()
    const { client } = served
    const low = { BytesScannedCutoffPerQuery: 9_999_999 }
    await expect(client.send(new CreateWorkGroupCommand({ Name: 'low', Configuration: low }))).rejects.toThrow(
      '10000000',
    )
    const Configuration = { BytesScannedCutoffPerQuery: 20_000_000 }
    await client.send(new CreateWorkGroupCommand({ Name: 'group', Configuration }))
    const ConfigurationUpdates = { RemoveBytesScannedCutoffPerQuery: true, EnforceWorkGroupConfiguration: false }
    await client.send(new UpdateWorkGroupCommand({ WorkGroup: 'group', ConfigurationUpdates }))
    const { WorkGroup } = await client.send(new GetWorkGroupCommand({ WorkGroup: 'group' }))
    expect(WorkGroup?.Configuration?.BytesScannedCutoffPerQuery).toBeUndefined()
    expect(WorkGroup?.Configuration?.EnforceWorkGroupConfiguration).toBe(false)
  })

  it('that is disabled or not there takes no query', async () => {
    served = await serve()
    await expect(served.start('SELECT 1', { WorkGroup: 'nobody' })).rejects.toThrow('is not found')
    await served.client.send(new CreateWorkGroupCommand({ Name: 'off' }))
    await served.client.send(new UpdateWorkGroupCommand({ WorkGroup: 'off', State: 'DISABLED' }))
    await expect(served.start('SELECT 1', { WorkGroup: 'off' })).rejects.toThrow('is disabled')
  })
})
