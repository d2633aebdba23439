import { cp, mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { firstRules } from '@muniment/archive/access/proposals'
import { AccessRules } from '@muniment/archive/access/rules'
import { sha256Hex } from '@muniment/archive/audit/canonical'
import type { AuditLog } from '@muniment/archive/audit/port'
import { createLocalCatalog } from '@muniment/archive/catalog/local-catalog'
import { createDuckdbEngine } from '@muniment/archive/engine/duckdb-engine'
import type { HoldDeps } from '@muniment/archive/holds/deps'
import { type PlacedHold, placeHold } from '@muniment/archive/holds/place'
import { openRegister, readRegister } from '@muniment/archive/holds/register'
import { approveRelease, proposeRelease } from '@muniment/archive/holds/release'
import { approvalKey, dispositionKey, planKey } from '@muniment/archive/layout'
import { loadApplication } from '@muniment/archive/model/load'
import { fileSealSecrets } from '@muniment/archive/seals/secrets'
import { openFileStore } from '@muniment/archive/store/file-store'
import type { ObjectStore } from '@muniment/archive/store/port'
import { column, createWorld, table } from '../../../ingest/test/world.ts'
import type { ExecuteDeps } from '../../src/execute/ports.ts'
import { createBar } from '../../src/holds/bar.ts'
import { planHash, readList, readPlan } from '../../src/plan/read-plan.ts'
import type { Plan } from '../../src/run/types.ts'

export const RUN = 'R-20260301-0123456789ab'
const at = '2026-03-01T10:00:00.000Z'
export const clock = () => new Date('2026-03-01T11:00:00.000Z')
const signature = (by: string) => ({ by, at, groups: [] })
const keeper = { id: 'karla', groups: ['keepers'] }
const second = { id: 'sven', groups: ['seconds'] }
const silent: AuditLog = { open: async () => '1', close: async () => {}, note: async () => '1' }

/** Things whose records are due: T12 is all that its object has. */
export const DUE = ['T2', 'T3', 'T12']
const partOf = (thing: string) => thing.replace('T', 'P')

interface Planned {
  key: string
  table: string
  load: string
  etag: string
  size: number
  rows: number
}

/** An archive, an approved run over three things with their parts, and a copy to begin again from. */
export async function createRunWorld() {
  const world = await createWorld()
  await world.model(
    [
      table('things', [column('id', { required: true }), column('name')], { domain: 'stock' }),
      table('parts', [column('id', { required: true }), column('thing')], {
        domain: 'stock',
        foreignKeys: [{ columns: ['thing'], references: { table: 'things', columns: ['id'] } }],
      }),
    ],
    { domains: [{ name: 'stock', title: 'Stock', description: 'All of it.' }] },
  )
  const { home } = world
  const raw = home.store
  const load = async (numbers: number[]) => {
    await world.deliver({
      'THINGS.csv': `ID,NAME\n${numbers.map((n) => `T${n},Größe ${n}`).join('\n')}\n`,
      'PARTS.csv': `ID,THING\n${numbers.map((n) => `P${n},T${n}`).join('\n')}\n`,
    })
    const outcome = await world.ingest()
    if (outcome.state !== 'committed') throw new Error(outcome.state)
    return outcome.load
  }
  await load([0, 1, 2, 3, 4, 5])
  await load([12])
  const templatesRoot = join(world.root, 'templates')
  const catalogOf = (store: ObjectStore) =>
    createLocalCatalog({ store, home: { ...home, announce: async () => {} }, templatesRoot })
  await catalogOf(raw).crawl('app')
  const rules = AccessRules.parse({
    format: 1,
    title: 'Test',
    contact: 'Ask the office.',
    grants: [
      { id: 'keepers', groups: ['keepers'], role: 'records-manager' },
      { id: 'seconds', groups: ['seconds'], role: 'approver' },
    ],
  })
  await firstRules(raw, rules, { reason: 'Begin.', by: 'sample', clock: () => new Date('2026-01-01') })
  await openRegister(raw)
  await plan()
  const loadModel = (application: string) => loadApplication(templatesRoot, application)
  const engine = await createDuckdbEngine({
    home,
    catalog: catalogOf(raw),
    loadModel,
    limits: { searchWorkers: 1, memory: 256 * 1024 ** 2, catalogAge: 0 },
  })
  const copy = join(world.root, 'copy')
  const isRecord = (from: string) => !from.slice(home.path.length).startsWith('/.work')
  await cp(home.path, copy, { recursive: true, filter: isRecord })

  async function plan() {
    const objects: Planned[] = []
    for await (const key of raw.list('loads/app/')) {
      if (!key.key.endsWith('/load.json')) continue
      const record = JSON.parse(await world.text(key.key)) as { load: string; objects: Planned[] }
      objects.push(...record.objects.map((object) => ({ ...object, load: record.load })))
    }
    const instance = await DuckDBInstance.create(':memory:')
    const connection = await instance.connect()
    const lists: Plan['lists'] = {}
    const due = new Map<string, number>()
    for (const name of ['parts', 'things']) {
      const mine = objects.filter((object) => object.table === name)
      const selects = mine.map(({ key }) => {
        const thing = name === 'things' ? 'id' : 'thing'
        return `SELECT '${key}' AS _object, _row, id AS key_1, 'thing' AS class, ${thing} AS record_1, 's' AS schedule, DATE '2020-01-01' AS due_from
          FROM read_parquet('${join(home.path, key)}', hive_partitioning = false) WHERE ${thing} IN (${DUE.map((id) => `'${id}'`).join(', ')})`
      })
      const file = join(world.root, `${name}.parquet`)
      await connection.run(
        `COPY (SELECT * FROM (${selects.join(' UNION ALL ')}) ORDER BY _object, _row) TO '${file}' (FORMAT parquet)`,
      )
      const counted = await connection.runAndReadAll(
        `SELECT _object, count(*)::INTEGER FROM read_parquet('${file}') GROUP BY 1`,
      )
      for (const [object, rows] of counted.getRows()) due.set(String(object), Number(rows))
      const bytes = await readFile(file)
      await raw.create(dispositionKey(RUN, name), bytes)
      lists[name] = { sha256: sha256Hex(bytes), rows: DUE.length }
    }
    connection.closeSync()
    instance.closeSync()
    const hash = sha256Hex('x')
    const made: Plan = {
      format: 1,
      run: RUN,
      application: 'app',
      domain: 'stock',
      asOf: '2026-03-01',
      planned: at,
      by: signature('karla'),
      schedules: { version: 1, sha256: hash },
      model: hash,
      catalog: 'c',
      holds: { version: 0, sha256: hash },
      ledger: hash,
      statements: hash,
      lists,
      objects: objects
        .filter(({ key }) => due.has(key))
        .map(({ key, table: name, load: of, etag, size, rows }) => ({
          key,
          table: name,
          load: of,
          etag,
          size,
          rows,
          due: due.get(key) ?? 0,
          stage: name === 'parts' ? 0 : 1,
        }))
        .sort((one, other) => one.stage - other.stage),
      counts: { thing: { due: 3, held: 0, kept: 0, review: 0, undated: 0, conflict: 0, rows: 6 } },
      reasons: {},
    }
    await raw.create(planKey(RUN), `${JSON.stringify({ ...made, hash: planHash(made) })}\n`)
    await raw.create(
      approvalKey(RUN),
      JSON.stringify({ run: RUN, outcome: 'approved', hash: planHash(made), said: '3', signed: signature('sven') }),
    )
    return made
  }

  const classTables = async () => new Map([['thing', 'things']])

  /** What one process works with; `through` may step in between its operations on the store. */
  function process(through: (store: ObjectStore) => ObjectStore = (store) => store) {
    const store = through(openFileStore(home.path))
    const catalog = catalogOf(store)
    const deps: ExecuteDeps = {
      store,
      engine,
      catalog,
      loadModel,
      audit: silent,
      clock,
      work: join(home.work, 'runs'),
      sealSecrets: fileSealSecrets(home.path),
      classTables,
      // The plan is made by hand, and what it was made of is not there to be compared.
      preflight: async () => [],
    }
    const { audit, clock: now } = deps
    const bar = createBar({ store, clock: now }, { readPlan, readList, classTables })
    const holds: HoldDeps = { store, engine, catalog, loadModel, audit, clock: now, bar }
    return { deps, holds }
  }

  /** The archive as it was before anything was destroyed. */
  async function reset() {
    for (const name of await readdir(home.path))
      if (name !== '.work') await rm(join(home.path, name), { recursive: true, force: true })
    await mkdir(join(home.work, 'runs'), { recursive: true })
    await cp(copy, home.path, { recursive: true })
    await engine.refresh('app')
  }

  const place = (thing: string, { holds } = process()): Promise<PlacedHold> =>
    placeHold(holds, {
      application: 'app',
      matter: 'A matter',
      authority: 'A court',
      reason: 'An order',
      scope: { kind: 'keys', table: 'things', keys: [[thing]] },
      by: keeper,
    })

  async function release(hold: string, { holds } = process()) {
    await proposeRelease(holds, { hold, reason: 'Settled.', by: keeper })
    await approveRelease(holds, { hold, by: second })
  }

  /** A second run over the same objects, approved as well. */
  async function anotherRun(): Promise<string> {
    const run = RUN.replace('0123456789ab', 'ba9876543210')
    const store = openFileStore(home.path)
    const other: Plan = { ...(await readPlan(store, RUN)), run }
    for (const name of Object.keys(other.lists))
      await store.create(dispositionKey(run, name), await readFile(join(home.path, dispositionKey(RUN, name))))
    await store.create(planKey(run), `${JSON.stringify({ ...other, hash: planHash(other) })}\n`)
    const approval = { run, outcome: 'approved', hash: planHash(other), said: '3', signed: signature('sven') }
    await store.create(approvalKey(run), JSON.stringify(approval))
    return run
  }

  /** Keys of rows that are there, in the files themselves. */
  async function rowsThere(): Promise<Set<string>> {
    const files: string[] = []
    for await (const { key } of openFileStore(home.path).list('archive/app/')) files.push(join(home.path, key))
    const instance = await DuckDBInstance.create(':memory:', { threads: '1' })
    const connection = await instance.connect()
    const found: string[] = []
    for (const file of files)
      found.push(
        ...(await connection.runAndReadAll(`SELECT id FROM read_parquet('${file}', hive_partitioning = false)`))
          .getRows()
          .map(String),
      )
    connection.closeSync()
    instance.closeSync()
    if (new Set(found).size < found.length) throw new Error(`A row is there twice: ${found.sort().join(' ')}`)
    return new Set(found)
  }

  return {
    world,
    engine,
    process,
    reset,
    place,
    release,
    rowsThere,
    anotherRun,
    partOf,
    register: () => readRegister(openFileStore(home.path)),
    close: async () => {
      await engine.close()
      await world.remove()
    },
  }
}

export type RunWorld = Awaited<ReturnType<typeof createRunWorld>>
