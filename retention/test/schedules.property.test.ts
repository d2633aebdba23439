import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeArchive, type TestArchive } from '../../archive/test/engine-archive.ts'
import { rowsOf } from '../src/plan/ask.ts'
import { localDay } from '../src/plan/days.ts'
import { compile } from '../src/plan/sql/compile.ts'
import { standings } from '../src/plan/sql/standing.ts'
import { checkSchedules } from '../src/schedule/check-schedules.ts'
import { DomainSchedules } from '../src/schedule/types.ts'
import { judge, type Setting, type TextRow } from './calculator.ts'

const columns = {
  policies: {
    id: 'varchar',
    entity: 'varchar',
    ended: 'date',
    touched: 'timestamp',
    status: 'varchar',
    holder: 'varchar',
  },
  claims: { id: 'varchar', policy: 'varchar', closed: 'date', status: 'varchar' },
  people: { id: 'varchar', born: 'date' },
} as const
const plausible = { from: '1900-01-01', to: '2150-12-31' }

const edges = [
  '2024-02-28',
  '2024-02-29',
  '2023-02-28',
  '2023-12-31',
  '2024-01-01',
  '1900-02-28',
  '1999-12-31',
  '2000-02-29',
]
const day = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      ...edges,
      '2023-01-31',
      '2023-08-31',
      '2023-11-30',
      '2100-02-28',
      '1600-02-29',
      '9998-12-31',
    ),
  },
  {
    weight: 6,
    arbitrary: fc
      .date({ min: new Date('1985-01-01T00:00:00Z'), max: new Date('2040-12-31T00:00:00Z'), noInvalidDate: true })
      .map((date) => date.toISOString().slice(0, 10)),
  },
)
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null, freq: 6 })
const status = maybe(fc.constantFrom('open', 'closed', 'ended'))
const near = (text: string, move: number) => {
  const date = new Date(`${text}T00:00:00Z`)
  date.setUTCDate(date.getUTCDate() + move)
  return date.toISOString().slice(0, 10)
}

const world = fc.record({
  people: fc.array(fc.record({ born: maybe(day) }), { minLength: 1, maxLength: 4 }),
  policies: fc.array(
    fc.record({
      entity: maybe(fc.constantFrom('10', '20')),
      ended: maybe(day),
      touched: maybe(fc.tuple(day, fc.constantFrom('00:00:00', '12:30:00', '23:59:59'))),
      status,
      holder: maybe(fc.integer({ min: 0, max: 5 })),
      claims: fc.array(fc.record({ closed: maybe(day), status }), { maxLength: 2 }),
    }),
    { minLength: 12, maxLength: 30 },
  ),
})

const period = fc.constantFrom('P0D', 'P1D', 'P2W', 'P1M', 'P6M', 'P1Y', 'P3Y', 'P10Y', 'P30Y', 'P1Y1M1D', 'P4Y')
const where = fc.oneof(
  fc.constant([]),
  fc.constantFrom(
    [{ column: 'status', in: ['open'] }],
    [{ column: 'status', notIn: ['ended'] }],
    [{ column: 'status', present: true }],
  ),
)
const trigger = fc.oneof(
  fc.record({ column: fc.constantFrom('ended', 'touched'), where, missing: fc.constantFrom('unknown', 'ignored') }),
  fc.record({
    via: fc.constant([{ table: 'claims' }]),
    column: fc.constant('closed'),
    where,
    missing: fc.constantFrom('unknown', 'ignored'),
  }),
)
const rows = fc.constantFrom(
  { where: [{ column: 'status', in: ['closed', 'ended'] }] },
  { where: [{ column: 'ended', moreThan: '2010-01-01' }] },
  { via: [{ table: 'claims' }], where: [{ column: 'status', in: ['open'] }] },
  { via: [{ table: 'people' }], where: [{ column: 'born', youngerThan: 'P18Y' }] },
)
const schedule = fc
  .record({
    kind: fc.constantFrom('keep-at-least', 'keep-at-least', 'keep-no-longer-than'),
    action: fc.constantFrom('destroy', 'destroy', 'destroy', 'review', 'keep'),
    legalEntities: fc.option(fc.constantFrom(['10'], ['20']), { nil: undefined }),
    applies: fc.array(rows, { maxLength: 1 }),
    inForce: fc.constantFrom({ from: '2000-01-01' }, { from: '2000-01-01', to: '2020-06-30' }, { from: '2021-01-01' }),
    trigger: fc.array(trigger, { minLength: 1, maxLength: 3 }).map((latestOf) => ({ title: 'the end', latestOf })),
    period,
    begin: fc.constantFrom('event', 'calendar-year-end', 'fiscal-year-end'),
    month: fc.integer({ min: 1, max: 12 }),
  })
  .map(({ month, legalEntities, ...one }) => ({
    ...one,
    action: one.kind === 'keep-no-longer-than' && one.action === 'keep' ? 'destroy' : one.action,
    ...(legalEntities ? { legalEntities } : {}),
    ...(one.begin === 'fiscal-year-end' ? { fiscalYearEnds: month } : {}),
  }))
