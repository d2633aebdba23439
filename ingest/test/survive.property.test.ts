import { join } from 'node:path'
import { derivations } from '@muniment/archive/folding'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { column, createWorld, query, table } from './world.ts'

const PAD = (value: number, digits: number) => String(value).padStart(digits, '0')

const texts = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 30 }),
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.constantFrom(
    '',
    '"',
    '""',
    "'",
    ',',
    ';',
    '\n',
    '\r\n',
    ' ',
    '\t',
    'NULL',
    '\\N',
    '9999-12-31',
    '{{ 7*7 }}',
    '\0',
  ),
)
const dates = fc
  .date({ min: new Date('1000-01-01'), max: new Date('9999-12-30'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10))
const record = fc.record({
  name: fc.option(texts),
  whole: fc.option(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })),
  small: fc.option(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })),
  amount: fc.option(fc.bigInt({ min: -(10n ** 18n) + 1n, max: 10n ** 18n - 1n })),
  rate: fc.option(fc.double({ noNaN: true, noDefaultInfinity: true })),
  flag: fc.option(fc.boolean()),
  day: fc.option(dates),
  german: fc.option(dates),
  digits: fc.option(dates),
  at: fc.option(fc.date({ min: new Date('1000-01-01'), max: new Date('9999-12-30'), noInvalidDate: true })),
})

/** Decimals of scale 4 out of their unscaled value. */
function decimal(unscaled: bigint, point: string): string {
  const sign = unscaled < 0n ? '-' : ''
  const all = PAD(0, 4) + String(unscaled < 0n ? -unscaled : unscaled)
  const whole = all.slice(0, -4).replace(/^0+(?=\d)/, '')
  return `${sign}${whole}${point}${all.slice(-4)}`
}

const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`
const german = (date: string) => `${date.slice(8)}.${date.slice(5, 7)}.${date.slice(0, 4)}`

const model = table(
  'things',
  [
    column('id', { type: 'integer' }),
    column('name'),
    column('whole', { type: 'bigint' }),
    column('small', { type: 'integer' }),
    column('amount', { type: 'decimal(18,4)', decimalComma: true }),
    column('rate', { type: 'double' }),
    column('flag', { type: 'boolean', sourceFormat: 'J|N' }),
    column('day', { type: 'date', nulls: ['9999-12-31'] }),
    column('german', { type: 'date', sourceFormat: '%d.%m.%Y', nulls: ['31.12.9999'] }),
    column('digits', { type: 'date', sourceFormat: '%Y%m%d', nulls: ['99991231'] }),
    column('at', { type: 'timestamp' }),
    column('folded', { derived: { from: ['name'], function: 'fold' } }),
  ],
  { sortBy: ['folded'] },
)

describe('any table', () => {
  it('survives: what is read back is what was delivered', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(record, { maxLength: 40 }), fc.boolean(), async (records, crlf) => {
        const world = await createWorld()
        try {
          await world.model([model])
          const lines = records.map((row, id) =>
            [
              String(id),
              row.name === null ? '' : quoted(row.name),
              row.whole ?? '',
              row.small ?? '',
              row.amount === null ? '' : quoted(decimal(row.amount, ',')),
              row.rate ?? '',
              row.flag === null ? '' : row.flag ? 'J' : 'N',
              row.day ?? '9999-12-31',
              row.german === null ? '31.12.9999' : german(row.german),
              row.digits?.replaceAll('-', '') ?? '99991231',
              row.at?.toISOString().slice(0, -1) ?? '',
            ].join(','),
          )
          const end = crlf ? '\r\n' : '\n'
          const header = 'ID,NAME,WHOLE,SMALL,AMOUNT,RATE,FLAG,DAY,GERMAN,DIGITS,AT'
          await world.deliver({ 'THINGS.csv': [header, ...lines, ''].join(end) })
          const outcome = await world.ingest()
          expect(outcome).toMatchObject({ state: 'committed', deviations: [] })
          const [object] = (await world.record(outcome)).objects
          const path = join(world.home.path, object?.key ?? '')
          const rows = await query(
            `SELECT id, name, whole, small, amount, rate, flag, day, german, digits, folded,
             strftime("at", '%Y-%m-%dT%H:%M:%S.%g') AS at FROM read_parquet('${path}') ORDER BY id`,
          )
          expect(rows).toEqual(
            records.map((row, id) => ({
              id: String(id),
              name: row.name,
              whole: row.whole === null ? null : String(row.whole),
              small: row.small === null ? null : String(row.small),
              amount: row.amount === null ? null : decimal(row.amount, '.'),
              rate: row.rate === null ? null : String(row.rate),
              flag: row.flag === null ? null : String(row.flag),
              day: row.day,
              german: row.german,
              digits: row.digits,
              folded: row.name === null ? null : derivations.fold(row.name),
              at: row.at?.toISOString().slice(0, -1) ?? null,
            })),
          )
        } finally {
          await world.remove()
        }
      }),
      { numRuns: 25 },
    )
  })
})
