import type { Execution, QueryEngine, ResultColumn, Row, Statement } from '@muniment/archive/engine/port'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { agreeOn, agreeOnGenerated } from '../src/agree/agree.ts'
import { type Answer, difference } from '../src/agree/answer.ts'
import { filesApart } from '../src/agree/exports.ts'

const column = (more: Partial<ResultColumn> = {}): ResultColumn => ({ name: 'a', type: 'varchar', ...more })
const answer = (more: Partial<Answer> = {}): Answer => ({
  columns: [column(), column({ name: 'b', type: 'date' })],
  rows: [
    ['x', '2024-07-05'],
    ['y', null],
  ],
  more: false,
  bytesScanned: 0,
  ...more,
})
const failed = (kind: 'user' | 'masked', columns: string[] = []): Answer =>
  answer({ columns: [], rows: [], failure: { kind, columns, message: `said of ${kind}` } })

describe('two answers', () => {
  it('are the same where columns, rows and order are, whatever was read for them', () => {
    expect(difference(answer(), answer({ bytesScanned: 7 }))).toBeUndefined()
    expect(
      difference(failed('user'), { ...failed('user'), failure: { kind: 'user', columns: [], message: 'else' } }),
    ).toBe(undefined)
  })

  it.each([
    [
      'a value altered',
      answer({
        rows: [
          ['x', '2024-07-05'],
          ['z', null],
        ],
      }),
      'row 2, a',
    ],
    [
      'NULL for an empty text',
      answer({
        rows: [
          ['x', '2024-07-05'],
          ['y', ''],
        ],
      }),
      'row 2, b',
    ],
    [
      'rows in another order',
      answer({
        rows: [
          ['y', null],
          ['x', '2024-07-05'],
        ],
      }),
      'row 1, a',
    ],
    ['a row missing', answer({ rows: [['x', '2024-07-05']] }), 'no such row'],
    ['a row too many', answer({ rows: [...answer().rows, ['z', null]] }), '2 rows embedded, 3'],
    ['a type that is another', answer({ columns: [column(), column({ name: 'b', type: 'timestamp' })] }), 'column 2'],
    [
      'a name that is another',
      answer({ columns: [column({ name: 'A' }), column({ name: 'b', type: 'date' })] }),
      'column 1',
    ],
    [
      'a mask not told',
      answer({ columns: [column({ masked: 'hidden' }), column({ name: 'b', type: 'date' })] }),
      'column 1',
    ],
    [
      'a source not told',
      answer({ columns: [column({ from: 't.a' }), column({ name: 'b', type: 'date' })] }),
      'column 1',
    ],
    ['a column missing', answer({ columns: [column()] }), '2 columns embedded'],
    ['more rows than are kept', answer({ more: true }), 'more rows'],
    ['a failure', failed('user'), 'fails (user)'],
  ])('differ by %s', (_, other, said) => {
    expect(difference(answer(), other)).toContain(said)
    expect(difference(other, answer())).toBeDefined()
  })

  it('differ where they fail in another way', () => {
    expect(difference(failed('user'), failed('masked', ['t.a']))).toContain('masked t.a')
    expect(difference(failed('masked', ['t.a']), failed('masked', ['t.b']))).toContain('masked t.b')
  })
})

describe('two files', () => {
  it('differ by one byte, by a line end and by one that is not there', () => {
    const file = (text: string) => new Map([['result.csv', text]])
    expect(filesApart(file('a\r\nb'), file('a\r\nb'))).toBeUndefined()
    expect(filesApart(file('a\nb'), file('a\nc'))).toContain('line 2')
    expect(filesApart(file('a\r\nb'), file('a\nb'))).toContain('line 1')
    expect(filesApart(file('a'), new Map([...file('a'), ['keys.jsonl', '']]))).toContain('keys.jsonl')
  })
})

/** Gives back its values as one row, each as `make` has it; fails where that gives nothing. */
function engineOf(make: (value: string) => string | undefined): QueryEngine {
  const executions = new Map<string, Row>()
  const ended = (id: string): Execution => {
    const row = executions.get(id)
    const columns = (row ?? []).map((_value, index) => column({ name: `c${index}` }))
    const statistics = { bytesScanned: 0, queueMs: 0, engineMs: 0 }
    if (row) return { id, state: 'SUCCEEDED', result: { columns, rows: 1, more: false }, statistics }
    return { id, state: 'FAILED', error: { kind: 'user', message: 'no', retryable: false }, statistics }
  }
  const engine: Partial<QueryEngine> = {
    async start({ values }, { token }) {
      const row = values.map(({ value }) => make(value ?? ''))
      if (row.every((value) => value !== undefined)) executions.set(token, row)
      return token
    },
    wait: async (id) => ended(id),
    async *rows(id) {
      yield [executions.get(id) ?? []]
    },
  }
  return engine as QueryEngine
}

const statementOf = (value: string): Statement => ({ application: 'x', sql: '?', values: [{ type: 'varchar', value }] })
const same = engineOf((value) => value)

describe('a run over both engines', () => {
  const generated = (athena: QueryEngine, accepts: (value: string) => boolean = () => true, runs = 400) =>
    agreeOnGenerated({
      engines: { embedded: same, athena },
      arbitrary: fc.string({ unit: 'grapheme' }),
      statementOf: async (value) => (accepts(value) ? statementOf(value) : undefined),
      spell: (value) => JSON.stringify(value),
      runs,
      seed: 7,
    })

  it('says which example is not answered alike', async () => {
    const broken = engineOf((value) => (value === 'b' ? 'B' : value))
    const cases = ['a', 'b', 'c'].map((title) => ({ title, statement: statementOf(title) }))
    const report = await agreeOn({ embedded: same, athena: broken }, cases)
    expect(report).toMatchObject({ compared: 3, withRows: 3, failedAlike: 0 })
    expect(report.differences).toEqual(['b\n  row 1, c0: embedded "b", Athena "B"'])
  })

  it('shrinks a difference to the smallest that shows it, and says by which seed it comes again', async () => {
    const { differences } = await generated(engineOf((value) => value.replace('%', '')))
    expect(differences.length).toBeGreaterThan(0)
    for (const difference of differences) expect(difference).toMatch(/^seed \d+, path [\d:]+, .*: "%"\n/)
  })

  it('counts as refused alike what both refuse, and as a difference what one of them does', async () => {
    const refusing = (char: string) => engineOf((value) => (value.includes(char) ? undefined : value))
    const one = refusing('%')
    const cases = ['a%', 'b'].map((title) => ({ title, statement: statementOf(title) }))
    expect(await agreeOn({ embedded: one, athena: one }, cases)).toMatchObject({ failedAlike: 1, differences: [] })
    expect((await agreeOn({ embedded: same, athena: one }, cases)).differences).toHaveLength(1)
  })

  it('does not count what is refused before an engine, and is not satisfied with too few', async () => {
    const report = await generated(same, (value) => value.length > 3)
    expect(report).toMatchObject({ compared: 400, differences: [] })
    const none = await generated(same, () => false, 4)
    expect(none.compared).toBe(0)
    expect(none.differences.join()).toContain('too few were generated')
  })
})
