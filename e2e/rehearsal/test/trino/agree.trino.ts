import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { ask, difference } from '../../src/agree/answer.ts'
import { type BothEngines, openBothEngines } from '../../src/agree/both-engines.ts'
import { examplesAgree, exportsAgree, expressionsAgree, searchesAgree, told } from '../../src/agree/whole-run.ts'
import { cacheFolder } from '../../src/install/cache-folder.ts'

const minutes = 60_000
/** Another one each time; `MUNIMENT_SEED` repeats one. */
const seed = Number(process.env.MUNIMENT_SEED ?? Date.now() % 1_000_000_000)

let engines: BothEngines
beforeAll(async () => {
  const home = join(cacheFolder(), 'sample-1000')
  engines = await openBothEngines({ aws: inject('aws'), athena: inject('athena'), bucket: inject('bucket'), home })
})
afterAll(() => engines.close())

describe('the embedded engine and Athena’s', () => {
  it(
    'give equal columns, types, rows and order for every example of every query and use case',
    async () => {
      const report = await examplesAgree(engines)
      console.log(told('Examples', report))
      expect(report.differences).toEqual([])
      expect(report.withRows).toBeGreaterThan(150)
    },
    10 * minutes,
  )

  it(
    `answer or refuse generated searches alike, as each role sees them (seed ${seed})`,
    async () => {
      const report = await searchesAgree(engines, 100, seed)
      console.log(told('Generated searches', report))
      expect(report.differences).toEqual([])
      expect(report.compared).toBeGreaterThanOrEqual(100)
      expect(report.withRows).toBeGreaterThan(20)
    },
    10 * minutes,
  )

  it(
    `compute alike with hostile texts, edges of dates and of numbers (seed ${seed})`,
    async () => {
      const report = await expressionsAgree(engines, 60, seed)
      console.log(told('Generated expressions', report))
      expect(report.differences).toEqual([])
      expect(report.withRows).toBeGreaterThan(30)
    },
    10 * minutes,
  )

  it(
    'write the same bytes into files, sorted ones too',
    async () => {
      const report = await exportsAgree(engines)
      console.log(told('Exports', report))
      expect(report.differences).toEqual([])
      expect(report.withRows).toBe(report.compared)
    },
    10 * minutes,
  )

  it('are told apart where one of them is asked for a value that is another in a single row', async () => {
    const sql = (status: string) =>
      `SELECT policy_number, ${status} AS status FROM policies WHERE policy_number = ? ORDER BY policy_number`
    const values = [{ type: 'varchar', value: '100000157' }]
    const read = (text: string) => engines.read({ application: 'pas', sql: text, values })
    const own = await ask(engines.embedded, await read(sql('status')))
    expect(difference(own, await ask(engines.athena, await read(sql('status'))))).toBeUndefined()
    const altered = await ask(engines.athena, await read(sql(`CASE WHEN status IS NULL THEN status ELSE '?' END`)))
    expect(difference(own, altered)).toContain('column 2')
  })
})
