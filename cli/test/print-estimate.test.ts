import { afterEach, describe, expect, it, vi } from 'vitest'
import { printEstimate } from '../src/print-estimate.ts'

const panels = [
  { name: 'a', title: 'Key facts', bytesAtMost: 1_500_000 },
  { name: 'b', title: 'Claims', bytesAtMost: 2_500_000 },
]

describe('what a search would read', () => {
  const code = process.exitCode
  afterEach(() => {
    vi.restoreAllMocks()
    process.exitCode = code
  })

  function printed(told: Parameters<typeof printEstimate>[0], format: 'table' | 'json' = 'table') {
    const [out, err] = [vi.spyOn(console, 'log'), vi.spyOn(console, 'error')]
    for (const spy of [out, err]) spy.mockImplementation(() => undefined)
    printEstimate(told, format)
    return { out: out.mock.calls.flat(), err: err.mock.calls.flat(), failed: process.exitCode === 1 }
  }

  it('is printed by panel and together, with dollars where Athena bills', () => {
    expect(printed({ bytesAtMost: 4_000_000, priceAtMost: 0.0001, panels }).out).toEqual([
      'Key facts: 1,500,000 bytes',
      'Claims: 2,500,000 bytes',
      'At most: 4,000,000 bytes, $0.00010',
    ])
  })

  it('fails the command where it would be refused, and says why', () => {
    const budget = { bytes: 1_000, of: 'role' as const }
    const { out, err, failed } = printed({ bytesAtMost: 4_000, panels: [], budget, refused: 'Too much.', cheaper: [] })
    expect(out).toEqual(['At most: 4,000 bytes', 'Budget: 1,000 bytes'])
    expect(err).toEqual(['muniment: it would be refused. Too much.'])
    expect(failed).toBe(true)
  })

  it('is said not to be known', () => {
    expect(printed({ panels: [] })).toEqual({ out: ['At most: not known'], err: [], failed: false })
  })

  it('is the API’s own answer as JSON', () => {
    expect(printed({ bytesAtMost: 4, panels: [] }, 'json').out).toEqual(['{"bytesAtMost":4,"panels":[]}'])
  })
})
