import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { column, createWorld, table, type World } from './world.ts'

let world: World
beforeEach(async () => {
  world = await createWorld()
})
afterEach(() => world.remove())

describe('a delivery that is in order', () => {
  it('becomes sorted, numbered, typed Parquet that one load record makes visible', async () => {
    await world.model([
      table('parties', [
        column('id', { type: 'bigint' }),
        column('name'),
        column('born', { type: 'date', nulls: ['9999-12-31'] }),
        column('balance', { type: 'decimal(12,2)', decimalComma: true }),
        column('seen', { type: 'timestamp', sourceFormat: '%Y-%m-%d-%H.%M.%S.%f' }),
        column('active', { type: 'boolean', sourceFormat: 'J|N' }),
        column('name_folded', { derived: { from: ['name'], function: 'fold' } }),
      ]),
    ])
    await world.deliver({
      'PARTIES.csv':
        'ID,NAME,BORN,BALANCE,SEEN,ACTIVE\n' +
        '3,"Müller, ""Hans""",1950-02-28,"1234,50",1999-12-31-23.59.59.120000,J\n' +
        '1,"",9999-12-31,"-0,01",2000-01-01-00.00.00.000000,N\n' +
        '2,,,,,\n',
    })
    const outcome = await world.ingest()
    expect(outcome).toMatchObject({
      application: 'app',
      state: 'committed',
      tables: { parties: { read: 3, written: 3, refused: 0 } },
      deviations: [],
    })
    expect(await world.rows(outcome, 'parties')).toEqual([
      {
        _row: '0',
        id: '1',
        name: '',
        born: null,
        balance: '-0.01',
        seen: '2000-01-01 00:00:00',
        active: 'false',
        name_folded: '',
      },
      { _row: '1', id: '2', name: null, born: null, balance: null, seen: null, active: null, name_folded: null },
      {
        _row: '2',
        id: '3',
        name: 'Müller, "Hans"',
        born: '1950-02-28',
        balance: '1234.50',
        seen: '1999-12-31 23:59:59.12',
        active: 'true',
        name_folded: 'muller hans',
      },
    ])
    const { objects } = await world.record(outcome)
    expect(objects.map(({ key, rows }) => ({ key, rows }))).toEqual([
      { key: `archive/app/things/parties/part-${outcome.load.slice(0, 8)}-00001.parquet`, rows: 3 },
    ])
  })
})
