import { appendFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ClosingEntry, OpeningEntry } from '@muniment/archive/audit/entries'
import { exportEntries } from '@muniment/archive/audit/find/export-entries'
import { openFileStore } from '@muniment/archive/store/file-store'
import { generatePas } from '@muniment/ingest/sample/pas/generate'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { ingestCommand } from '../src/commands/ingest.ts'
import { removeUser } from '../src/commands/users.ts'
import { TEMPLATES_ROOT } from './sample-archive.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muniment-logged-'))
  vi.stubEnv('MUNIMENT_HOME', join(folder, 'home'))
  vi.spyOn(console, 'log').mockImplementation(() => undefined)
})
afterEach(async () => {
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
  process.exitCode = 0
  await rm(folder, { recursive: true, force: true })
})

async function logged() {
  const openings: OpeningEntry[] = []
  const closings = new Map<string, ClosingEntry>()
  const period = { from: new Date(0), until: new Date('2100-01-01') }
  for await (const entry of exportEntries(openFileStore(join(folder, 'home')), period)) {
    if (entry.kind === 'opening') openings.push(entry)
    if (entry.kind === 'closing') closings.set(entry.of, entry)
  }
  return openings.map((opening) => ({ opening, closing: closings.get(opening.id) }))
}

it('a load stands in the log with the root of its seal, and so does one that is refused', async () => {
  const delivery = join(folder, 'delivery')
  await generatePas({ policies: 60, seed: 1, out: delivery, templatesRoot: TEMPLATES_ROOT })
  await ingestCommand({ application: 'pas', from: delivery, json: true })
  await appendFile(join(delivery, 'TPARTNER.csv'), 'nonsense\n')
  await ingestCommand({ application: 'pas', from: delivery, json: true }).catch(() => undefined)
  const [committed, refused] = await logged()
  expect(committed).toMatchObject({
    opening: {
      action: 'load',
      actor: { id: expect.stringMatching(/^account:/) },
      subject: { application: 'pas', root: expect.stringMatching(/^[0-9a-f]{64}$/), deliveryHash: expect.any(String) },
    },
    closing: { outcome: 'done', detail: { state: 'committed', rowsByTable: expect.any(Array) } },
  })
  expect(refused?.opening.subject).not.toHaveProperty('root')
  expect(['refused', 'failed']).toContain(refused?.closing?.outcome)
}, 120_000)

it('a change of users stands in the log, also one that fails', async () => {
  await removeUser('nemo').catch(() => undefined)
  expect(await logged()).toMatchObject([
    {
      opening: { action: 'users-change', subject: { user: 'nemo', change: 'removed' } },
      closing: { outcome: 'failed' },
    },
  ])
})
