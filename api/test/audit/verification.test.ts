import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLog } from '@muniment/archive/log'
import { openFileStore } from '@muniment/archive/store/file-store'
import { expect, it, onTestFinished } from 'vitest'
import { hasOpenssl, serve, testAuthority } from '../../../archive/test/audit/time-stamp-authority.ts'
import { createVerification } from '../../src/audit/verification.ts'
import { openGovernance } from '../../src/governance.ts'

const clock = () => new Date()
const log = createLog('test', { level: 'silent' })
const actor = { id: 'ada', roles: [], groups: [], rules: 1 }

it('says what the witness has to which the sealer hands checkpoints, and when it cannot be told', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'muniment-witness-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }))
  const [path, witness] = [join(folder, 'home'), join(folder, 'witness')]
  await mkdir(witness)
  const home = { path, store: openFileStore(path) }
  const governance = await openGovernance({ home, clock, process: 'server', sealEvery: 0.05, witness, log })
  const verification = createVerification({ ...governance, store: home.store, folder: path, clock, log })
  await governance.audit.note({ action: 'search', actor }, { outcome: 'done' })
  await expect.poll(() => governance.witnessed(), { timeout: 5000 }).toMatchObject([{ state: 'kept' }])
  await expect
    .poll(async () => {
      await verification.now()
      return verification.state().witness
    })
    .toEqual([{ name: `witness ${witness}`, checkpoints: 1, largest: 3 }])
  expect(verification.state().sentences.join(' ')).toContain(`Each checkpoint is handed to the witness ${witness}.`)
  // A machine that is away: sealing goes on.
  await rename(witness, join(folder, 'away'))
  await expect.poll(() => governance.witnessed(), { timeout: 5000 }).toMatchObject([{ state: 'failed' }])
  await governance.audit.note({ action: 'search', actor }, { outcome: 'done' })
  await rename(join(folder, 'away'), witness)
  await expect.poll(() => governance.witnessed(), { timeout: 5000 }).toMatchObject([{ state: 'kept' }])
  await governance.close()
  await verification.now()
  expect(verification.state()).toMatchObject({ ok: true, witness: [{ largest: 6 }], uncovered: { entries: 0 } })
})

it.skipIf(!hasOpenssl)(
  'says whether time stamps come, and has the last checkpoint stamped at the end (skipped where openssl is missing)',
  async () => {
    const path = await mkdtemp(join(tmpdir(), 'muniment-stamped-'))
    const made = testAuthority()
    made.root('root')
    made.issue('signer', 'root')
    let answers = false
    const server = await serve((query) => (answers ? { body: made.reply(query, 'signer') } : { status: 503 }))
    onTestFinished(async () => {
      await server.close()
      made.remove()
      await rm(path, { recursive: true, force: true, maxRetries: 5 })
    })
    const home = { path, store: openFileStore(path) }
    const timeStamps = { address: server.address, certificates: made.pem('root') }
    const governance = await openGovernance({ home, clock, process: 'server', sealEvery: 0.05, timeStamps, log })
    const verification = createVerification({ ...governance, store: home.store, folder: path, clock, log })
    const said = async () => {
      await verification.now()
      return verification.state().sentences.join('\n')
    }
    await governance.audit.note({ action: 'search', actor }, { outcome: 'done' })
    await expect.poll(() => governance.stamped?.failure(), { timeout: 5000 }).toMatch(/status 503/)
    expect(await said()).toMatch(/No time stamp could be had from http.*status 503.*\n.*taken from this machine/)
    answers = true
    await governance.close()
    expect(await said()).toMatch(
      /1 checkpoint has a time stamp.*by signer(?:.|\n)*certified by an authority(?:.|\n)*Time stamps come from/,
    )
    expect(verification.state().ok).toBe(true)
  },
)
