import { PassThrough } from 'node:stream'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { Phase } from '../src/outcome.ts'
import { progressBar } from '../src/progress-bar.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] })
})
afterEach(() => {
  vi.useRealTimers()
})

it('writes a line for each step and one every ten seconds where there is no terminal', () => {
  const stream = new PassThrough() as unknown as NodeJS.WriteStream
  const bar = progressBar({ stream })
  const tell = (table: string, phase: Phase, rows: number) =>
    bar.update({ table, phase, rows, totalRows: 1000, rate: 1 })
  tell('one', 'hash', 0)
  tell('two', 'hash', 0)
  for (let second = 0; second < 25; second++) {
    vi.advanceTimersByTime(1000)
    tell(second % 2 ? 'one' : 'two', 'write', second * 30)
  }
  for (const table of ['one', 'two']) tell(table, 'references', 950)
  tell('', 'move', 950)
  tell('', 'done', 1000)
  bar.stop()
  expect(String((stream as unknown as PassThrough).read()).split('\n')).toEqual([
    'reading the delivery (0%)',
    'one: writing (27%)',
    'one: writing (57%)',
    'checking keys and references (95%)',
    'putting in place (95%)',
    'done (100%)',
    '',
  ])
})