const drawn = fc.record({
  world,
  schedules: fc.array(schedule, { minLength: 1, maxLength: 4 }),
  keepWhile: fc.array(rows, { maxLength: 2 }),
  asOf: fc.oneof(
    fc.constantFrom('2024-02-28', '2024-02-29', '2024-03-01', '2023-12-31', '2024-01-01'),
    day.filter((one) => one > '1990' && one < '2120'),
  ),
})

type Drawn<Of> = Of extends fc.Arbitrary<infer Value> ? Value : never

const authority = { law: 'Law', jurisdiction: 'Here', source: 'a book', read: '2026-01-01' }

function domain({ schedules, keepWhile }: Pick<Drawn<typeof drawn>, 'schedules' | 'keepWhile'>) {
  return DomainSchedules.parse({
    format: 1,
    application: 'pas',
    domain: 'all',
    title: 'All',
    keptForGood: { claims: 'Tested elsewhere.', people: 'Tested elsewhere.' },
    plausible,
    classes: [
      {
        name: 'policies',
        title: 'Policies',
        description: 'Policies.',
        table: 'policies',
        mayDangle: ['claims.policy'],
        keepWhile: keepWhile.map((one, index) => ({ ...one, title: `Condition ${index}` })),
        schedules: [...schedules.map((one, index) => ({ ...one, id: `s${index}`, title: `S${index}`, authority }))],
      },
    ],
  })
}

let archive: TestArchive
let engine: Awaited<ReturnType<TestArchive['engine']>>

beforeAll(async () => {
  archive = await makeArchive({ pas: {} })
  engine = await archive.engine()
})
afterAll(async () => {
  await engine.close()
  await archive.close()
})

const literal = (text: string | null, type: string) =>
  text === null ? `CAST(NULL AS ${type})` : `CAST('${text}' AS ${type})`

function definition(name: keyof typeof columns, all: TextRow[]) {
  const types = columns[name]
  const values = all.map(
    (row, index) =>
      `(${index}::BIGINT, ${Object.entries(types)
        .map(([column, type]) => literal(row[column] ?? null, type))
        .join(', ')})`,
  )
  const names = ['_row', ...Object.keys(types)].join(', ')
  const objects = all.length === 0 ? [] : [{ select: `SELECT * FROM (VALUES ${values.join(', ')}) AS t(${names})` }]
  return { domain: 'all', columns: { ...types }, objects }
}

async function loaded(drawnWorld: Drawn<typeof world>) {
  const people = drawnWorld.people.map((one, index): TextRow => ({ id: `P${index}`, ...one }))
  const policies = drawnWorld.policies.map(
    ({ touched, holder, claims: _, ...one }, index): TextRow => ({
      ...one,
      id: `V${String(index).padStart(3, '0')}`,
      touched: touched && `${touched[0]} ${touched[1]}.000`,
      holder: holder === null ? null : `P${holder}`,
    }),
  )
  const claims = drawnWorld.policies.flatMap((one, index) =>
    one.claims.map(
      (claim, number): TextRow => ({ ...claim, id: `C${index}-${number}`, policy: policies[index]?.id ?? null }),
    ),
  )
  const tables = { people, policies, claims }
  await archive.put('pas', {
    people: definition('people', people),
    policies: definition('policies', policies),
    claims: definition('claims', claims),
  })
  await engine.refresh('pas')
  const model = archive.model('pas')
  model.legalEntities = ['10', '20'].map((code) => ({ code, name: code }))
  for (const table of model.tables) {
    if (table.name === 'policies') {
      table.legalEntity = 'entity'
      table.foreignKeys = [{ columns: ['holder'], references: { table: 'people', columns: ['id'] } }]
    }
    if (table.name === 'claims')
      table.foreignKeys = [{ columns: ['policy'], references: { table: 'policies', columns: ['id'] } }]
  }
  return { tables, model }
}

