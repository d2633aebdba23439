import type { ModelDescription } from '@muniment/api/contract'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fitForPrint } from '../src/components/usePlainPrint.ts'
import { drawDomain, rankTables } from '../src/features/model/layout.ts'
import { divideColumns } from '../src/features/print/fitTables.ts'

type Table = ModelDescription['tables'][number]

const table = (name: string, refersTo: string[], domain = 'd'): Table => ({
  name,
  domain,
  title: name,
  description: name,
  source: name,
  rows: 1,
  bytes: 1,
  primaryKey: ['id'],
  foreignKeys: refersTo.map((target) => ({ columns: ['x'], table: target, to: ['id'] })),
  persons: [],
  columns: [],
  useCases: [],
})

const model = (tables: Table[]): ModelDescription => ({
  name: 'm',
  title: 'm',
  description: 'm',
  timeZone: 'UTC',
  legalEntities: [],
  domains: [{ name: 'd', title: 'd', description: 'd' }],
  codeLists: {},
  tables,
})

/** Any references among a few tables: cycles, self references and unknown targets too. */
const anyTables = fc
  .array(fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 4 }), { minLength: 1, maxLength: 8 })
  .map((keys) =>
    keys.map((targets, at) =>
      table(
        `t${at}`,
        targets.map((target) => `t${target}`),
        at % 3 ? 'd' : 'e',
      ),
    ),
  )

describe('drawDomain', () => {
  it('puts a table to the right of what it refers to', () => {
    const ranks = rankTables([table('claims', ['policies']), table('policies', ['parties']), table('parties', [])])
    expect(Object.fromEntries(ranks)).toEqual({ parties: 0, policies: 1, claims: 2 })
  })

  it('draws the tables of other domains that are referred to, as guests', () => {
    const drawing = drawDomain(
      model([table('claims', ['parties']), table('parties', ['agents'], 'e'), table('agents', [], 'e')]),
      'd',
    )
    expect(drawing.boxes.map((box) => [box.table.name, box.isGuest])).toEqual([
      ['parties', true],
      ['claims', false],
    ])
    expect(drawing.lines.map((line) => [line.from, line.to])).toEqual([['claims', 'parties']])
  })

  it('never lays two boxes over each other, nor one outside of the drawing', () => {
    fc.assert(
      fc.property(anyTables, (tables) => {
        const { boxes, width, height } = drawDomain(model(tables), 'd')
        for (const [at, one] of boxes.entries()) {
          expect(one.x >= 0 && one.y >= 0 && one.x + one.width <= width && one.y + one.height <= height).toBe(true)
          for (const other of boxes.slice(at + 1)) {
            const apart = one.x !== other.x || Math.abs(one.y - other.y) >= one.height
            expect(apart).toBe(true)
          }
        }
      }),
    )
  })
})

describe('divideColumns', () => {
  it('repeats the identifying column in every part', () => {
    expect(divideColumns([40, 30, 30, 30], 0, 100)).toEqual([
      [0, 1, 2],
      [0, 3],
    ])
  })

  it('shows every other column exactly once, in order, and fills no part beyond its paper if it need not', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 2, maxLength: 30 }),
        fc.integer({ min: 50, max: 400 }),
        (widths, available) => {
          const groups = divideColumns(widths, 0, available)
          expect(groups.flatMap((group) => group.slice(1))).toEqual(widths.map((_, at) => at).slice(1))
          for (const group of groups) {
            const width = group.reduce((sum, column) => sum + (widths[column] ?? 0), 0)
            expect(group[0] === 0 && (width <= available || group.length === 2)).toBe(true)
          }
        },
      ),
    )
  })
})

describe('fitForPrint', () => {
  it('keeps a narrow table upright and as large as it is', () => {
    expect(fitForPrint(900, 'A4')).toEqual({ isWide: false, zoom: 1 })
    expect(fitForPrint(950, 'A4').isWide).toBe(true)
    expect(fitForPrint(950, 'letter').isWide).toBe(false)
  })

  it.each([
    ['A4', 672, 1001],
    ['letter', 695, 935],
  ] as const)('never leaves a table wider than %s on its side', (paper, upright, sideways) => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20_000 }), (width) => {
        const { isWide, zoom } = fitForPrint(width, paper)
        expect(width * 0.72 * zoom).toBeLessThanOrEqual(isWide ? sideways + 0.001 : upright)
      }),
    )
  })
})
