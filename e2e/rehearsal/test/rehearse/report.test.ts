import { describe, expect, it } from 'vitest'
import { createReport } from '../../src/rehearse/report.ts'

const begin = (interrupted = () => false) => {
  const said: string[] = []
  return { said, report: createReport((line) => said.push(line), interrupted) }
}

const untimed = (lines: readonly string[]) => lines.map((line) => line.replace(/\(\d+\.\d s\)/, '(T)'))

describe('the report of a rehearsal', () => {
  it('tells each step with its time and what it found, and counts it', async () => {
    const { said, report } = begin()
    expect(await report.step('One', async () => '3 objects')).toBe(true)
    expect(await report.step('Two', async () => undefined)).toBe(true)
    expect(untimed(said)).toEqual(['ok     One (T): 3 objects', 'ok     Two (T)'])
    expect([report.passed, report.failed]).toEqual([2, 0])
  })

  it('tells why a step failed, and goes on', async () => {
    const { said, report } = begin()
    const failed = await report.step('One', async () => {
      throw new Error('first line\nsecond line')
    })
    await report.step('Two', async () => undefined)
    expect(failed).toBe(false)
    expect(untimed(said)[0]).toMatch(/^FAILED One \(T\)\n {7}Error: first line\n {7}second line\n/)
    expect([report.passed, report.failed]).toEqual([1, 1])
    expect(report.steps.map(({ name, ok }) => [name, ok])).toEqual([
      ['One', false],
      ['Two', true],
    ])
  })

  it('takes what breaks while the run is being ended for no finding', async () => {
    let ending = false
    const { said, report } = begin(() => ending)
    const over = await report.step('One', async () => {
      ending = true
      throw new Error('connection lost')
    })
    expect(over).toBe(false)
    expect(said).toEqual([])
    expect([report.passed, report.failed]).toEqual([0, 0])
  })

  it('counts what another program ran as its own', () => {
    const { said, report } = begin()
    report.ran('Browser: a', 1.25)
    report.ran('Browser: b', 2, 'not visible')
    expect(said).toEqual(['ok     Browser: a (1.3 s)', 'FAILED Browser: b (2.0 s)\n       not visible'])
    expect([report.passed, report.failed]).toEqual([1, 1])
  })

  it('keeps figures and what could not be shown', () => {
    const { report } = begin()
    report.figure('bytes', 7)
    report.cannot('the weather')
    expect(report.figures).toEqual({ bytes: 7 })
    expect(report.unrehearsed).toEqual(['the weather'])
  })
})
