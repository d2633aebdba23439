import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { canonicalJson, sha256Hex } from '@muniment/archive/audit/canonical'
import { createAuditLog } from '@muniment/archive/audit/create-audit-log'
import { createFileSecrets } from '@muniment/archive/audit/keys/file-secrets'
import type { QueryEngine } from '@muniment/archive/engine/port'
import { openRegister } from '@muniment/archive/holds/register'
import { approvalKey, dispositionKey, planKey, schedulesKey } from '@muniment/archive/layout'
import { loadApplication } from '@muniment/archive/model/load'
import type { Application } from '@muniment/archive/model/types'
import { canonical } from '@muniment/archive/seals/canonical-sql'
import { classOf, type SealedColumn } from '@muniment/archive/seals/encoding'
import { leafHash } from '@muniment/archive/seals/leaves'
import { sealFiles, sealGroupsKey, sealLoad, sealObject } from '@muniment/archive/seals/seal'
import { treeOf } from '@muniment/archive/seals/tree'
import type { ObjectStore } from '@muniment/archive/store/port'
import type { ExecuteDeps } from '../../src/execute/ports.ts'
import { openSessions, type Session } from '../../src/execute/session.ts'
import type { Plan } from '../../src/run/types.ts'
import { SchedulesVersion, schedulesText } from '../../src/schedule/versions.ts'
import { createStoreCatalog } from './store-catalog.ts'

export const RUN = 'R-20260105-0123456789ab'
export const LOAD = 'a'.repeat(32)
const NOW = new Date('2026-01-05T09:00:00.000Z')
export const SECRET = Buffer.alloc(32, 7)

const described = (name: string) => ({ label: name, description: `What ${name} says.` })
const column = (name: string, type: string, more = {}) => ({
  name,
  type,
  ...described(name),
  source: name.toUpperCase(),
  ...more,
})
const notes = [
  column('note', 'varchar', { sensitivity: ['personal'] }),
  column('amount', 'decimal(14,2)'),
  column('factor', 'double'),
  column('born', 'date'),
  column('seen', 'timestamp'),
  column('flag', 'boolean'),
]
const TABLES = [
  {
    name: 'policies',
    domain: 'things',
    title: 'Policies',
    description: 'All.',
    source: { name: 'POL' },
    primaryKey: ['id'],
    sortBy: ['id'],
    partitionBy: ['year'],
    columns: [column('id', 'integer', { required: true }), ...notes, column('year', 'varchar', { required: true })],
  },
  {
    name: 'covers',
    domain: 'things',
    title: 'Covers',
    description: 'All.',
    source: { name: 'COV' },
    primaryKey: ['policy', 'number'],
    sortBy: ['policy', 'number'],
    foreignKeys: [{ columns: ['policy'], references: { table: 'policies', columns: ['id'] } }],
    columns: [
      column('policy', 'integer', { required: true }),
      column('number', 'integer', { required: true }),
      ...notes,
    ],
  },
]

export const canary = (table: string, row: number) => `canary-${table}-${String(row).padStart(3, '0')}-Weiß😀`

interface Material {
  table: string
  key: string
  partition: Record<string, string>
  body: Buffer
  firstRow: number
  rows: number
  due: number[]
}

const values = (table: string) =>
  `CASE WHEN r % 7 = 6 THEN '' || 'canary-${table}-' || lpad(CAST(r AS VARCHAR), 3, '0') || '-Weiß😀' ELSE 'canary-${table}-' || lpad(CAST(r AS VARCHAR), 3, '0') || '-Weiß😀' END AS note,
   CASE WHEN r % 4 = 3 THEN NULL ELSE CAST(r * 1.25 - 3 AS DECIMAL(14,2)) END AS amount,
   CASE r % 4 WHEN 0 THEN 'NaN'::DOUBLE WHEN 1 THEN -0.0::DOUBLE WHEN 2 THEN 1e-5 ELSE NULL END AS factor,
   DATE '1931-02-28' + r::INTEGER AS born, CASE WHEN r % 3 = 0 THEN NULL ELSE TIMESTAMP_MS '1955-12-31 23:59:59.987' END AS seen, r % 2 = 0 AS flag`

