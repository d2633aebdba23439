import type { DueCalendar, ModelDescription, RunDetails } from '@muniment/api/contract'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { emptyCondition, emptyScope, readScope } from '../src/features/holds/scope.ts'
import { formatMonth, monthAfter, readCalendar, ticksFor } from '../src/features/retention/calendar.ts'
import { authoritiesOf, keyWords, sumOf } from '../src/features/retention/plan-words.ts'
import { difference, signed, stateOf, timeLeft } from '../src/features/retention/run-words.ts'
import { certificateFile, readStatement } from '../src/features/retention/statement.ts'
import { text } from '../src/features/retention/text.ts'
import { mayApprove, mayHold, mayPlan, seesHolds, seesRetention } from '../src/lib/retention-duties.ts'
import { readTypedCount } from '../src/lib/typed-count.ts'

describe('the number that is typed before anything is destroyed', () => {
  it('is read as people write it', () => {
    const written = [
      '1204',
      '1,204',
      '1 204',
      '1.204',
      '1’204',
      "1'204",
      '1\u00a0204',
      '1\u202f204',
      ' 1204 ',
      '１２０４',
    ]
    expect(written.map(readTypedCount)).toEqual(written.map(() => 1204))
    expect(readTypedCount('1,204,000')).toBe(1_204_000)
    expect(readTypedCount('0')).toBe(0)
  })

  it('is not guessed at', () => {
    const odd = [
      '',
      ' ',
      '12,04',
      '1,2040',
      '1,204.5',
      '1.204,000',
      '1,204.000',
      '-1204',
      '+1204',
      '1e3',
      '0x4b4',
      '12 04',
    ]
    const more = ['01204', '1204 records', 'yes', 'all', '1204?', ',204', '1,,204', '9'.repeat(20), 'NaN', 'Infinity']
    expect([...odd, ...more].map(readTypedCount)).toEqual([...odd, ...more].map(() => undefined))
  })

  it('is the same number however its thousands are divided, and no other', () => {
    fc.assert(
      fc.property(fc.nat(10 ** 12), fc.nat(10 ** 12), fc.constantFrom('', ',', ' ', '.', '’'), (count, other, mark) => {
        const written = String(count).replace(/\B(?=(\d{3})+$)/g, mark)
        expect(readTypedCount(written)).toBe(count)
        expect(readTypedCount(written) === other).toBe(count === other)
      }),
    )
  })
})

const month = (month: string, domain: string, records: number, of = 'any') => ({ month, domain, class: of, records })
const classes: DueCalendar['classes'] = [
  { domain: 'policies', domainTitle: 'Policies' },
  { domain: 'claims', domainTitle: 'Claims' },
].map((one) => ({
  ...one,
  class: 'any',
  title: 'Any',
  due: 0,
  held: 0,
  kept: 0,
  review: 0,
  undated: 0,
  conflict: 0,
  reasons: [],
}))

