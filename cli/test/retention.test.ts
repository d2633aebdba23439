import { spawn } from 'node:child_process'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { holdList, holdPlace, holdRelease } from '../src/commands/hold.ts'
import {
  retentionApprove,
  retentionCertificate,
  retentionDue,
  retentionExecute,
  retentionPlan,
  retentionRuns,
  retentionSendBack,
  retentionVerify,
} from '../src/commands/retention.ts'
import { CHECKOUT } from './doc-blocks.ts'
import { type SampleArchive, sampleArchive } from './sample-archive.ts'

let archive: SampleArchive
let home: string
beforeAll(async () => {
  archive = await sampleArchive({ policies: 300 })
  home = archive.home.path
  // Commands open it by themselves.
  await archive.engine.close()
  await archive.home.close()
  vi.stubEnv('MUNIMENT_HOME', home)
  vi.stubEnv('MUNIMENT_TOKEN', '')
  vi.stubEnv('MUNIMENT_SECOND_TOKEN', '')
})
afterAll(async () => {
  vi.unstubAllEnvs()
  await archive.close().catch(() => undefined)
})
afterEach(() => {
  vi.restoreAllMocks()
  process.exitCode = undefined
})

/** What `muniment` with these words prints, and its exit code. */
async function muniment(...words: string[]) {
  const child = spawn(process.execPath, [join(CHECKOUT, 'bin', 'muniment.mjs'), ...words], {
    env: { ...process.env, MUNIMENT_HOME: home },
  })
  let [out, err] = ['', '']
  child.stdout.on('data', (text) => {
    out += String(text)
  })
  child.stderr.on('data', (text) => {
    err += String(text)
  })
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve))
  return { code, out, err }
}
async function json(...words: string[]) {
  const { code, out, err } = await muniment(...words, '--json')
  return { code, told: JSON.parse(out || 'null'), err }
}
/** The same in this process, where only what it prints is asked for. */
async function printed(act: () => Promise<unknown>) {
  const lines: string[] = []
  vi.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line))
  await act()
  const code = process.exitCode ?? 0
  process.exitCode = undefined
  return { code, told: JSON.parse(lines.join('\n')) }
}

const pas = { application: 'pas', json: true }
const held = (keys: string) => ({
  ...pas,
  matter: 'A matter',
  authority: 'A court',
  reason: 'It asked',
  keys,
  as: 'henrik.lund',
})

