import { expect, it } from 'vitest'
import { earlierModelLines } from '../src/commands/ingest.ts'

const load = { load: 'ab12', loadedAt: '2024-07-05T08:00:00.000Z' }

it('says of files loaded before which tables the model has changed for, that records stay, and where to read on', () => {
  const changes = ['the sort order (was a; now b)', 'the column \u001b[2Jx was added']
  const lines = earlierModelLines({ earlierModel: [{ ...load, tables: [{ table: 'policies', changes }] }] })
  expect(lines.slice(0, 2)).toEqual([
    'But the model has changed since load ab12 of 2024-07-05 brought these files:',
    expect.stringMatching(/^ {2}policies: the sort order \(was a; now b\); the column .*x was added$/),
  ])
  expect(lines.join('\n')).not.toContain('\u001b')
  expect(lines.join(' ')).toMatch(
    /The records stay as they were loaded.*a new data folder.*MUNIMENT_HOME.*docs\/ingest\.md/,
  )
})

it('says so where the load has kept no model to compare with, and nothing where nothing has changed', () => {
  expect(earlierModelLines({ earlierModel: [load] })[1]).toContain('kept no model to compare with')
  expect(earlierModelLines({})).toEqual([])
})
