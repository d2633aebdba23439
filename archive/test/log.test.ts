import { Writable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { OperatorError } from '../src/errors.ts'
import { createLog } from '../src/log.ts'

const CANARY = 'Canary-Müller-4711'

function logged(write: (log: ReturnType<typeof createLog>) => void): string {
  let text = ''
  const destination = new Writable({
    write(chunk, _encoding, done) {
      text += chunk
      done()
    },
  })
  write(createLog('test', { destination }))
  return text
}

describe('the log', () => {
  it.each([
    ['inputs of a search', { inputs: { name: CANARY } }],
    ['inputs further down', { search: 's1', request: { body: { inputs: { name: CANARY } } } }],
    ['bound values', { statement: { values: [{ type: 'varchar', value: CANARY }] } }],
    ['rows', { result: { rows: [[CANARY]] } }],
    ['an error of a library that quotes data', { err: new Error(`Conversion Error: ${CANARY}`) }],
    ['its cause', { err: new OperatorError('The engine failed.', { cause: new Error(CANARY) }) }],
    ['problem fields', { err: Object.assign(new Error('x'), { fields: { name: CANARY } }) }],
  ])('keeps out %s', (_title, record) => {
    const text = logged((log) => log.error(record, 'something happened'))
    expect(text).toContain('something happened')
    expect(text).not.toContain(CANARY)
  })

  it('keeps ids, counts and our own sentences for the operator', () => {
    const err = new OperatorError('The disk is full.')
    const line = JSON.parse(logged((log) => log.warn({ search: 's1', rows: 3, err }, 'slow')))
    expect(line).toMatchObject({
      search: 's1',
      rows: 3,
      msg: 'slow',
      name: 'test',
      err: { message: 'The disk is full.' },
    })
    expect(line.err.stack).toMatch(/at .*log\.test\.ts/)
  })
})