const OBJECTS = [
  {
    table: 'covers',
    folder: '',
    select: `SELECT r AS _row, (r // 2)::INTEGER AS policy, (r % 2)::INTEGER AS number, ${values('covers')} FROM range(0, 16) x(r)`,
    firstRow: 0,
    rows: 16,
    due: [0, 1, 4, 5, 6, 7],
  },
  {
    table: 'covers',
    folder: '',
    select: `SELECT r AS _row, (r // 2)::INTEGER AS policy, (r % 2)::INTEGER AS number, ${values('covers')} FROM range(16, 20) x(r)`,
    firstRow: 16,
    rows: 4,
    due: [],
  },
  {
    table: 'policies',
    folder: 'year=1999/',
    select: `SELECT r AS _row, r::INTEGER AS id, ${values('policies')} FROM range(0, 1) x(r)`,
    firstRow: 0,
    rows: 1,
    due: [0],
  },
  {
    table: 'policies',
    folder: 'year=2001/',
    select: `SELECT r AS _row, r::INTEGER AS id, ${values('policies')} FROM range(1, 10) x(r)`,
    firstRow: 1,
    rows: 9,
    due: [2, 3],
  },
]

/** What every world of a test file begins with; made once. */
export interface Materials {
  folder: string
  model: Application
  objects: Material[]
  lists: Record<string, Buffer>
  session: Session
  close(): Promise<void>
}

