import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import type { ClosingEntry, OpeningEntry } from '@muniment/archive/audit/entries'
import { exportEntries } from '@muniment/archive/audit/find/export-entries'
import type { Opening } from '@muniment/archive/audit/port'
import { localUsers } from '@muniment/archive/identity/users'
import { openFileStore } from '@muniment/archive/store/file-store'
import { generatePas } from '@muniment/ingest/sample/pas/generate'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { byCommandLine } from '../src/by-command-line.ts'
import { auditForget } from '../src/commands/audit.ts'
import { ingestCommand } from '../src/commands/ingest.ts'
import { prove } from '../src/commands/prove.ts'
import { addUser, changeGroups, removeUser } from '../src/commands/users.ts'
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

it('a change of users that cannot be leaves nothing of what was typed in the log', async () => {
  const typed = 'Erika Mustermann, geb. 1.2.1960'
  vi.spyOn(process, 'stdin', 'get').mockReturnValue(Readable.from(['correct horse battery']) as typeof process.stdin)
  const options = { name: 'Erika', groups: 'claims', record: [], passwordStdin: true }
  await expect(addUser(typed, options)).rejects.toThrow('lower case')
  await expect(removeUser(typed)).rejects.toThrow('no such user')
  await expect(changeGroups(typed, { groups: 'a' })).rejects.toThrow('no such user')
  expect(await logged()).toEqual([])
})

it('a change of users stands in the log', async () => {
  await localUsers(join(folder, 'home', 'secrets')).add(
    { id: 'nemo', name: 'Nemo', groups: ['claims'] },
    'correct horse battery',
  )
  await removeUser('nemo')
  expect(await logged()).toMatchObject([
    {
      opening: { action: 'users-change', subject: { user: 'nemo', change: 'removed' } },
      closing: { outcome: 'done' },
    },
  ])
})

it('forgetting keys stands in the log, by whom and which', async () => {
  await auditForget({ before: '2020-01-01', json: true })
  expect(await logged()).toMatchObject([
    {
      opening: {
        action: 'keys-forgotten',
        actor: { id: expect.stringMatching(/^account:/) },
        subject: { before: '2020-01-01' },
      },
      closing: { outcome: 'done', detail: { periods: [] } },
    },
  ])
})

it('a proof of a row stands in the log, with the token of the record', async () => {
  const delivery = join(folder, 'delivery')
  await generatePas({ policies: 60, seed: 1, out: delivery, templatesRoot: TEMPLATES_ROOT })
  await ingestCommand({ application: 'pas', from: delivery, json: true })
  const out = join(folder, 'proof.json')
  await prove('parties', 'P10000019', { application: 'pas', out })
  expect(JSON.parse(await readFile(out, 'utf8'))).toHaveProperty('logEntry')
  await prove('parties', 'nothing', { application: 'pas' }).catch(() => undefined)
  const [, done, none] = await logged()
  expect(done).toMatchObject({
    opening: { action: 'row-proof', subject: { application: 'pas', table: 'parties', by: 'command-line' } },
    closing: { outcome: 'done', rows: 1, records: { tokens: 1 } },
  })
  expect(none).toMatchObject({ opening: { action: 'row-proof' }, closing: { outcome: 'done', rows: 0 } })
}, 120_000)

it('entries of a command that nobody signed in for say so', async () => {
  const openings: Opening[] = []
  const audit = {
    open: async (one: Opening) => String(openings.push(one)),
    close: async () => {},
    note: async () => '',
  }
  const opening = { action: 'search' as const, actor: { id: 'mira.kovacs', roles: [], groups: [], rules: 1 } }
  vi.stubEnv('MUNIMENT_TOKEN', '')
  await byCommandLine(audit).open({ ...opening, subject: { search: 's' } })
  vi.stubEnv('MUNIMENT_TOKEN', 'x')
  await byCommandLine(audit).open(opening)
  expect(openings.map(({ subject }) => subject)).toEqual([
    { search: 's', by: 'command-line', signedIn: 'nobody', account: userInfo().username },
    { by: 'command-line' },
  ])
})
