import { estimate } from '@muniment/archive/engine/estimate'
import type { BoundValue, Restrictions, Statement } from '@muniment/archive/engine/port'
import { bind } from '@muniment/query-templates/bind'
import { checkInputs } from '@muniment/query-templates/inputs'
import { panelInputs } from '@muniment/query-templates/panel-inputs'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type SampleArchive, sampleArchive } from './sample-archive.ts'

let archive: SampleArchive
beforeAll(async () => {
  archive = await sampleArchive({ policies: 1000 })
})
afterAll(() => archive?.close())

async function boundOf(statement: Statement, engine: 'duckdb' | 'athena' = 'duckdb'): Promise<number> {
  const snapshot = await archive.catalog.read('pas')
  const reading = await archive.engine.reading?.(statement)
  if (!snapshot || !reading) throw new Error('nothing is known of the sample')
  const { tables } = archive.templates.application
  return estimate(statement, { reading, snapshot, tables, engine }).bytesAtMost
}

async function read(statement: Statement): Promise<number> {
  const options = { lane: 'search', person: 'tests', timeLimit: 60_000, rowLimit: 10_000 } as const
  const id = await archive.engine.start(statement, { token: `estimate-${crypto.randomUUID()}`, ...options })
  const { state, error, statistics } = await archive.engine.wait(id, 60_000)
  // Not run at all.
  if (error?.kind === 'masked') return 0
  if (state !== 'SUCCEEDED') throw new Error(`${state}: ${error?.message}`)
  return statistics.bytesScanned
}

/** Every example of every query, and of every use case by its panels. */
function statements(): [string, Statement][] {
  const { application, queries, useCases } = archive.templates
  const ofQueries = [...queries.values()].flatMap((query) =>
    query.examples.map(({ title, inputs }): [string, Statement] => [
      `${query.name}: ${title}`,
      bind(archive.templates, query, checkInputs(query, inputs, application)),
    ]),
  )
  const ofUseCases = [...useCases.values()].flatMap((useCase) =>
    useCase.examples.flatMap(({ title, inputs }) =>
      useCase.panels.flatMap((panel): [string, Statement][] => {
        const query = queries.get(panel.query)
        if (!query) return []
        const bound = panelInputs(query, panel, checkInputs(useCase, inputs, application), application)
        const sort = panel.sort === undefined ? {} : { sort: panel.sort }
        return [[`${useCase.name}: ${title}, ${panel.name}`, bind(archive.templates, query, bound, sort)]]
      }),
    ),
  )
  return [...ofQueries, ...ofUseCases]
}

const restricted = (rest: Partial<Restrictions>): Restrictions => ({
  id: '',
  tables: archive.templates.application.tables.map(({ name }) => name),
  masks: [],
  rowRules: [],
  ...rest,
})

const statement = (sql: string, values: BoundValue[] = []): Statement => ({ application: 'pas', sql, values })

describe('the bound of what is read is never passed', () => {
  it.each(['nothing', 'masks', 'row rules', 'both'])('by any example of any query, with %s in force', async (what) => {
    const { tables, rowRules } = archive.templates.application
    const masks = tables.flatMap((table) =>
      table.columns
        .filter(({ sensitivity }) => sensitivity.includes('financial'))
        .map(({ name }) => ({ table: table.name, column: name, mask: 'hidden' as const })),
    )
    const restrictions = restricted({
      masks: what === 'masks' || what === 'both' ? masks : [],
      rowRules: what === 'row rules' || what === 'both' ? Object.keys(rowRules) : [],
    })
    const all = statements()
    expect(all.length).toBeGreaterThan(100)
    const passed: string[] = []
    let reading = 0
    for (const [name, plain] of all) {
      const asked = what === 'nothing' ? plain : { ...plain, restrictions }
      const most = await boundOf(asked)
      const bytes = await read(asked)
      if (bytes > 0) reading++
      if (bytes > most) passed.push(`${name}: ${bytes} of ${most}`)
    }
    expect(passed).toEqual([])
    expect(reading).toBeGreaterThan(all.length / 3)
  })

  it.each([
    [
      'a table joined with itself',
      'SELECT count(*) AS n FROM receipts a JOIN receipts b ON a.reference = b.reference AND a.iban = b.iban',
    ],
    [
      'a WITH query named twice',
      'WITH r AS (SELECT receipt_number, reference FROM receipts) SELECT count(*) AS n FROM r AS a JOIN r AS b ON a.receipt_number = b.receipt_number WHERE a.reference = b.reference',
    ],
    ['several DISTINCT', 'SELECT count(DISTINCT iban) AS a, count(DISTINCT reference) AS b FROM receipts'],
    ['all columns', 'SELECT * FROM parties ORDER BY party_number'],
    ['a count', 'SELECT count(*) AS n FROM parties'],
    ['nothing', 'SELECT 1 AS n'],
  ])('by %s', async (_, sql) => {
    const asked = statement(sql)
    expect(await read(asked)).toBeLessThanOrEqual(await boundOf(asked))
  })

  it('where partitions are left out, whatever is compared', async () => {
    const year = fc
      .integer({ min: 2013, max: 2026 })
      .map((value): BoundValue => ({ type: 'varchar', value: String(value) }))
    const condition = fc.oneof(
      fc
        .tuple(fc.constantFrom('=', '<', '>', '<=', '>='), year)
        .map(([by, value]) => ({ sql: `${by} ?`, values: [value] })),
      fc.array(year, { minLength: 1, maxLength: 4 }).map((values) => ({
        sql: `IN (${values.map(() => '?').join(', ')})`,
        values,
      })),
    )
    const whole = await boundOf(statement('SELECT k.amount FROM commissions k'))
    let less = 0
    await fc.assert(
      fc.asyncProperty(condition, condition, fc.constantFrom('AND', 'OR'), async (one, other, word) => {
        const asked = statement(
          `SELECT k.amount FROM commissions k WHERE k.settlement_year ${one.sql} ${word} k.settlement_year ${other.sql}`,
          [...one.values, ...other.values],
        )
        const most = await boundOf(asked)
        expect(most).toBeLessThanOrEqual(whole)
        if (most < whole) less++
        expect(await read(asked)).toBeLessThanOrEqual(most)
      }),
      { numRuns: 60 },
    )
    expect(less).toBeGreaterThan(5)
  })
})