export async function makeMaterials(): Promise<Materials> {
  const folder = await mkdtemp(join(tmpdir(), 'muniment-run-'))
  const templates = join(folder, 'templates')
  await mkdir(join(templates, 'app', 'tables'), { recursive: true })
  const head = {
    name: 'app',
    title: 'App',
    description: 'A system.',
    timeZone: 'UTC',
    domains: [{ name: 'things', title: 'Things', description: 'All of it.' }],
  }
  await writeFile(join(templates, 'app', 'application.json'), JSON.stringify(head))
  for (const table of TABLES)
    await writeFile(join(templates, 'app', 'tables', `${table.name}.json`), JSON.stringify(table))
  const model = await loadApplication(templates, 'app')
  const sessions = await openSessions(join(folder, 'spill'))
  const session = await sessions.open()
  const objects: Material[] = []
  for (const [index, { table, folder: partitions, select, firstRow, rows, due }] of OBJECTS.entries()) {
    const file = join(folder, `${index}.parquet`)
    await session.run(
      `COPY (${select}) TO '${file}' (FORMAT parquet, CODEC zstd, ROW_GROUP_SIZE 8192, KV_METADATA {application: 'app', "table": '${table}', load: '${LOAD}'})`,
    )
    const [year] = /\d{4}/.exec(partitions) ?? []
    objects.push({
      table,
      key: `archive/app/things/${table}/${partitions}part-aaaaaaaa-0000${index + 1}.parquet`,
      partition: year ? { year } : {},
      body: await readFile(file),
      firstRow,
      rows,
      due,
    })
  }
  const lists: Record<string, Buffer> = {}
  for (const table of ['covers', 'policies']) {
    const rows = objects
      .filter((one) => one.table === table)
      .flatMap(({ key, due }) =>
        due.map((row) => {
          const keys = table === 'covers' ? `'${row >> 1}' AS key_1, '${row % 2}' AS key_2` : `'${row}' AS key_1`
          return `SELECT '${key}' AS _object, ${row}::BIGINT AS _row, ${keys}, 'policy' AS class, '${table === 'covers' ? row >> 1 : row}' AS record_1, 'ten-years' AS schedule, DATE '2020-01-01' AS due_from`
        }),
      )
    const file = join(folder, `list-${table}.parquet`)
    await session.run(`COPY (${rows.join(' UNION ALL ')} ORDER BY _object, _row) TO '${file}' (FORMAT parquet)`)
    lists[table] = await readFile(file)
  }
  return {
    folder,
    model,
    objects,
    lists,
    session,
    async close() {
      session.close()
      sessions.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function sealOf({ model, session, folder, objects }: Materials) {
  const sealed = []
  for (const [index, { table, key, body, firstRow, rows, partition }] of objects.entries()) {
    const described = model.tables.find(({ name }) => name === table)
    const columns = (described?.columns ?? []).map(
      ({ name, type, sensitivity }): SealedColumn => [name, type, classOf(sensitivity)],
    )
    const about = {
      application: 'app',
      load: LOAD,
      table,
      object: key,
      sha256: sha256Hex(body),
      firstRow,
      rows,
      groupRows: 8192,
      columns,
    }
    const texts = columns.map(([name, type]) => (name in partition ? `'${partition[name]}'` : canonical(name, type)))
    const leaves: Buffer[] = []
    await session.each(
      `SELECT _row, ${texts.join(', ')} FROM read_parquet('${join(folder, `${index}.parquet`)}', hive_partitioning = false) ORDER BY _row`,
      ([row, ...values]) => {
        leaves.push(leafHash(about, SECRET, { number: Number(row), values }))
      },
    )
    sealed.push(sealObject(about, [treeOf(leaves).root]))
  }
  return sealLoad({ application: 'app', load: LOAD, report: sha256Hex('report'), objects: sealed.length }, sealed)
}

const SCHEDULES = schedulesText(
  SchedulesVersion.parse({
    number: 1,
    schedules: {
      format: 1,
      application: 'app',
      domain: 'things',
      title: 'Things',
      classes: [
        {
          name: 'policy',
          title: 'Policies',
          description: 'With their covers.',
          table: 'policies',
          with: [{ table: 'covers' }],
          schedules: [
            {
              id: 'ten-years',
              title: 'Ten years',
              kind: 'keep-at-least',
              action: 'destroy',
              authority: {
                law: 'Commercial Code',
                article: '257',
                jurisdiction: 'DE',
                source: 'a library',
                read: '2025-01-01',
              },
              inForce: { from: '2000-01-01' },
              trigger: { title: 'Born', latestOf: [{ column: 'born' }] },
              period: 'P10Y',
              begin: 'event',
            },
          ],
        },
      ],
    },
    reason: 'The first.',
    proposed: { by: 'sample', at: '2026-01-01T00:00:00.000Z', groups: [] },
  }),
)

interface Placed {
  key: string
  etag: string
  size: number
  rows: number
  table: string
  partition: Record<string, string>
  sha256: string
}

const seals = new WeakMap<Materials, Awaited<ReturnType<typeof sealOf>>>()

/** An archive with one sealed load, an empty register of holds, and an approved plan of two tables; children first. */
export async function seed(store: ObjectStore, materials: Materials): Promise<Plan> {
  const seal = seals.get(materials) ?? (await sealOf(materials))
  seals.set(materials, seal)
  const files = sealFiles(seal)
  await store.create(sealGroupsKey('app', LOAD), files.groups)
  await store.create(files.reference.key, files.seal)
  const objects: Placed[] = []
  for (const { table, key, body, rows, partition } of materials.objects) {
    const { etag, size } = await store.create(key, body)
    objects.push({ key, etag, size, rows, table, partition, sha256: sha256Hex(body) })
  }
  const counts = (rows: number) => ({ read: rows, written: rows, refused: 0 })
  await store.create(
    `loads/app/${LOAD}/load.json`,
    JSON.stringify({
      load: LOAD,
      application: 'app',
      deliveryHash: 'd',
      modelHash: 'm',
      started: NOW,
      finished: NOW,
      tables: { covers: counts(20), policies: counts(10) },
      objects,
      report: 'r',
      seal: files.reference,
    }),
  )
  await openRegister(store)
  await store.create(schedulesKey('app', 'things', 1), SCHEDULES)
  for (const [table, body] of Object.entries(materials.lists)) await store.create(dispositionKey(RUN, table), body)
  const due = materials.objects.flatMap((one, index) =>
    one.due.length === 0 ? [] : [{ ...one, etag: objects[index]?.etag ?? '', size: objects[index]?.size ?? 0 }],
  )
  const plan: Plan = {
    format: 1,
    run: RUN,
    application: 'app',
    domain: 'things',
    asOf: '2026-01-01',
    planned: NOW.toISOString(),
    by: { by: 'maria', at: NOW.toISOString(), groups: [] },
    schedules: { version: 1, sha256: sha256Hex(SCHEDULES) },
    model: '0'.repeat(64),
    catalog: 'c',
    holds: { version: 0, sha256: '0'.repeat(64) },
    ledger: '0'.repeat(64),
    statements: '0'.repeat(64),
    lists: Object.fromEntries(
      Object.entries(materials.lists).map(([table, body]) => [
        table,
        { sha256: sha256Hex(body), rows: table === 'covers' ? 6 : 3 },
      ]),
    ),
    objects: due.map(({ key, table, etag, size, rows, due: list }) => ({
      key,
      table,
      load: LOAD,
      etag,
      size,
      rows,
      due: list.length,
      stage: table === 'covers' ? 0 : 1,
    })),
    counts: { policy: { due: 3, held: 0, kept: 0, review: 0, undated: 0, conflict: 0, rows: 9 } },
    reasons: {},
  }
  await store.create(planKey(RUN), JSON.stringify({ ...plan, hash: sha256Hex(canonicalJson(plan)) }))
  await store.create(
    approvalKey(RUN),
    JSON.stringify({
      run: RUN,
      outcome: 'approved',
      hash: sha256Hex(canonicalJson(plan)),
      said: '3',
      signed: { by: 'paul', at: NOW.toISOString(), groups: [] },
    }),
  )
  return plan
}

/** What executes over a store, as a process that just began has it. */
export function depsOver(
  store: ObjectStore,
  materials: Pick<Materials, 'folder' | 'model'>,
  work: string,
): ExecuteDeps {
  const catalog = createStoreCatalog(store, materials.model)
  const engine = { name: 'duckdb', refresh: async () => {} } as unknown as QueryEngine
  const clock = () => new Date('2026-01-06T10:00:00.000Z')
  return {
    store,
    engine,
    catalog,
    clock,
    work,
    loadModel: async () => materials.model,
    audit: createAuditLog({ store, secrets: createFileSecrets(join(materials.folder, 'secrets'), clock), clock }),
    sealSecrets: { read: async () => SECRET },
    preflight: async () => [],
    freeBytes: async () => 2 ** 40,
  }
}

/** Everything that is to be left of a table, as text, in order. */
export async function rowsLeft(store: ObjectStore, { session, folder }: Materials, table: string): Promise<string[]> {
  const found: string[] = []
  for await (const { key } of store.list(`archive/app/things/${table}/`)) {
    const object = await store.get(key)
    if (!object) continue
    const file = join(folder, `look-${table}.parquet`)
    await writeFile(file, object.body)
    await session.each(
      `SELECT _row, to_json(t), typeof(t.seen), t.factor::VARCHAR FROM read_parquet('${file}', hive_partitioning = false) t`,
      (row) => found.push(JSON.stringify(row)),
    )
  }
  return found
}

export const DUE: Record<string, number[]> = { covers: [0, 1, 4, 5, 6, 7], policies: [0, 2, 3] }
export const numberOf = (row: string): number => Number(JSON.parse(row)[0])
