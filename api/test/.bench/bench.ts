import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises'
import http from 'node:http'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { createAdaptorServer } from '@hono/node-server'
import { createDuckdbEngine } from '@muniment/archive/engine/duckdb-engine'
import { localIdentity } from '@muniment/archive/identity/local-identity'
import { createLog } from '@muniment/archive/log'
import { loadApplication } from '@muniment/archive/model/load'
import { openFileStore } from '@muniment/archive/store/file-store'
import { createTemplateLibrary } from '@muniment/query-templates/library'
import { createApp } from '../../src/app.ts'
import { tables, writeLending } from './lending.ts'

async function main() {
  const count = Number(process.argv[2] ?? 1_000_000)
  const folder = await mkdtemp(join(process.argv[4] ?? tmpdir(), 'bench-api-'))
  const home = join(folder, 'home'),
    templates = join(folder, 'templates')
  await writeLending(templates)
  const inst = await DuckDBInstance.create(':memory:', { threads: '1' })
  const con = await inst.connect()
  const key = 'archive/lending/loans/loans/part-1.parquet'
  await mkdir(dirname(join(home, key)), { recursive: true })
  await con.run(`COPY (SELECT 'L-' || lpad(CAST(i AS VARCHAR), 6, '0') AS loan_number, 'Holder ' || i AS holder,
  CASE i % 3 WHEN 0 THEN 'A' WHEN 1 THEN 'Z' ELSE 'X' END AS state, CAST(i * 1.25 AS DECIMAL(20,2)) AS amount, 'EUR' AS currency,
  DATE '2000-01-01' + CAST(i % 5000 AS INTEGER) AS opened, TIMESTAMP '2010-01-01 00:00:00' AS changed, CAST(i AS BIGINT) AS serial,
  0.5::DOUBLE AS rate, i % 2 = 0 AS secured, 'note ' || md5(CAST(i AS VARCHAR)) AS note FROM range(1, ${count + 1}) AS r(i) ORDER BY 1) TO '${join(home, key)}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 16384)`)
  const size = (await stat(join(home, key))).size
  const snap = {
    application: 'lending',
    version: 'v1',
    crawled: '',
    tables: [
      {
        name: 'loans',
        domain: 'loans',
        columns: tables.loans.columns.map((c) => ({ name: c.name, type: c.type, bytes: 100 })),
        partitionBy: [],
        rows: count,
        bytes: size,
        objects: [{ key, etag: '1', size, rows: count, partition: {}, load: 'l1' }],
      },
    ],
  }
  const catalog = {
    read: async (a: string) => (a === 'lending' ? snap : undefined),
    crawl: async () => ({ snapshot: snap, drift: [] }),
  }
  const engine = await createDuckdbEngine({
    home: { path: home, work: join(home, '.work') },
    catalog,
    loadModel: (a) => loadApplication(templates, a),
  })
  const working = new Set<Promise<unknown>>()
  const app = createApp({
    store: openFileStore(home),
    engine,
    catalog,
    templates: createTemplateLibrary(templates),
    identity: localIdentity(),
    purposes: [],
    clock: () => new Date(),
    log: createLog('api', { level: process.env.LOG ?? 'silent' }),
    work: join(home, '.work'),
    secret: Buffer.alloc(32),
    background: (w) => {
      working.add(w)
      void w.finally(() => working.delete(w))
    },
  })
  const server = createAdaptorServer({ fetch: app.fetch })
  await new Promise<void>((r) => server.listen(0, '127.0.0.1', () => r()))
  const port = (server.address() as { port: number }).port
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 })
  const call = (method: string, path: string, body?: string, headers: Record<string, string> = {}) =>
    new Promise<string>((resolve, reject) => {
      const req = http.request(
        {
          port,
          host: '127.0.0.1',
          method,
          path,
          agent,
          headers: {
            ...(body ? { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) } : {}),
            ...headers,
          },
        },
        (res) => {
          let t = ''
          res.setEncoding('utf8')
          res.on('data', (d) => {
            t += d
          })
          res.on('end', () =>
            res.statusCode && res.statusCode < 300 ? resolve(t) : reject(new Error(`${res.statusCode} ${t}`)),
          )
        },
      )
      req.on('error', reject)
      req.end(body)
    })
  const q = (xs: number[], p: number) => [...xs].sort((a, b) => a - b)[Math.floor(xs.length * p)]?.toFixed(2)
  const N = Number(process.argv[3] ?? 300)
  const id = () => `L-${String(1 + Math.floor(Math.random() * Math.min(count, 999999))).padStart(6, '0')}`
  await con.run(`CREATE VIEW loans AS SELECT * FROM read_parquet('${join(home, key)}')`)
  const sql = `SELECT loan_number, holder, state, amount, currency, opened, changed, serial, rate, secured, note FROM loans WHERE loan_number = ? ORDER BY loan_number`
  const floor: number[] = [], straight: number[] = [],
    eng: number[] = [],
    post: number[] = [],
    frag: number[] = [],
    both: number[] = []
  for (let i = 0; i < N + 30; i++) {
    let t = performance.now()
    const p = await con.prepare(sql)
    p.bindVarchar(1, id())
    await (await p.run()).getRows()
    straight.push(performance.now() - t)
    t = performance.now()
    const e = await engine.start(
      { application: 'lending', sql, values: [{ type: 'varchar', value: id() }] },
      { token: crypto.randomUUID(), lane: 'search', person: 'x', timeLimit: 10000, rowLimit: 10000 },
    )
    await engine.wait(e, 10000)
    for await (const _ of engine.rows(e));
    eng.push(performance.now() - t)
    t = performance.now()
    const s = JSON.parse(
      await call(
        'POST',
        '/api/searches',
        JSON.stringify({
          application: 'lending',
          useCase: 'find-loan-one',
          inputs: { loan_number: id() },
          purpose: 'bench',
        }),
        { prefer: 'wait=10' },
      ),
    )
    const a = performance.now() - t
    t = performance.now()
    await call('GET', `/api/searches/${s.id}/panels/loan`)
    const b = performance.now() - t
    post.push(a)
    frag.push(b)
    both.push(a + b)
  }
  for (const [n, x] of Object.entries({ floor, straight, eng, post, frag, both }))
    console.log(n.padEnd(10), 'p50', q(x.slice(30), 0.5), 'p95', q(x.slice(30), 0.95))
  await Promise.all(working)
  const inflight = 50
  const t0 = performance.now()
  const n = 0
  const lat: number[] = []
  const agent2 = new http.Agent({ keepAlive: true, maxSockets: 50 })
  void agent2
  await engine.close()
  server.close()
  agent.destroy()
  con.closeSync()
  await rm(folder, { recursive: true, force: true })
  void inflight
  void t0
  void n
  void lat
}
void main()
