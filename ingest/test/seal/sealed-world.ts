import { join } from 'node:path'
import type { Proof } from '@muniment/archive/seals/proof'
import type { LoadOutcome } from '../../src/ingest.ts'
import { type ProveOptions, proveRow } from '../../src/seal/prove-row.ts'
import type { LoggedRoot } from '../../src/seal/roots-in-log.ts'
import { type SealsReport, verifySeals } from '../../src/seal/verify-seals.ts'
import { openSession } from '../../src/tables/session.ts'
import { column, createWorld, query, table, type World } from '../world.ts'

/** A row of each kind of value that is easily mistaken for another. */
export const things = [
  ['1', 'Weiß, "Änne"\nzweite Zeile', '', '12.30', '1e+16', '2024-02-29', '2024-02-29 23:59:59.120', 'true', 'L'],
  ['2', null, '0:,', '-0.01', '0.1', '1000-01-01', '1999-12-31 00:00:00.000', 'false', null],
  ['3', '', null, '0.00', '1e-05', null, null, null, 'S'],
  ['4', ':,', '😀', null, '-0.0', '9999-12-31', '2024-07-05 08:00:00.001', 'true', ''],
  ['5', '5:Weiß,', 'z', '999999999999.99', null, '2024-07-05', '2024-07-05 08:00:00.000', 'false', 'R'],
] as const

const quoted = (value: string | null) => (value === null ? '' : `"${value.replaceAll('"', '""')}"`)
const csv = (rows: readonly (readonly (string | null)[])[]) => rows.map((row) => row.map(quoted).join(',')).join('\n')

export async function sealedWorld(): Promise<World> {
  const world = await createWorld()
  await world.model([
    table('things', [
      column('id', { type: 'integer' }),
      column('name', { sensitivity: ['personal'] }),
      column('note', { sensitivity: ['personal', 'health'] }),
      column('amount', { type: 'decimal(14,2)', sensitivity: ['financial'] }),
      column('factor', { type: 'double' }),
      column('born', { type: 'date', sensitivity: ['personal'] }),
      column('seen', { type: 'timestamp' }),
      column('smoker', { type: 'boolean', sensitivity: ['health'] }),
      column('hand'),
    ]),
    table('years', [column('what'), column('year')], { partitionBy: ['year'], sortBy: ['what'] }),
  ])
  await world.deliver({
    'THINGS.csv': `ID,NAME,NOTE,AMOUNT,FACTOR,BORN,SEEN,SMOKER,HAND\n${csv(things)}\n`,
    'YEARS.csv': 'WHAT,YEAR\na,1999\nb,2000\nc,2001\n',
  })
  return world
}

async function withSession<T>(world: World, act: (session: ProveOptions['session']) => Promise<T>): Promise<T> {
  const session = await openSession(join(world.home.work, 'seals'))
  try {
    return await act(session)
  } finally {
    session.close()
  }
}

export const check = (world: World, logged?: ReadonlyMap<string, LoggedRoot[]>): Promise<SealsReport> =>
  withSession(world, (session) =>
    verifySeals({ home: world.home, session, application: 'app', ...(logged && { logged }) }),
  )

export const proof = (world: World, id: string, more: Partial<ProveOptions> = {}): Promise<Proof> =>
  withSession(world, (session) =>
    proveRow({
      ...{ home: world.home, session, application: 'app', table: 'things', key: [id] },
      primaryKey: [{ name: 'id', type: 'integer' }],
      ...more,
    }),
  )

/** Rewrites the object of `things`, as somebody with write access to the bucket could; `select` reads from `t`. */
export async function tamper(world: World, outcome: LoadOutcome, select: string): Promise<void> {
  const key = (await world.record(outcome)).objects.find((object) => object.table === 'things')?.key ?? ''
  const path = join(world.home.path, key)
  await query(`CREATE TABLE t AS FROM '${path}'; COPY (${select}) TO '${path}' (FORMAT parquet)`)
}