describe('the calendar', () => {
  it('adds up classes of a domain, keeps the order of the domains, and shows a month without records as one', () => {
    const calendar = readCalendar({
      asOf: '2026-11-23',
      classes,
      months: [
        month('overdue', 'claims', 3),
        month('2026-12', 'claims', 2, 'one'),
        month('2026-12', 'claims', 5, 'two'),
        month('2026-12', 'policies', 1),
        month('2027-02', 'policies', 4),
        month('later', 'policies', 9),
      ],
    })
    expect(calendar.domains.map(({ title }) => title)).toEqual(['Policies', 'Claims'])
    expect(calendar.overdue.total).toBe(3)
    expect(calendar.later?.total).toBe(9)
    expect(calendar.coming).toBe(12)
    expect(calendar.months).toHaveLength(12)
    expect(calendar.months.slice(0, 3)).toEqual([
      {
        month: '2026-12',
        parts: [
          { domain: 'policies', records: 1 },
          { domain: 'claims', records: 7 },
        ],
        total: 8,
      },
      { month: '2027-01', parts: [], total: 0 },
      { month: '2027-02', parts: [{ domain: 'policies', records: 4 }], total: 4 },
    ])
  })

  it('begins after the day up to which it counts where nothing is to come, and loses no month that is told', () => {
    const empty = readCalendar({ asOf: '2026-12-31', classes: [], months: [] })
    expect(empty.months.map((one) => one.month).at(0)).toBe('2027-01')
    expect(empty.coming).toBe(0)
    expect(empty.later).toBeUndefined()
    expect(text.due.summary(1, 2, undefined).join()).not.toContain('later')
    const far = readCalendar({
      asOf: '2026-11-23',
      classes,
      months: [month('2026-11', 'x', 1), month('2027-11', 'x', 2)],
    })
    expect(far.months).toHaveLength(13)
    expect(far.coming).toBe(3)
    expect(far.domains.map(({ name }) => name)).toContain('x')
  })

  it('counts every record once, whatever comes', () => {
    const months = fc.array(
      fc.record({
        month: fc.constantFrom('overdue', 'later', '2026-12', '2027-01', '2027-06', '2027-11'),
        domain: fc.constantFrom('policies', 'claims', 'unheard_of'),
        class: fc.constantFrom('a', 'b'),
        records: fc.nat(10 ** 6),
      }),
    )
    fc.assert(
      fc.property(months, (some) => {
        const { overdue, coming, later } = readCalendar({ asOf: '2026-11-23', classes, months: some })
        const all = some.reduce((sum, { records }) => sum + records, 0)
        expect(overdue.total + coming + (later?.total ?? 0)).toBe(all)
      }),
    )
  })

  it('goes over the end of a year', () => {
    expect(monthAfter('2026-12', 1)).toBe('2027-01')
    expect(monthAfter('2026-01', 11)).toBe('2026-12')
    expect([formatMonth('2026-09', 'long'), formatMonth('2026-09', 'iso')]).toEqual(['Sep 2026', '2026-09'])
  })

  it('has an axis of whole round steps that no bar exceeds', () => {
    expect(ticksFor(0)).toEqual([0, 1])
    expect(ticksFor(3)).toEqual([0, 1, 2, 3])
    expect(ticksFor(1723)).toEqual([0, 500, 1000, 1500, 2000])
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10 ** 10 }), (most) => {
        const ticks = ticksFor(most)
        expect(ticks.at(-1)).toBeGreaterThanOrEqual(most)
        expect(ticks.length).toBeLessThanOrEqual(6)
        expect(ticks.every(Number.isInteger)).toBe(true)
      }),
    )
  })
})

const planned = (some: Partial<RunDetails['classes'][number]>): RunDetails['classes'][number] => ({
  class: 'policy',
  title: 'Policies',
  table: 'policies',
  keyLabels: ['Policy number'],
  due: 2,
  held: 1,
  kept: 0,
  review: 0,
  undated: 0,
  conflict: 0,
  rows: 9,
  reasons: [],
  authorities: [],
  samples: [],
  oldest: [],
  largest: [],
  ...some,
})

describe('a plan in words', () => {
  it('names each authority once, and none under which nothing would go', () => {
    const by = (authority: string, records: number) => ({ schedule: authority, title: 'x', authority, records })
    const run = {
      classes: [
        planned({ authorities: [by('HGB § 257, Germany', 1), by('BGB § 195, Germany', 0)] }),
        planned({ authorities: [by('HGB § 257, Germany', 1)] }),
      ],
    }
    expect(authoritiesOf(run)).toEqual(['HGB § 257, Germany'])
    expect(sumOf(run, 'rows')).toBe(18)
    expect(keyWords(['100000025', '1'])).toBe('100000025 / 1')
  })

  it('reads back to how many it happens, in the number that they are', () => {
    expect(text.approve.readBack(1204, 8789, 'Policies')).toContain(
      '1,204 records of Policies (8,789 rows) are destroyed for good',
    )
    expect(text.approve.readBack(1, 1, 'Claims')).toContain('1 record of Claims (1 row) is destroyed for good')
    expect(text.run.heldSentence(0)).toBe('No record that is due is held.')
    expect(text.run.heldSentence(1)).toBe('1 record is due but held, and stays.')
    expect(text.due.summary(1, 0, 2)[0]).toBe('1 record is due now')
  })

  it('says what a change of schedules does, in both directions', () => {
    expect(text.schedules.changeWords(0)).toBe('Nothing would become due or cease to be.')
    expect(text.schedules.changeWords(1)).toBe('1 record would become due that is kept today.')
    expect(text.schedules.changeWords(-278)).toBe('278 records would cease to be due.')
    expect([signed(2768), signed(-278), signed(0)]).toEqual(['+2,768', '−278', '0'])
    expect([difference(5, 5), difference(1500, 100), difference(1, 3)]).toEqual([
      'as many as',
      '1,400 more than',
      '2 fewer than',
    ])
  })

  it('tells the time that is left as one plans by it', () => {
    expect([2, 40, 61, 3_000, 3_700, 5_000, 90_000].map(timeLeft)).toEqual([
      'a few seconds left',
      'less than a minute left',
      'about 2 minutes left',
      'about 50 minutes left',
      'about 1 hour left',
      'about 1 hour 20 minutes left',
      'about 25 hours left',
    ])
    expect(timeLeft(7_190)).toBe('about 2 hours left')
  })

  it('shows as destroyed what is or is being, and nothing else', () => {
    const states = [
      'planned',
      'approved',
      'sent-back',
      'executing',
      'paused',
      'cancelled',
      'executed',
      'verified',
      'certified',
    ] as const
    const destroyed = states.filter((state) => stateOf(state).kind === 'destroyed')
    expect(destroyed).toEqual(['executing', 'executed', 'verified', 'certified'])
  })
})

