import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { LoadOutcome } from '../src/ingest.ts'
import { column, createWorld, places, table, type World } from './world.ts'

let world: World
beforeEach(async () => {
  world = await createWorld()
})
afterEach(() => world.remove())

async function quarantined(outcome: LoadOutcome, name: string) {
  const [key] = await world.keys(`quarantine/app/${outcome.load}/${name}`)
  const lines = (await world.text(key ?? '')).trim().split('\n')
  return lines.map(
    (line) =>
      JSON.parse(line) as { kind: string; line: number; column: string; key: string[]; value: (string | null)[] },
  )
}

const justification = 'The clerks are known to have done so.'
describe('values that are not what the model says', () => {
  const columns = (amount: Record<string, unknown>) => [
    column('id', { type: 'bigint' }),
    column('note'),
    column('amount', amount),
  ]

  it.each([
    ['integer', {}, ['1.5', ' 12', '1e3', '1_000', '2147483648', 'x']],
    ['bigint', {}, ['9223372036854775808', '0x10', '12 ']],
    ['decimal(5,2)', {}, ['1000.00', '1,5', '1e2', '.', 'NaN']],
    ['decimal(5,2)', { decimalComma: true }, ['1.5', '1.000,00', '1,5,0']],
    ['double', {}, ['inf', 'nan', '1e999', '1,5']],
    ['boolean', {}, ['yes', 'J', '2']],
    ['boolean', { sourceFormat: 'J|N' }, ['j', 'true', '']],
    ['date', {}, ['2023-02-29', '2023-2-1', 'infinity', '01.02.2023', '0000-00-00', '12023-01-01', '0044-03-15 (BC)']],
    ['date', { sourceFormat: '%Y%m%d' }, ['20230229', '2023-01-01', '00000000', '202301011']],
    ['date', { sourceFormat: '%d.%m.%Y' }, ['31.02.2023', '01.02.23', '2023.02.01']],
    ['timestamp', {}, ['2023-01-01', '2023-01-01 25:00:00', '2023-01-01 10:00:00+02', '2023-01-01 10:00:00Z']],
    ['timestamp', { sourceFormat: '%Y-%m-%d-%H.%M.%S.%f' }, ['2023-01-01 10:00:00', '2023-01-01-10.00.60.000000']],
  ] as const)('are named by file, line and column: %s %j', async (type, format, texts) => {
    await world.model([table('things', columns({ type, ...format }))])
    const rows = texts.map((text, index) => `${index},"two\nlines","${text}"`)
    await world.deliver({ 'THINGS.csv': `ID,NOTE,AMOUNT\n${rows.join('\n')}\n` })
    const outcome = await world.ingest()
    expect(outcome.state).toBe('refused')
    // Each record takes two lines, and its amount begins on the second.
    expect(places(outcome)).toEqual(texts.map((_, index) => ['cast', 'THINGS.csv', 3 + 2 * index, 'AMOUNT']))
    expect(outcome.tables.things).toEqual({ read: texts.length, written: 0, refused: texts.length })
    expect((await quarantined(outcome, 'things')).map(({ value }) => value)).toEqual(texts.map((text) => [text]))
  })

  it.each([
    ['integer', {}, ['007', '+5', '-0', '-12'], ['7', '5', '0', '-12']],
    ['decimal(5,2)', {}, ['12.5', '+1', '.5', '3.100', '-0.01'], ['12.50', '1.00', '0.50', '3.10', '-0.01']],
    ['decimal(5,2)', { decimalComma: true }, ['12,5', '-,5'], ['12.50', '-0.50']],
    ['double', {}, ['1e3', '0.1', '-5'], ['1000', '0.1', '-5']],
    ['boolean', {}, ['TRUE', '0'], ['true', 'false']],
    ['date', { sourceFormat: '%d.%m.%Y' }, ['1.2.2023', '28.02.2023'], ['2023-02-01', '2023-02-28']],
    ['date', {}, ['2023-02-28 00:00:00'], ['2023-02-28']],
    [
      'timestamp',
      {},
      ['2023-01-01T10:00:00.120', '2023-01-01 10:00'],
      ['2023-01-01 10:00:00.12', '2023-01-01 10:00:00'],
    ],
    ['timestamp', { sourceFormat: '%Y-%m-%dT%H:%M:%SZ' }, ['2013-01-01T10:00:00Z'], ['2013-01-01 10:00:00']],
  ] as const)('are not suspected where they are only written otherwise: %s %j', async (type, format, texts, values) => {
    await world.model([table('things', columns({ type, ...format }))])
    await world.deliver({
      'THINGS.csv': `ID,NOTE,AMOUNT\n${texts.map((text, index) => `${index},,"${text}"`).join('\n')}\n`,
    })
    const outcome = await world.ingest()
    expect(outcome.deviations).toEqual([])
    expect((await world.rows(outcome, 'things')).map(({ amount }) => amount)).toEqual(values)
  })

  it('lose precision only by a rule: timestamps are cut to milliseconds, decimals rounded', async () => {
    const precise = [
      column('id', { type: 'bigint' }),
      column('at', { type: 'timestamp' }),
      column('amount', { type: 'decimal(8,2)' }),
    ]
    const csv =
      'ID,AT,AMOUNT\n1,2020-01-01 00:00:00.123999,1.005\n2,2020-01-01 00:00:00.123000,1.000\n3,2020-01-01 00:00:00.1239999,\n'
    await world.model([table('things', precise)])
    await world.deliver({ 'THINGS.csv': csv })
    expect(places(await world.ingest())).toEqual([
      ['precision', 'THINGS.csv', 2, 'AT'],
      ['precision', 'THINGS.csv', 2, 'AMOUNT'],
      ['precision', 'THINGS.csv', 4, 'AT'],
    ])
    await world.model([table('things', precise, { accept: [{ kind: 'precision', justification }] })])
    const outcome = await world.ingest()
    expect(outcome.state).toBe('committed')
    expect((await world.rows(outcome, 'things')).map(({ at, amount }) => [at, amount])).toEqual([
      ['2020-01-01 00:00:00.123', '1.01'],
      ['2020-01-01 00:00:00.123', '1.00'],
      ['2020-01-01 00:00:00.123', null],
    ])
    expect((await quarantined(outcome, 'things')).map(({ value }) => value[0])).toEqual([
      '2020-01-01 00:00:00.123999',
      '1.005',
      '2020-01-01 00:00:00.1239999',
    ])
  })

  it('become NULL by a rule, with the original in quarantine beside its key', async () => {
    const accept = [{ kind: 'cast', column: 'amount', atMost: 1, justification }]
    await world.model([table('things', columns({ type: 'date', required: true }), { accept })])
    await world.deliver({ 'THINGS.csv': 'ID,NOTE,AMOUNT\n7,,2020-02-30\n8,,2020-02-28\n' })
    const outcome = await world.ingest()
    expect(outcome.state).toBe('committed')
    expect(outcome.deviations).toEqual([
      {
        kind: 'cast',
        table: 'things',
        file: 'THINGS.csv',
        line: 2,
        column: 'AMOUNT',
        message: 'the value is no date',
        accepted: true,
      },
    ])
    expect((await world.rows(outcome, 'things')).map(({ amount }) => amount)).toEqual([null, '2020-02-28'])
    expect(await quarantined(outcome, 'things')).toEqual([
      { kind: 'cast', file: 'THINGS.csv', line: 2, column: 'AMOUNT', key: ['7'], value: ['2020-02-30'] },
    ])
    const report = JSON.parse(await world.text(outcome.report)) as { findings: unknown[] }
    expect(report.findings).toMatchObject([
      { kind: 'cast', columns: ['amount'], count: 1, accepted: true, justification, atMost: 1 },
    ])
    const everywhere = await Promise.all((await world.keys('loads/')).map((key) => world.text(key)))
    expect(everywhere.join('')).not.toContain('2020-02-30')
  })

  it('are refused where a rule without a column allows fewer than all columns together have', async () => {
    const accept = [{ kind: 'cast', atMost: 1, justification }]
    const amounts = [column('a', { type: 'integer' }), column('b', { type: 'integer' })]
    await world.model([table('things', [column('id'), ...amounts], { accept })])
    await world.deliver({ 'THINGS.csv': 'ID,A,B\n1,x,1\n' })
    expect((await world.ingest()).state).toBe('committed')
    await world.deliver({ 'THINGS.csv': 'ID,A,B\n2,x,1\n3,2,y\n' })
    const outcome = await world.ingest()
    expect(outcome.state).toBe('refused')
    expect(outcome.deviations.map(({ accepted }) => accepted)).toEqual([false, false])
  })

  it('are refused in spite of a rule when there are more than it allows', async () => {
    const accept = [{ kind: 'cast', column: 'amount', atMost: 1, justification }]
    await world.model([table('things', columns({ type: 'date' }), { accept })])
    await world.deliver({ 'THINGS.csv': 'ID,NOTE,AMOUNT\n7,,x\n8,,y\n9,,2020-01-01\n' })
    const outcome = await world.ingest()
    expect(outcome).toMatchObject({ state: 'refused', tables: { things: { read: 3, written: 0, refused: 2 } } })
    expect(await world.keys('archive/')).toEqual([])
  })
})

