import { spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { openFileSigner } from '@muniment/archive/audit/keys/file-signer'
import { verifierLine } from '@muniment/archive/audit/keys/note'
import type { Signer } from '@muniment/archive/audit/keys/port'
import { wasDestroyed } from '@muniment/archive/destroyed/destroyed-keys'
import { fileKeySecrets } from '@muniment/archive/destroyed/key-secrets'
import { createDuckdbEngine, type DuckdbEngine } from '@muniment/archive/engine/duckdb-engine'
import { certificateKey, dispositionKey } from '@muniment/archive/layout'
import { openFileStore } from '@muniment/archive/store/file-store'
import type { ObjectStore } from '@muniment/archive/store/port'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkCertificate } from '../../src/certificate/certificate.ts'
import { type CertifyDeps, certifyRun } from '../../src/certificate/certify-run.ts'
import { executeRun } from '../../src/execute/execute-run.ts'
import { runState } from '../../src/run/run-state.ts'
import { verifyRun } from '../../src/verify/verify-run.ts'
import { canary, DUE, depsOver, type Materials, makeMaterials, RUN, seed } from '../execute/run-world.ts'

let materials: Materials
let home: string
let store: ObjectStore
let engine: DuckdbEngine
let signer: Signer
let deps: CertifyDeps
beforeAll(async () => {
  materials = await makeMaterials()
  home = await mkdtemp(join(tmpdir(), 'muniment-certificate-'))
  store = openFileStore(home)
  await seed(store, materials)
  const base = depsOver(store, materials, join(home, '.work', 'retention'))
  await base.catalog.crawl('app')
  await mkdir(join(home, '.work'), { recursive: true })
  engine = await createDuckdbEngine({
    home: { path: home, work: join(home, '.work') },
    catalog: base.catalog,
    loadModel: base.loadModel,
  })
  signer = await openFileSigner(join(home, 'secrets', 'log'))
  deps = { ...base, engine, keySecrets: fileKeySecrets(home) }
})
afterAll(async () => {
  await engine.close()
  await rm(home, { recursive: true, force: true })
  await materials.close()
})

const find = async (sql: string) => {
  const id = await engine.start(
    { application: 'app', sql, values: [] },
    { token: 't'.repeat(32) + Math.random(), lane: 'search', person: 'p', timeLimit: 60_000, rowLimit: 100 },
  )
  const { state } = await engine.wait(id, 60_000)
  const rows = []
  if (state === 'SUCCEEDED') for await (const some of engine.rows(id)) rows.push(...some)
  return { state, rows }
}

const filesOf = async () => {
  const files = new Map<string, Buffer>()
  for await (const { key } of store.list(`retention/runs/${RUN}/destroyed/`))
    files.set(key, (await store.get(key))?.body ?? Buffer.alloc(0))
  return files
}

