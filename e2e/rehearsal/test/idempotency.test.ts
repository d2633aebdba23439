import { afterEach, describe, expect, it } from 'vitest'
import { type Served, serve } from './support/served.ts'

let served: Served | undefined
afterEach(() => served?.stop())

const token = 'x'.repeat(32)

describe('ClientRequestToken', () => {
  it('starts one query for many calls, even at the same moment', async () => {
    served = await serve()
    const start = served.start
    const ids = await Promise.all([1, 2, 3].map(() => start('SELECT 1', { ClientRequestToken: token })))
    await served.ended(ids[0] ?? '')
    expect(new Set([...ids, await start('SELECT 1', { ClientRequestToken: token })]).size).toBe(1)
    expect(served.asked).toEqual(['SELECT 1'])
  })

  it('refuses the same token with another text, parameter or place', async () => {
    served = await serve()
    const first = { ClientRequestToken: token, ExecutionParameters: ['1'] }
    await served.start('SELECT ?', first)
    const others = [
      served.start('SELECT -?', first),
      served.start('SELECT ?', { ...first, ExecutionParameters: ['2'] }),
      served.start('SELECT ?', { ...first, ResultConfiguration: { OutputLocation: 's3://bucket/other/' } }),
    ]
    for (const other of others) await expect(other).rejects.toThrow('Idempotent parameters do not match')
  })

  it('is not used up by a start that was refused', async () => {
    served = await serve(undefined, { activeDml: 0 })
    await expect(served.start('SELECT 1', { ClientRequestToken: token })).rejects.toThrow('exceeded the limit')
    served.athena.settings.activeDml = 1
    await served.start('SELECT 1', { ClientRequestToken: token })
  })

  it.each([31, 129])('has 32 to 128 characters: not %i', async (length) => {
    served = await serve()
    const start = served.start('SELECT 1', { ClientRequestToken: 'x'.repeat(length) })
    await expect(start).rejects.toMatchObject({ name: 'InvalidRequestException' })
  })

  it('settles a reply that was lost after the start was applied', async () => {
    served = await serve()
    served.athena.faults.add({ kind: 'loseReply', operation: 'StartQueryExecution' })
    await expect(served.start('SELECT 1', { ClientRequestToken: token })).rejects.toThrow()
    await served.ended(await served.start('SELECT 1', { ClientRequestToken: token }))
    expect(served.asked).toEqual(['SELECT 1'])
  })
})
