import type { PanelState, Search } from '@muniment/api/contract'
import { describe, expect, it } from 'vitest'
import { byDay } from '../src/features/history/HistoryPage.tsx'
import { singlePanel } from '../src/features/results/singlePanel.ts'
import {
  readAsOf,
  readPanelFacts,
  readSearchFacts,
  readTitleDate,
  readTitleFixed,
  titleInputs,
} from '../src/lib/search-words.ts'

const panel = (rows: number, rest: Partial<PanelState> = {}): PanelState => ({
  name: 'p',
  title: 'P',
  layout: 'table',
  state: 'done',
  rows,
  bytesScanned: 1_200,
  elapsedMs: 30,
  honours: [],
  columns: [],
  sorts: [],
  ...rest,
})

const search = (rest: Partial<Search> = {}): Search => ({
  id: 'id',
  application: 'pas',
  useCase: 'find-policy',
  title: 'Find a policy',
  kind: 'search',
  state: 'done',
  inputs: {},
  inputsRead: [],
  purpose: 'test',
  person: 'Local user',
  started: '2026-11-23T08:00:00.000Z',
  finished: '2026-11-23T08:00:01.500Z',
  progress: 1,
  bytesScanned: 2_400,
  price: 0,
  templateHash: 'hash',
  loads: [],
  inForce: { rules: 1, masks: [], rowRules: [], contact: 'the data protection office' },
  panels: [panel(1)],
  ...rest,
})

describe('facts of a search', () => {
  it('says rows, bytes and time, and a price only where there is one', () => {
    const facts = readSearchFacts(search({ panels: [panel(3), panel(4)] }))
    expect(facts).toEqual(['7 rows', '2.4 kB read', '1.5 s'])
    expect(readSearchFacts(search({ price: 0.02 }))).toContain('$0.02')
  })

  it('says of what at most, where that was known before', () => {
    expect(readPanelFacts(panel(1, { bytesAtMost: 40_000_000 }))[1]).toBe('1.2 kB read of at most 40 MB')
    expect(readSearchFacts(search({ bytesAtMost: 80_000_000 }))[1]).toBe('2.4 kB read of at most 80 MB')
  })

  it('says of a cut result that an export has the rest', () => {
    expect(readPanelFacts(panel(10_000, { more: true }))[0]).toBe('the first 10,000 rows of more; an export has all')
  })

  it('says nothing of a panel that has not ended', () => {
    expect(readPanelFacts(panel(0, { state: 'running' }))).toEqual([])
  })
})

describe('as-of dates', () => {
  it('reads both dates in the person’s style', () => {
    const inputs = { valid_on: '2010-05-05', known_on: '2011-01-01' }
    expect(readAsOf(inputs, 'long')).toBe('valid on 5 May 2010, known on 1 Jan 2011')
    expect(readTitleDate(inputs, 'iso')).toBe('As valid on 2010-05-05, known on 2011-01-01')
  })

  it('says of a file without dates that it is as the system left it', () => {
    expect(readTitleDate({ valid_on: '' }, 'long')).toBe('As the system left it')
  })
})

describe('singlePanel', () => {
  it('is the panel with the one row there is', () => {
    expect(singlePanel(search({ panels: [panel(0), panel(1, { name: 'q' })] }))?.name).toBe('q')
  })

  it('is none where there are more rows, none, or the search is still running or no search for records', () => {
    expect(singlePanel(search({ panels: [panel(2)] }))).toBeUndefined()
    expect(singlePanel(search({ panels: [panel(1), panel(1)] }))).toBeUndefined()
    expect(singlePanel(search({ panels: [] }))).toBeUndefined()
    expect(singlePanel(search({ state: 'running' }))).toBeUndefined()
    expect(singlePanel(search({ kind: 'file' }))).toBeUndefined()
  })

  it('is none where records that are lost may have been further rows', () => {
    expect(singlePanel(search({ panels: [panel(1, { notice: 'Not whole.' })] }))).toBeUndefined()
    expect(singlePanel(search({ panels: [panel(1), panel(0, { notice: 'Not whole.' })] }))).toBeUndefined()
  })
})

describe('byDay', () => {
  it('gathers searches by the day of the reader’s clock and keeps their order', () => {
    const entry = (id: string, started: string) => ({ ...search({ id, started }), rows: 0 })
    const noon = entry('b', '2026-11-22T12:00:00.000Z')
    const days = byDay([entry('a', '2026-11-23T12:00:00.000Z'), noon, { ...noon, id: 'c' }])
    expect(days.map(([day, own]) => [day, own.map((one) => one.id)])).toEqual([
      ['2026-11-23', ['a']],
      ['2026-11-22', ['b', 'c']],
    ])
  })
})

describe('a title block', () => {
  const fixed = panel(1, {
    inputs: { valid_on: '2024-12-31', linked: 'yes' },
    inputsRead: [
      { name: 'party_number', label: 'Party number', value: 'P1', fixed: false },
      { name: 'valid_on', label: 'Valid on', value: '31 Dec 2024', fixed: true },
      { name: 'linked', label: 'Linked records', value: 'Included', fixed: true },
    ],
  })
  const record = { kind: 'Customer', number: 'P1', panel: 'p' }

  it('tells the date and the values that its panel was given by the use case', () => {
    const file = search({ inputs: { valid_on: '2020-01-01' }, panels: [fixed], record })
    expect(readTitleDate(titleInputs(file), 'iso')).toBe('As valid on 2024-12-31')
    expect(readTitleFixed(file)).toEqual(['Linked records: Included'])
  })

  it('tells the date of the search where its panel was given none', () => {
    const file = search({ inputs: { valid_on: '2020-01-01' }, panels: [panel(1)], record })
    expect(readTitleDate(titleInputs(file), 'iso')).toBe('As valid on 2020-01-01')
    expect(readTitleFixed(file)).toEqual([])
  })
})