describe('a run that is verified and certified', () => {
  it('is found by no search any more, and leaves no result that shows it', async () => {
    expect((await find('SELECT id FROM policies WHERE id IN (0, 1, 2)')).rows).toHaveLength(3)
    await expect(verifyRun(deps, RUN)).rejects.toThrow('not carried out yet')
    await expect(certifyRun(deps, RUN, signer)).rejects.toThrow('not verified')
    const record = (started: string, state: string) =>
      JSON.stringify({ id: 's', application: 'app', started, state, panels: [] })
    await store.create('searches/2026-01-05/20260105-a.json', record('2026-01-05T08:00:00.000Z', 'done'))
    await store.create('results/20260105-a/rows.json', canary('policies', 0))
    await store.create('results/unknown/rows.json', canary('policies', 0))
    await store.create(
      'searches/2026-01-05/20260105-b.json',
      JSON.stringify({ id: 'b', application: 'other', started: '2026-01-05T08:00:00.000Z', state: 'done', panels: [] }),
    )
    await store.create('results/20260105-b/rows.json', 'of another application')
    await executeRun(deps, RUN)
    expect(await find('SELECT id FROM policies WHERE id IN (0, 1, 2)')).toEqual({ state: 'SUCCEEDED', rows: [['1']] })
    const verification = await verifyRun(deps, RUN)
    expect(verification.findings).toEqual([])
    expect(verification.asked).toEqual({ objects: 3, keys: 9, results: 2 })
    expect(await store.head('results/20260105-b/rows.json')).toBeDefined()
    expect((await runState(store, RUN)).state).toBe('verified')
  })

  it('has a certificate that says what, by which law, by whom and how many, and no key; the lists are gone', async () => {
    const certificate = await certifyRun(deps, RUN, signer)
    expect(await certifyRun(deps, RUN, signer)).toEqual(certificate)
    const { statement, problems } = checkCertificate(
      JSON.stringify(certificate),
      [verifierLine(signer)],
      await filesOf(),
    )
    expect(problems).toEqual([])
    expect(statement).toMatchObject({
      planned: { by: 'maria' },
      approved: { by: 'paul' },
      classes: { policy: { records: 3, rows: 9 } },
      tables: { covers: { rows: 6 }, policies: { rows: 3 } },
      objects: { rewritten: 2, removed: 1 },
      schedules: { authorities: [{ schedule: 'ten-years', law: 'Commercial Code', records: 3 }] },
    })
    expect(statement?.log.entries.map(({ action }) => action)).toEqual(['destruction', 'certificate'])
    expect(await store.head(dispositionKey(RUN, 'covers'))).toBeUndefined()
    expect((await runState(store, RUN)).state).toBe('certified')
  })

  it('answers whether a record was destroyed, with its key alone', async () => {
    const asked = (table: string, key: string[]) => wasDestroyed(store, deps.keySecrets, 'app', table, key)
    for (const row of DUE.policies ?? [])
      expect(await asked('policies', [String(row)])).toEqual({ run: RUN, certificate: certificateKey(RUN) })
    expect(await asked('policies', ['1'])).toBeUndefined()
    expect(await asked('covers', ['0', '1'])).toMatchObject({ run: RUN })
    expect(await asked('covers', ['1', '0'])).toBeUndefined()
  })

  it('is refused when anything of it was altered, or another key signed it', async () => {
    const body = (await store.get(certificateKey(RUN)))?.body.toString() ?? ''
    const line = verifierLine(signer)
    const files = await filesOf()
    expect(checkCertificate(body.replace('maria', 'mario'), [line], files).problems).toEqual([
      'Its signature is not good: it was altered, or another key signed it.',
    ])
    expect(checkCertificate(body, [], files).problems[0]).toContain('none of the keys')
    const other = await openFileSigner(join(home, 'secrets', 'another'))
    expect(checkCertificate(body, [verifierLine({ ...other, name: signer.name })], files).problems[0]).toContain(
      'none of the keys',
    )
    for (const [key, content] of files) {
      const flipped = Buffer.from(content)
      flipped[3] = (flipped[3] ?? 0) ^ 1
      expect(checkCertificate(body, [line], new Map([...files, [key, flipped]])).problems).toEqual([
        `${key} is not as it was certified.`,
      ])
    }
    expect(checkCertificate(body, [line], new Map()).problems).toHaveLength(2)
  })

  const page = () => readFile(new URL('../../../docs/certificates.md', import.meta.url), 'utf8')
  it('is checked by a stranger with openssl and what the page says', async () => {
    const text = await page()
    const block = (kind: string) => new RegExp(`^\`\`\`${kind}\\n(.*?)^\`\`\`$`, 'ms').exec(text)?.[1] ?? ''
    const folder = join(home, 'stranger')
    const follow = async (certificate: string) => {
      await mkdir(folder, { recursive: true })
      for (const [key, body] of await filesOf()) {
        await mkdir(dirname(join(folder, key)), { recursive: true })
        await writeFile(join(folder, key), body)
      }
      await writeFile(join(folder, 'certificate.json'), certificate)
      await writeFile(join(folder, 'log.key'), `${verifierLine(signer)}\n`)
      await writeFile(join(folder, 'check.py'), block('python'))
      const { status, stdout, stderr } = spawnSync('bash', ['-ec', block('sh')], { cwd: folder, encoding: 'utf8' })
      return { status, said: `${stdout}${stderr}` }
    }
    expect(block('python').trim().split('\n').length).toBeLessThanOrEqual(25)
    const certificate = (await store.get(certificateKey(RUN)))?.body.toString() ?? ''
    const { status, said } = await follow(certificate)
    expect({ status, said }).toMatchObject({ status: 0 })
    expect(said).toContain('covers: 6 rows destroyed, 6 keys')
    expect(said).toContain('approved by paul')
    expect(await follow(certificate.replace('maria', 'mario'))).toMatchObject({
      status: 1,
      said: expect.stringContaining('not good'),
    })
  })
})
