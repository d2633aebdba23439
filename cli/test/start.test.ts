import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findEntries } from '@muniment/archive/audit/find/find-entries'
import { openFileStore } from '@muniment/archive/store/file-store'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { CHECKOUT } from './doc-blocks.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muniment-start-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

/** Runs `muniment` until it ends, or until it prints `until`, and is then asked to stop. */
async function muniment(words: string[], more: Record<string, string> = {}, until?: string) {
  const child = spawn(process.execPath, [join(CHECKOUT, 'bin', 'muniment.mjs'), ...words], {
    env: { ...process.env, MUNIMENT_HOME: join(folder, 'home'), ...more },
  })
  let out = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text) => {
      out += String(text)
      if (until !== undefined && out.includes(until)) child.kill('SIGTERM')
    })
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve))
  return { code, out }
}

it('loads the sample with one entry in the log that has its root, and hands checkpoints to a witness', async () => {
  const witness = join(folder, 'witness')
  await mkdir(witness)
  const started = ['start', '--sample', '60', '--port', '0']
  const { code, out } = await muniment(started, { MUNIMENT_WITNESS: witness }, 'is handed to')
  expect(out).toContain(`Each checkpoint of the audit log is handed to ${witness}`)
  expect(code).toBe(0)
  const loads = []
  for await (const one of findEntries(openFileStore(join(folder, 'home')), { actions: ['load'] })) loads.push(one)
  expect(loads).toMatchObject([
    { opening: { subject: { application: 'pas', root: expect.any(String) } }, closing: { outcome: 'done' } },
  ])
  expect(await readdir(witness)).toContainEqual(expect.stringMatching(/\.checkpoint$/))
  const proved = await muniment(['prove', 'parties', 'P10000019', '--application', 'pas'])
  expect(proved.out).toContain(`"logEntry": "${loads[0]?.opening.id}"`)
  const seals = await muniment(['seals', 'verify'])
  expect(seals).toMatchObject({
    code: 0,
    out: expect.stringContaining(`as entry ${loads[0]?.opening.id} of the log says`),
  })
  const verified = await muniment(['audit', 'verify', '--witness', witness])
  expect(verified).toMatchObject({ code: 0, out: expect.stringContaining('The log goes on from') })
}, 180_000)

it('does not begin with a witness that is no folder, and says which', async () => {
  const missing = join(folder, 'not-there')
  const { code, out } = await muniment(['start', '--port', '0'], { MUNIMENT_WITNESS: missing })
  expect(code).toBe(2)
  expect(out).toContain(`MUNIMENT_WITNESS names ${missing}`)
}, 60_000)
