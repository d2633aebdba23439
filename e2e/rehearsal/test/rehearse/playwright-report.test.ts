import { expect, it } from 'vitest'
import { playwrightTests } from '../../src/rehearse/playwright-report.ts'

const test = (status: string, duration: number, message?: string) => ({
  tests: [{ status, results: [{ duration, errors: message === undefined ? [] : [{ message }] }] }],
})

it('each browser test that ran is told by its file and title, with what went wrong in plain text', () => {
  const report = {
    suites: [
      {
        title: 'test/print.test.ts',
        specs: [{ title: 'prints', ...test('expected', 1_500) }],
        suites: [
          {
            title: 'On Letter',
            specs: [
              { title: 'fits', ...test('unexpected', 100, '\u001b[31mtoo wide\u001b[39m') },
              { title: 'is asked', ...test('flaky', 100) },
              { title: 'is left out', ...test('skipped', 0) },
            ],
          },
        ],
      },
    ],
  }
  expect(playwrightTests(JSON.stringify(report))).toEqual([
    { title: 'print: prints', seconds: 1.5 },
    { title: 'print: On Letter: fits', seconds: 0.1, problem: 'too wide' },
    { title: 'print: On Letter: is asked', seconds: 0.1, problem: 'flaky' },
  ])
})

it('what kept all of them from running is a failure', () => {
  const report = { suites: [], errors: [{ message: 'no browser' }] }
  expect(playwrightTests(JSON.stringify(report))).toEqual([{ title: 'Playwright', seconds: 0, problem: 'no browser' }])
})