describe('records that do not fit together', () => {
  const parents = table('parents', [column('id', { type: 'bigint' }), column('kind', { codeList: 'kinds' })])
  const children = (accept: unknown[] = []) =>
    table('children', [column('id'), column('parent', { type: 'bigint' }), column('name', { required: true })], {
      accept,
      foreignKeys: [{ columns: ['parent'], references: { table: 'parents', columns: ['id'] } }],
    })
  const codeLists = {
    kinds: {
      title: 'Kinds',
      values: [
        { code: 'A', label: 'Apple' },
        { code: 'B', label: 'Bee' },
      ],
    },
  }

  it('are named: a code without meaning, an orphan, a key that occurs twice, a value that is missing', async () => {
    await world.model([parents, children()], { codeLists })
    await world.deliver({
      'PARENTS.csv': 'ID,KIND\n1,A\n2,C\n3,\n4,"B\n"\n',
      'CHILDREN.csv': 'ID,PARENT,NAME\na,1,x\nb,9,x\nc,,\na,2,y\n',
    })
    const outcome = await world.ingest()
    expect(places(outcome)).toEqual([
      ['duplicate-key', 'CHILDREN.csv', 2, 'ID'],
      ['orphan', 'CHILDREN.csv', 3, 'PARENT'],
      ['null', 'CHILDREN.csv', 4, 'NAME'],
      ['duplicate-key', 'CHILDREN.csv', 5, 'ID'],
      ['code', 'PARENTS.csv', 3, 'KIND'],
      ['code', 'PARENTS.csv', 5, 'KIND'],
    ])
    expect(outcome.tables).toEqual({
      parents: { read: 4, written: 0, refused: 2 },
      children: { read: 4, written: 0, refused: 4 },
    })
  })

  it('are kept as they came where a rule accepts them', async () => {
    const accept = ['orphan', 'duplicate-key', 'null'].map((kind) => ({ kind, justification }))
    const kinds = { ...parents, accept: [{ kind: 'code', column: 'kind', justification }] }
    await world.model([kinds, children(accept)], { codeLists })
    await world.deliver({
      'PARENTS.csv': 'ID,KIND\n1,Z\n',
      'CHILDREN.csv': 'ID,PARENT,NAME\na,9,y\na,1,x\nb,,\n',
    })
    const outcome = await world.ingest()
    expect(outcome.state).toBe('committed')
    expect((await world.rows(outcome, 'children')).map(({ id, parent, name }) => [id, parent, name])).toEqual([
      ['a', '1', 'x'],
      ['a', '9', 'y'],
      ['b', null, null],
    ])
    expect(await world.rows(outcome, 'parents')).toMatchObject([{ kind: 'Z' }])
  })

  it('are looked up in earlier loads too', async () => {
    await world.model([parents, children()], { codeLists })
    await world.deliver({ 'PARENTS.csv': 'ID,KIND\n1,A\n', 'CHILDREN.csv': 'ID,PARENT,NAME\na,1,x\n' })
    expect((await world.ingest()).state).toBe('committed')
    await world.deliver({ 'CHILDREN.csv': 'ID,PARENT,NAME\na,1,again\nb,1,fine\nc,5,orphan\n' })
    const outcome = await world.ingest()
    expect(places(outcome)).toEqual([
      ['duplicate-key', 'CHILDREN.csv', 2, 'ID'],
      ['orphan', 'CHILDREN.csv', 4, 'PARENT'],
    ])
  })
})

