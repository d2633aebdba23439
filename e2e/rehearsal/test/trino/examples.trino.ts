import { join } from 'node:path'
import { runExamples } from '@muniment/cli/publish/examples'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkout } from '../../src/install/cache-folder.ts'
import { type Engines, openEngines } from './support/engines.ts'

let engines: Engines
beforeAll(async () => {
  engines = await openEngines('examples')
})
afterAll(() => engines.close())

describe('publishing', () => {
  it('finds the examples of every query and use case as they promise, in Athena', async () => {
    const began = performance.now()
    const ran = await runExamples(engines.engine, join(checkout, 'query-templates'), 'pas', 20e9)
    console.log('examples', ran.examples, 'bytes billed', ran.bytes, 'ms', Math.round(performance.now() - began))
    expect(ran.findings).toEqual([])
    expect(ran.examples).toBeGreaterThan(150)
    expect(ran.bytes).toBeGreaterThanOrEqual(ran.examples * 10_000_000)
  }, 400_000)
})
