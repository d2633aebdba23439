import { createHash, randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { canonicalJson, sha256Hex } from '@muniment/archive/audit/canonical'
import type { AuditLog } from '@muniment/archive/audit/port'
import { createLocalCatalog } from '@muniment/archive/catalog/local-catalog'
import { createDuckdbEngine } from '@muniment/archive/engine/duckdb-engine'
import { openRegister } from '@muniment/archive/holds/register'
import {
  approvalKey,
  dispositionKey,
  objectDecisionKey,
  objectDoneKey,
  planKey,
  statementKey,
} from '@muniment/archive/layout'
import { loadApplication } from '@muniment/archive/model/load'
import { markApplied, writeRewrite } from '@muniment/archive/rewrites/rewrites'
import { statementId } from '@muniment/archive/statements/read-statements'
import { column, createWorld, table } from '../../../ingest/test/world.ts'
import type { RetentionDeps } from '../../src/deps.ts'
import { executedKey } from '../../src/run/run-keys.ts'
import type { ObjectDecision, ObjectDone, Plan } from '../../src/run/types.ts'

export const RUN = 'R-20260301-0123456789ab'
const at = '2026-03-01T10:00:00.000Z'
const hash = (text: string | Buffer) => createHash('sha256').update(text).digest('hex')
const signature = (by: string) => ({ by, at, groups: [] })
const text = (value: unknown) => `${JSON.stringify(value)}\n`

const silent: AuditLog = { open: async () => '1', close: async () => {}, note: async () => '1' }

/** An archive of two loads; of one of its objects a run has destroyed rows 2 and 3. */
export async function createFsckWorld() {
  const world = await createWorld()
  await world.model([
    table('things', [column('id', { required: true }), column('name'), column('size', { type: 'decimal(12,2)' })]),
    table('parts', [column('id', { required: true }), column('thing')], {
      foreignKeys: [{ columns: ['thing'], references: { table: 'things', columns: ['id'] } }],
    }),
  ])
  const load = async (from: number, to: number) => {
    const numbers = Array.from({ length: to - from }, (_, n) => from + n)
    await world.deliver({
      'THINGS.csv': `ID,NAME,SIZE\n${numbers.map((n) => `T${n},Größe ${n},${n}.50`).join('\n')}\n`,
      'PARTS.csv': `ID,THING\n${numbers.map((n) => `P${n},T${n}`).join('\n')}\n`,
    })
    const outcome = await world.ingest()
    if (outcome.state !== 'committed') throw new Error(JSON.stringify(outcome))
    return outcome
  }
  const first = await load(0, 10)
  await load(10, 15)
  const { home } = world
  const { store } = home
  const templatesRoot = join(world.root, 'templates')
  const catalog = createLocalCatalog({
    store,
    home: { ...home, announce: async () => {} },
    templatesRoot,
  })
  await catalog.crawl('app')
  const loadModel = (application: string) => loadApplication(templatesRoot, application)
  const engine = await createDuckdbEngine({
    home,
    catalog,
    loadModel,
    limits: { searchWorkers: 1, memory: 256 * 1024 ** 2, catalogAge: 0 },
  })
  const deps: RetentionDeps = {
    store,
    engine,
    catalog,
    loadModel,
    audit: silent,
    clock: () => new Date(at),
    work: home.work,
  }
  await openRegister(store)
  const said = {
    application: 'app',
    table: 'things',
    key: ['T7'],
    what: { kind: 'restriction' as const },
    reason: 'Asked for.',
    signed: signature('anna'),
  }
  const id = statementId({ id: '', ...said })
  await store.create(statementKey('app', id), text({ id, ...said }))

  const loaded = (await world.record(first)).objects.find((object) => object.table === 'things')
  if (!loaded) throw new Error('no object')

  /** Destroys rows 2 and 3 of the first object as a run does, and writes all that a run writes. */
  async function destroy() {
    if (!loaded) throw new Error('no object')
    const list = join(home.work, 'list.parquet')
    const kept = join(home.work, 'kept.parquet')
    const nonce = randomBytes(16).toString('hex')
    const instance = await DuckDBInstance.create(':memory:')
    const connection = await instance.connect()
    await connection.run(`COPY (SELECT '${loaded.key}' AS _object, 2::BIGINT AS _row) TO '${list}' (FORMAT parquet)`)
    await connection.run(
      `COPY (SELECT * FROM read_parquet('${join(home.path, loaded.key)}', hive_partitioning = false) WHERE _row NOT IN (2, 3))
       TO '${kept}' (FORMAT parquet, KV_METADATA {nonce: '${nonce}'})`,
    )
    connection.closeSync()
    instance.closeSync()
    const bytes = await readFile(kept)
    const after = { size: bytes.length, rows: 8, sha256: hash(bytes), nonce }
    const listBytes = await readFile(list)
    const plan: Plan = {
      format: 1,
      run: RUN,
      application: 'app',
      domain: 'things',
      asOf: '2026-03-01',
      planned: at,
      by: signature('karla'),
      schedules: { version: 1, sha256: hash('s') },
      model: hash('m'),
      catalog: 'c',
      holds: { version: 0, sha256: hash('h') },
      ledger: hash('l'),
      statements: hash('st'),
      lists: { things: { sha256: hash(listBytes), rows: 2 } },
      objects: [
        {
          key: loaded.key,
          table: 'things',
          load: first.load,
          etag: loaded.etag,
          size: loaded.size,
          rows: 10,
          due: 2,
          stage: 0,
        },
      ],
      counts: {},
      reasons: {},
    }
    const decision: ObjectDecision = {
      kind: 'destroy',
      run: RUN,
      object: 0,
      attempt: 1,
      nonce,
      register: 0,
      rows: [[2, 2]],
      held: [],
      at,
    }
    await store.create(dispositionKey(RUN, 'things'), listBytes)
    await store.create(planKey(RUN), text(plan))
    await store.create(
      approvalKey(RUN),
      text({
        run: RUN,
        outcome: 'approved',
        hash: sha256Hex(canonicalJson(plan)),
        said: '2',
        signed: signature('sven'),
      }),
    )
    await store.create(objectDecisionKey(RUN, 0, 1), text(decision))
    const rewrite = {
      format: 1 as const,
      application: 'app',
      object: loaded.key,
      table: 'things',
      load: first.load,
      run: RUN,
      generation: 1,
      attempt: 1,
      before: { etag: loaded.etag, rows: 10 },
      after,
    }
    await writeRewrite(store, rewrite)
    const { etag } = await store.replaceFromFile(loaded.key, kept, loaded.etag)
    await markApplied(store, rewrite, etag)
    const done: ObjectDone = {
      run: RUN,
      object: 0,
      attempt: 1,
      etag,
      destroyed: 2,
      kept: 8,
      bytes: after.size,
      versions: 0,
      at,
    }
    await store.create(objectDoneKey(RUN, 0), text(done))
    await store.create(executedKey(RUN), text({}))
    await catalog.crawl('app')
  }

  return {
    world,
    deps,
    loaded,
    destroy,
    close: async () => {
      await engine.close()
      await world.remove()
    },
  }
}
