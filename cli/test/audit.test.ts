import { spawn } from 'node:child_process'
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createAuditLog } from '@muniment/archive/audit/create-audit-log'
import { createFileSecrets } from '@muniment/archive/audit/keys/file-secrets'
import { openHome } from '@muniment/archive/home'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { hasOpenssl, serve, testAuthority } from '../../archive/test/audit/time-stamp-authority.ts'
import { CHECKOUT } from './doc-blocks.ts'

const folder = await realpath(await mkdtemp(join(tmpdir(), 'muniment-audit-')))
const path = join(folder, 'home')
const key = join(folder, 'log.key')
const ids: string[] = []
afterAll(() => rm(folder, { recursive: true }))

async function audit(...words: string[]) {
  const child = spawn(process.execPath, [join(CHECKOUT, 'bin', 'muniment.mjs'), 'audit', ...words], {
    env: { ...process.env, MUNIMENT_HOME: path },
  })
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (text) => {
    stdout += String(text)
  })
  child.stderr.on('data', (text) => {
    stderr += String(text)
  })
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve))
  return { code, stdout, stderr }
}

beforeAll(async () => {
  const home = await openHome(path)
  const secrets = createFileSecrets(join(path, 'secrets', 'audit'))
  const log = createAuditLog({ store: home.store, secrets, clock: () => new Date() })
  const actor = { id: 'p-1', roles: ['searcher' as const], groups: [], rules: 1 }
  for (let number = 0; number < 3; number++)
    ids.push(await log.note({ action: 'search', actor, typed: { name: 'Muster' } }, { outcome: 'done' }))
  await home.close()
})

describe('muniment audit', () => {
  it('refuses to verify without any key, and prints one to hand out', async () => {
    expect(await audit('verify')).toMatchObject({ code: 2, stderr: expect.stringMatching(/no signing key/) })
    const { stdout } = await audit('key')
    expect(stdout).toMatch(/^muniment\/[0-9a-f]{16}\+[0-9a-f]{8}\+\S{44}\n$/)
    await writeFile(key, stdout)
  })

  it('finds actions by what was done and by whom, newest first', async () => {
    const { stdout } = await audit('find', '--action', 'search', '--person', 'p-1', '--json')
    const found = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { id: string; outcome: string })
    expect(found.map(({ id }) => id)).toEqual([...ids].reverse())
    expect((await audit('find', '--action', 'unusual-use')).stdout).toBe('Nothing in the log answers this.\n')
  })

  it('seals, tells a witness, and verifies a copy that cannot be written to', async () => {
    const witness = join(folder, 'witness')
    await mkdir(witness)
    const sealed = await audit('seal', '--witness', witness)
    expect(sealed).toMatchObject({ code: 0, stdout: expect.stringMatching(/^7 entries sealed; the log has 7\./) })
    const copy = join(folder, 'copy')
    await cp(join(path, 'audit'), join(copy, 'audit'), { recursive: true })
    await chmod(copy, 0o500)
    const verified = await audit('verify', '--files', copy, '--key', key, '--witness', witness, '--json')
    expect(verified.code).toBe(0)
    expect(JSON.parse(verified.stdout)).toMatchObject({ ok: true, actions: 3, compared: [{ largest: 7 }] })
    expect(await readdir(copy)).toEqual(['audit'])
  })

  it.skipIf(!hasOpenssl)(
    'has a checkpoint time-stamped, and checks the stamp (skipped where openssl is missing)',
    async () => {
      const made = testAuthority()
      made.root('root')
      made.issue('signer', 'root')
      let answers = false
      const server = await serve((query) => (answers ? { body: made.reply(query, 'signer') } : { status: 500 }))
      onTestFinished(async () => {
        await server.close()
        made.remove()
      })
      const timestamps = ['--timestamps', server.address]
      expect(await audit('seal', ...timestamps)).toMatchObject({
        code: 1,
        stdout: expect.stringMatching(/^Time stamp: failed \(.*status 500/m),
      })
      answers = true
      const stamped = await audit('seal', ...timestamps)
      expect(stamped).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Time stamp: stamped, 20/m) })
      expect((await audit('seal', ...timestamps)).stdout).toMatch(/^Time stamp: before$/m)
      const authority = ['--timestamp-authority', join(made.folder, 'root.pem')]
      const verified = await audit('verify', '--key', key, ...authority)
      expect(verified).toMatchObject({
        code: 0,
        stdout: expect.stringMatching(/1 checkpoint has a time stamp.*signer/),
      })
      expect((await audit('verify', '--key', key)).stdout).toMatch(/no authority was given/)
      expect(await audit('verify', '--key', key, '--timestamp-authority', key)).toMatchObject({
        code: 2,
        stderr: expect.stringMatching(/no certificate of a time-stamp authority/),
      })
      expect((await audit('seal', '--timestamps', 'http://tsa.example')).stderr).toMatch(/begins with https/)
    },
  )

  it('proves an action and exports a period', async () => {
    const proof = JSON.parse((await audit('prove', ids[1] ?? '')).stdout) as { entries: unknown[] }
    expect(proof.entries).toMatchObject([
      { kind: 'opening', index: 2 },
      { kind: 'closing', index: 3 },
    ])
    const today = new Date().toISOString().slice(0, 10)
    const out = join(folder, 'today.jsonl')
    expect((await audit('export', '--from', today, '--until', today, '--out', out)).code).toBe(0)
    const lines = (await readFile(out, 'utf8')).trim().split('\n')
    expect(lines.map((line) => (JSON.parse(line) as { index: number }).index)).toEqual([0, 1, 2, 3, 4, 5])
    expect((await audit('export', '--from', '2020-01-01', '--until', '2020-12-31')).stdout).toBe('')
  })

  it('goes on with a new key that the old one named, and forgets keys', async () => {
    const { stdout } = await audit('key', '--rotate')
    expect(stdout).not.toBe(await readFile(key, 'utf8'))
    expect(await audit('verify', '--key', key)).toMatchObject({ code: 0 })
    expect(await audit('forget', '--before', '2020-01-01')).toMatchObject({ code: 0, stdout: '0 keys forgotten.\n' })
  })

  it('exits with 1 and names the first thing that is wrong', async () => {
    const checkpoint = join(folder, 'kept')
    await writeFile(checkpoint, await readFile(join(path, 'audit', 'checkpoint')))
    const [stream = ''] = (await readdir(join(path, 'audit'))).filter((name) => /^\d{8}-/.test(name))
    const file = join(path, 'audit', stream, '0000000002.json')
    await writeFile(file, (await readFile(file, 'utf8')).replace('"p-1"', '"p-2"'))
    const { code, stdout } = await audit('verify', '--key', key, '--checkpoint', checkpoint)
    expect({ code, stdout }).toEqual({
      code: 1,
      stdout: expect.stringContaining(`WRONG: audit/${stream}/0000000002.json (entry 2)`),
    })
  })
})