describe('what a certificate says', () => {
  const said = {
    format: 'muniment-certificate-1',
    executed: { begun: '2026-11-02T20:00:00.000Z', finished: '2026-11-02T20:14:11.000Z' },
    verified: { at: '2026-11-02T20:20:00.000Z', objects: 3, keys: 9 },
    schedules: {
      authorities: [
        { schedule: 'hgb', title: 'Vouchers', law: 'HGB', article: '§ 257', jurisdiction: 'Germany', records: 2 },
        { schedule: 'gdpr', title: 'Offers', law: 'GDPR', jurisdiction: 'European Union', records: 1 },
      ],
    },
    classes: { policy: { records: 2, rows: 7 } },
    held: 2,
    remains: [{ what: 'The engine’s own history', why: 'It goes after 45 days.' }],
  }

  it('is read from what was signed', () => {
    expect(readStatement(JSON.stringify(said))).toEqual({
      begun: said.executed.begun,
      finished: said.executed.finished,
      verified: said.verified.at,
      classes: [{ name: 'policy', records: 2, rows: 7 }],
      authorities: [
        { schedule: 'hgb', title: 'Vouchers', authority: 'HGB § 257, Germany', records: 2 },
        { schedule: 'gdpr', title: 'Offers', authority: 'GDPR, European Union', records: 1 },
      ],
      held: 2,
      remains: said.remains,
    })
  })

  it('is not made up where it says it in another form', () => {
    for (const other of [
      'no JSON',
      '[]',
      JSON.stringify({ ...said, format: 'muniment-certificate-2' }),
      JSON.stringify({ ...said, classes: { policy: { records: '2', rows: 7 } } }),
      JSON.stringify({ ...said, classes: { policy: { records: -2, rows: 7 } } }),
      JSON.stringify({ ...said, held: undefined }),
    ])
      expect(readStatement(other)).toBeUndefined()
  })

  it('is saved as the file that its description checks', () => {
    const signature = { algorithm: 'Ed25519', value: 'AAAA' }
    expect(JSON.parse(certificateFile('{"a":1}', JSON.stringify(signature)))).toEqual({
      format: 'muniment-certificate-1',
      statement: '{"a":1}',
      signature,
    })
  })

  it('counts in its sentence', () => {
    expect(text.certificate.sentence(1, 1, 'Claims', 'PAS')).toBe(
      'It is certified that 1 record of Claims, PAS, was destroyed with all that belonged to it (1 row), and that nothing of it was found afterwards.',
    )
  })
})

describe('who may do what', () => {
  const may = (...duties: string[]) => {
    const me = { duties }
    return [seesRetention(me), seesHolds(me), mayHold(me), mayPlan(me), mayApprove(me)]
  }
  it('gives planning and approving to different people, and reading to auditors', () => {
    expect(may('manage-holds', 'plan-destruction')).toEqual([true, true, true, true, false])
    expect(may('approve-rules', 'approve-destruction')).toEqual([true, true, false, false, true])
    expect(may('read-log')).toEqual([true, false, false, false, false])
    expect(may('operate')).toEqual([false, false, false, false, false])
    expect(seesRetention(undefined)).toBe(false)
  })
})