const lead =
  (tables: Record<string, TextRow[]>): Setting['lead'] =>
  (table, row) => {
    if (table === 'claims')
      return { rows: (tables.claims ?? []).filter(({ policy }) => policy === row.id), lost: false }
    const rows = (tables.people ?? []).filter(({ id }) => id === row.holder)
    return { rows, lost: rows.length === 0 && row.holder !== null && row.holder !== undefined }
  }

const dayOfCode = (code: number) => {
  const at = new Date('0001-01-01T00:00:00Z')
  at.setUTCDate(at.getUTCDate() + Math.floor(code / 1000))
  return at.toISOString().replace(/^\+0*/, '').slice(0, 10)
}

describe('schedules in the query engine', () => {
  it('say of every record what the calculator says', { timeout: 240_000 }, async () => {
    const seen = new Map<string, number>()
    await fc.assert(
      fc.asyncProperty(drawn, async (one) => {
        const { tables, model } = await loaded(one.world)
        const schedules = domain(one)
        const others = [
          'No schedule says how long it must be kept at least. Write one, with P0D where there is no such time.',
        ]
        expect(checkSchedules(schedules, model).filter(({ message }) => !others.includes(message))).toEqual([])
        const held = new Set(model.tables.map(({ name }) => name))
        const [first] = schedules.classes
        const around = { tables, asOf: one.asOf, plausible, lead: lead(tables), legalEntity: 'entity' }
        const falls = tables.policies.flatMap((row) => (first ? (judge(row, first, around).dueFrom ?? []) : []))
        const soon = falls.filter((due) => due > '1990' && due < '2140').sort()[Math.floor(falls.length / 2)]
        // As of the day, of one on which something falls due, and of the day before.
        for (const asOf of [one.asOf, ...(soon === undefined ? [] : [soon, near(soon, -1)])]) {
          const made = compile({ model, schedules, asOf, statements: [], held })
          const version = (await archive.catalog.read('pas'))?.version ?? ''
          const found = await rowsOf({ engine, model, version }, made.records('policies'))
          const [recordClass] = schedules.classes
          const compiledClass = made.classes[0]
          if (!recordClass || !compiledClass) throw new Error('no class')
          const setting = { tables, asOf, plausible, lead: lead(tables), legalEntity: 'entity' }
          const wanted = tables.policies.map((row) => ({ id: row.id, ...judge(row, recordClass, setting) }))
          const got = found.map(([id, st, code]) => {
            const standing = standings[Number(st)] ?? ''
            seen.set(standing, (seen.get(standing) ?? 0) + 1)
            const number = Number(code)
            const dated = number >= 0 && standing !== 'for-good' && standing !== 'undated'
            return {
              id,
              standing,
              ...(dated && {
                dueFrom: dayOfCode(number),
                schedule: compiledClass.schedules[999 - (number % 1000)]?.id,
              }),
            }
          })
          const comparable = wanted.map((row) =>
            row.dueFrom === undefined ? { id: row.id, standing: row.standing } : row,
          )
          expect(
            got.map((row) =>
              comparable.find(({ id }) => id === row.id)?.dueFrom === undefined
                ? { id: row.id, standing: row.standing }
                : row,
            ),
          ).toEqual(comparable)
        }
      }),
      { numRuns: Number(process.env.MUNIMENT_SCHEDULE_RUNS ?? 12) },
    )
    // What never came out was not tested.
    for (const standing of ['due', 'not-due', 'undated', 'kept'])
      expect(seen.get(standing) ?? 0, standing).toBeGreaterThan(0)
  })
})

describe('the day that it is', () => {
  it.each([
    ['2026-12-31T22:59:59Z', 'Europe/Berlin', '2026-12-31'],
    ['2026-12-31T23:00:00Z', 'Europe/Berlin', '2027-01-01'],
    ['2026-06-30T21:59:59Z', 'Europe/Berlin', '2026-06-30'],
    ['2026-06-30T22:00:00Z', 'Europe/Berlin', '2026-07-01'],
    ['2026-03-29T00:59:59Z', 'Europe/Berlin', '2026-03-29'],
    ['2026-10-25T22:59:59Z', 'Europe/Berlin', '2026-10-25'],
    ['2026-10-25T23:00:00Z', 'Europe/Berlin', '2026-10-26'],
    ['2026-01-01T09:59:59Z', 'Pacific/Honolulu', '2025-12-31'],
    ['2025-12-31T10:00:00Z', 'Pacific/Kiritimati', '2026-01-01'],
  ])('at %s in %s is %s', (at, zone, expected) => {
    expect(localDay(new Date(at), zone)).toBe(expected)
  })
})