describe('keys without a value', () => {
  it('are told as what they are, and not as duplicates of each other', async () => {
    await world.model([table('things', [column('id', { type: 'integer', required: true }), column('name')])])
    await world.deliver({ 'THINGS.csv': 'ID,NAME\nx,a\ny,b\n,c\n,d\n1,e\n' })
    expect(places(await world.ingest())).toEqual([
      ['cast', 'THINGS.csv', 2, 'ID'],
      ['cast', 'THINGS.csv', 3, 'ID'],
      ['null', 'THINGS.csv', 4, 'ID'],
      ['null', 'THINGS.csv', 5, 'ID'],
    ])
  })

  it('do not hide duplicates beside them', async () => {
    await world.model([table('things', [column('id', { type: 'integer', required: true }), column('name')])])
    await world.deliver({ 'THINGS.csv': 'ID,NAME\nx,a\n,b\n1,c\n1,d\n' })
    expect(places(await world.ingest()).filter(([kind]) => kind === 'duplicate-key')).toEqual([
      ['duplicate-key', 'THINGS.csv', 4, 'ID'],
      ['duplicate-key', 'THINGS.csv', 5, 'ID'],
    ])
  })
})

describe('a refused load', () => {
  it('never says that anything is put in place', async () => {
    await world.model([table('things', [column('id'), column('amount', { type: 'integer' })])])
    await world.deliver({ 'THINGS.csv': 'ID,AMOUNT\n1,x\n' })
    const phases: string[] = []
    const outcome = await world.ingest({ onProgress: ({ phase }) => phases.push(phase) })
    expect(outcome.state).toBe('refused')
    expect(phases).toContain('references')
    expect(phases).not.toContain('move')
    await world.deliver({ 'THINGS.csv': 'ID,AMOUNT\n1,1\n' })
    await world.ingest({ onProgress: ({ phase }) => phases.push(phase) })
    expect(phases).toContain('move')
  })
})