const column = (name: string, type: string, label: string) => ({ name, type, label, description: '', sensitivity: [] })
const table = (name: string, primaryKey: string[], columns: ReturnType<typeof column>[]) => ({
  ...{ name, domain: 'policies', title: name, description: '', source: name, rows: 0, bytes: 0, primaryKey, columns },
  ...{ foreignKeys: [], persons: [], useCases: [] },
})
const tables: ModelDescription['tables'] = [
  table(
    'policies',
    ['policy_number'],
    [column('policy_number', 'varchar', 'Policy number'), column('ends_on', 'date', 'End')],
  ),
  table(
    'vehicles',
    ['policy_number', 'vehicle_no'],
    [column('policy_number', 'varchar', 'Policy number'), column('vehicle_no', 'integer', 'Vehicle')],
  ),
]

describe('the scope of a hold', () => {
  it('takes a key a line, in parts where it has several', () => {
    const one = { ...emptyScope, table: 'policies', keys: ' 100000025 \r\n\n100000132' }
    expect(readScope(one, tables)).toEqual({
      scope: { kind: 'keys', table: 'policies', keys: [['100000025'], ['100000132']] },
    })
    const two = { ...emptyScope, table: 'vehicles', keys: '100000025 ; 1' }
    expect(readScope(two, tables)).toEqual({ scope: { kind: 'keys', table: 'vehicles', keys: [['100000025', '1']] } })
  })

  it('keeps a semicolon that belongs to a key of one part', () => {
    expect(readScope({ ...emptyScope, table: 'policies', keys: 'A;1' }, tables)).toEqual({
      scope: { kind: 'keys', table: 'policies', keys: [['A;1']] },
    })
  })

  it('refuses a key with a part too few, and says in which line', () => {
    const read = readScope({ ...emptyScope, table: 'vehicles', keys: '100000025; 1\n100000026' }, tables)
    expect(read).toEqual({
      faults: [{ field: 'keys', message: 'Line 2 is not Policy number and Vehicle, divided by semicolons.' }],
    })
    expect(readScope({ ...emptyScope, table: 'policies', keys: ' \n' }, tables)).toMatchObject({
      faults: [{ field: 'keys' }],
    })
    expect(readScope(emptyScope, tables)).toMatchObject({ faults: [{ field: 'table' }] })
  })

  it('takes conditions on values and between dates, and no condition that says nothing', () => {
    const where = [{ ...emptyCondition, column: 'ends_on', from: '2016-01-01', to: '2018-12-31' }]
    const typed = { ...emptyScope, kind: 'condition' as const, table: 'policies' }
    expect(readScope({ ...typed, where }, tables)).toEqual({
      scope: {
        kind: 'condition',
        table: 'policies',
        where: [{ column: 'ends_on', from: '2016-01-01', to: '2018-12-31' }],
      },
    })
    const values = [{ ...emptyCondition, column: 'policy_number', values: 'A; B;' }]
    expect(readScope({ ...typed, where: values }, tables)).toMatchObject({
      scope: { where: [{ column: 'policy_number', in: ['A', 'B'] }] },
    })
    expect(readScope({ ...typed, where: [{ ...emptyCondition, column: 'ends_on' }] }, tables)).toMatchObject({
      faults: [{ field: 'values-0' }],
    })
    expect(
      readScope({ ...typed, where: [{ ...emptyCondition, column: 'ends_on', from: 'May' }] }, tables),
    ).toMatchObject({
      faults: [{ field: 'values-0' }],
    })
  })

  it('names a class with its domain', () => {
    expect(readScope({ ...emptyScope, kind: 'class', class: 'policies/policy' }, tables)).toEqual({
      scope: { kind: 'class', domain: 'policies', class: 'policy' },
    })
    for (const kind of ['class', 'domain', 'person'] as const)
      expect(readScope({ ...emptyScope, kind }, tables)).toMatchObject({ faults: [{ field: kind }] })
    expect(readScope({ ...emptyScope, kind: 'application' }, tables)).toEqual({ scope: { kind: 'application' } })
  })
})