describe('from what is due to the certificate', { timeout: 180_000 }, () => {
  let run: string
  let hash: string
  let due: number
  let key: string

  it('due tells it by month, domain and class, and writes no run', async () => {
    const { code, told } = await json('retention', 'due', '--application', 'pas', '--domain', 'claims')
    expect(code).toBe(0)
    expect(told.classes).toEqual([expect.objectContaining({ domain: 'claims', class: 'claims', held: 0 })])
    due = told.classes[0].due
    expect(due).toBeGreaterThan(10)
    expect(told.months.reduce((sum: number, { records }: { records: number }) => sum + records, 0)).toBe(due)
    expect((await printed(() => retentionRuns(pas))).told).toEqual({ runs: [] })
    const later = await printed(() => retentionDue({ ...pas, domain: 'claims', asOf: '2030-01-01' }))
    expect(later.told.asOf).toBe('2030-01-01')
    await expect(retentionDue({ ...pas, domain: 'clams' })).rejects.toThrow(/No domain clams has retention schedules/)
  })

  it('plan tells run, hash and counts', async () => {
    const { code, told, err } = await json('retention', 'plan', '--application', 'pas', '--domain', 'claims')
    expect([code, err]).toEqual([0, ''])
    expect(told).toMatchObject({
      run: expect.stringMatching(/^R-\d{8}-[0-9a-f]{12}$/),
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      counts: { due, held: 0, kept: expect.any(Number), undated: expect.any(Number) },
    })
    ;({ run, hash } = told)
    const plan = JSON.parse(await readFile(join(home, 'retention', 'runs', run, 'plan.json'), 'utf8'))
    expect(plan.hash).toBe(hash)
  })

  it('nothing is carried out that nobody approved, and nobody approves who planned it or sees another list', async () => {
    const early = await muniment('retention', 'execute', run, '--json')
    expect([early.code, early.out]).toEqual([2, ''])
    expect(early.err).toMatch(/Nobody has approved/)
    const own = await muniment('retention', 'approve', run, '--hash', hash, '--as', 'henrik.lund')
    expect(own.code).toBe(2)
    expect(own.err).toMatch(/You may not/)
    await expect(retentionApprove(run, { hash: '0'.repeat(64), as: 'sofia.marin' })).rejects.toThrow(/not the list/)
    await expect(retentionApprove(run, { hash, as: 'nobody' })).rejects.toThrow(/no sample person nobody/)
    await expect(retentionApprove(run, { hash, as: 'noor.aziz' })).rejects.toThrow(/You may not/)
    expect((await printed(() => retentionRuns(pas))).told.runs).toMatchObject([{ run, state: 'planned' }])
  })

  it('is approved by another person, once', async () => {
    const { code, told } = await json('retention', 'approve', run, '--hash', hash, '--as', 'sofia.marin')
    expect([code, told]).toEqual([0, expect.objectContaining({ run, state: 'approved', by: 'sofia.marin' })])
    await expect(retentionApprove(run, { hash, as: 'david.stern' })).rejects.toThrow(/approved already/)
    await expect(retentionSendBack(run, { reason: 'No', as: 'david.stern' })).rejects.toThrow(/already/)
  })

  it('a hold on a planned record stands at once, and its record is not destroyed', async () => {
    key = await plannedClaim(run)
    const placing = ['hold', 'place', '--application', 'pas', '--matter', 'A matter', '--authority', 'A court']
    const { code, told, err } = await json(
      ...placing,
      ...['--reason', 'It asked', '--keys', `claims=${key}`, '--as', 'henrik.lund'],
    )
    expect([code, err]).toEqual([0, ''])
    expect(told).toMatchObject({ hold: expect.stringMatching(/^H-[0-9a-f]{12}$/), late: [] })
  })

  it('execute destroys the rest, and says so again when it is asked again', async () => {
    const { code, told, err } = await json('retention', 'execute', run)
    expect([code, err]).toEqual([0, ''])
    expect(told).toMatchObject({ state: 'executed', destroyed: expect.any(Number), objects: expect.any(Number) })
    expect(told.destroyed).toBeGreaterThanOrEqual(due - 1)
    expect((await printed(() => retentionExecute(run, { json: true }))).told).toEqual(told)
    await expect(retentionExecute(run, { workers: '0' })).rejects.toThrow(/1 to 16/)
    const again = await printed(() => retentionPlan({ ...pas, domain: 'claims', as: 'henrik.lund' }))
    expect(again.told.counts).toMatchObject({ due: 0, held: 1 })
  })

  it('a hold that comes after it names what it is too late for', async () => {
    const gone = await plannedClaim(run, key)
    const { told } = await printed(() => holdPlace(held(`claims=${gone}`)))
    expect(told.late).toContainEqual({ run, table: 'claims', key: [gone] })
  })

  it('verify finds nothing, and the certificate is signed and as it is kept', async () => {
    const { code, told } = await json('retention', 'verify', run)
    expect([code, told]).toEqual([0, expect.objectContaining({ run, ok: true, findings: [] })])
    expect((await printed(() => retentionVerify(run, { json: true }))).code).toBe(0)
    const certified = await json('retention', 'certificate', run)
    expect(certified.code).toBe(0)
    expect(JSON.parse(certified.told.statement)).toMatchObject({ run })
    expect(certified.told.signature).toBeDefined()
    expect((await printed(() => retentionCertificate(run, { json: true }))).told).toEqual(certified.told)
  })

  it('holds are listed, and end by two people', async () => {
    const { told } = await json('hold', 'list')
    expect(told.holds).toHaveLength(2)
    const [{ id }] = told.holds
    expect(told.holds[0]).toMatchObject({ state: 'standing', matter: 'A matter', authority: 'A court' })
    const release = { reason: 'Over', as: 'henrik.lund', json: true }
    await expect(holdRelease(id, { ...release, and: 'henrik.lund' })).rejects.toThrow(/takes two people/)
    await expect(holdRelease(id, { ...release, and: 'lena.hart' })).rejects.toThrow(/You may not/)
    const words = ['--reason', 'Over', '--as', 'henrik.lund', '--and', 'sofia.marin']
    expect(await json('hold', 'release', id, ...words)).toMatchObject({
      code: 0,
      told: { hold: id, state: 'released' },
    })
    const after = (await printed(() => holdList(pas))).told.holds
    expect(after.map(({ state }: { state: string }) => state).sort()).toEqual(['released', 'standing'])
    await expect(holdRelease('H-000000000000', { ...release, and: 'sofia.marin' })).rejects.toThrow(/no hold/)
  })

  it('fsck finds all in order, and exits with 1 when a byte of an object was changed', async () => {
    const clean = await json('fsck')
    expect(clean.told.problems).toEqual([])
    expect([clean.code, clean.told.ok]).toEqual([0, true])
    const [object] = (await readdir(join(home, 'archive/pas'), { recursive: true })).filter(
      (file) => file.includes('parties') && file.endsWith('.parquet'),
    )
    const file = join(home, 'archive/pas', object ?? '')
    const bytes = await readFile(file)
    const at = Math.floor(bytes.length / 2)
    bytes[at] = (bytes[at] ?? 0) ^ 1
    await writeFile(file, bytes)
    const altered = await json('fsck', '--deep')
    expect([altered.code, altered.told.ok]).toEqual([1, false])
    expect(altered.told.problems.map(({ key }: { key: string }) => key).join('\n')).toContain('parties')
  })
})

it.each([
  [{}, /Say what is held/],
  [{ keys: 'claims' }, /a table and keys/],
  [{ keys: 'claims=' }, /a table and keys/],
  [{ keys: 'claims=1', all: true }, /Say what is held/],
])('a hold of %j is refused with what to say', async (scope, sentence) => {
  await expect(holdPlace({ ...held(''), keys: undefined as never, ...scope })).rejects.toThrow(sentence)
})

/** Key of a claim on the list of a run, other than `not`. */
async function plannedClaim(run: string, not?: string): Promise<string> {
  const { DuckDBInstance } = await import('@duckdb/node-api')
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  try {
    const lists = (await readdir(join(home, 'retention'), { recursive: true })).filter(
      (file) => file.includes(run) && /claims[^/]*\.parquet$/.test(file),
    )
    const [list = ''] = lists
    const read = await connection.runAndReadAll(
      `SELECT key_1 FROM read_parquet('${join(home, 'retention', list)}') ORDER BY key_1`,
    )
    const found = read
      .getRows()
      .map(([key]) => String(key))
      .find((key) => key !== not)
    if (found === undefined) throw new Error('the list is empty')
    return found
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}
