import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { firstRules } from '@muniment/archive/access/proposals'
import { AccessRules } from '@muniment/archive/access/rules'
import { keysBelow } from '@muniment/archive/audit/keys-below'
import { createLocalCatalog } from '@muniment/archive/catalog/local-catalog'
import { placeHold } from '@muniment/archive/holds/place'
import { openFileStore } from '@muniment/archive/store/file-store'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fsck } from '../../src/fsck/fsck.ts'
import { createFsckWorld, RUN } from './world.ts'

let setting: Awaited<ReturnType<typeof createFsckWorld>>
let all: string[] = []

beforeAll(async () => {
  setting = await createFsckWorld()
  const { deps } = setting
  const rules = AccessRules.parse({
    format: 1,
    title: 'Test',
    contact: 'Ask the office.',
    grants: [
      { id: 'keepers', groups: ['keepers'], role: 'records-manager' },
      { id: 'seconds', groups: ['seconds'], role: 'approver' },
    ],
  })
  await firstRules(deps.store, rules, { reason: 'Begin.', by: 'sample', clock: deps.clock })
  await placeHold(deps, {
    application: 'app',
    matter: 'A matter',
    authority: 'A court',
    reason: 'An order',
    scope: { kind: 'keys', table: 'things', keys: [['T12']] },
    by: { id: 'karla', groups: ['keepers'] },
  })
  await setting.destroy()
  for await (const key of keysBelow(deps.store, '')) all.push(key)
  all = all.filter((key) => !key.startsWith('secrets/'))
}, 120_000)
afterAll(() => setting?.close())

/** A copy of the archive, to be damaged. */
async function damaged(damage: (folder: string) => Promise<unknown>) {
  const folder = await mkdtemp(join(tmpdir(), 'muniment-fsck-'))
  try {
    await cp(setting.world.home.path, folder, { recursive: true, filter: (from) => !from.includes('/.work') })
    await mkdir(join(folder, '.work'))
    await damage(folder)
    const store = openFileStore(folder)
    const catalog = createLocalCatalog({
      store,
      home: { path: folder, work: join(folder, '.work'), announce: async () => {} },
      templatesRoot: join(setting.world.root, 'templates'),
    })
    return await fsck({ ...setting.deps, store, catalog })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

describe('an archive that is whole', () => {
  it('has no problem, with every byte and every row number read', async () => {
    const report = await fsck(setting.deps, { deep: true })
    expect(report.problems).toEqual([])
    expect(report.ok).toBe(true)
    expect(report.counts).toMatchObject({
      applications: 1,
      loads: 2,
      objects: 4,
      hashed: 4,
      rows: 30,
      destroyed: 2,
      runs: 1,
      holds: 1,
    })
    expect(report.open).toEqual([{ run: RUN, state: 'executed', todo: expect.stringContaining('retention verify') }])
  })

  it('reads a sample of the objects where that is asked for', async () => {
    const report = await fsck(setting.deps, { sample: 2 })
    expect(report.counts.hashed).toBe(2)
    expect(report.unchecked.join()).toContain('2 of 4 objects')
  })

  it('says that the log was not looked at where no key is given', async () => {
    expect((await fsck(setting.deps)).unchecked).toContain('The audit log was not checked: no public key was given.')
  })
})

/**
 * Their absence is what a crash leaves too, and says nothing wrong: the copy of the newest register, which the next change writes first. Of a
 * statement the log alone knows. A run that is not marked as executed is carried on, and finds everything done.
 */
const MAY_BE_ABSENT = /^(holds\/versions\/00000001\.json|statements\/|retention\/runs\/[^/]+\/executed\.json)/

/** Of what nothing else names the hash, and nothing says how it has to be: quarantine, a list of deviations, a catalog's time. */
const LOOSE = /^(quarantine\/|loads\/[^/]+\/[^/]+\/(deviations|manifest))/

describe('an object of any prefix', () => {
  const prefixes = ['archive', 'loads', 'catalog', 'holds', 'statements', 'retention', 'access']

  it('is there in each prefix that is tried, and a copy of them has no problem', async () => {
    expect((await damaged(async () => {})).problems).toEqual([])
    for (const prefix of prefixes) expect(all.some((key) => key.startsWith(`${prefix}/`))).toBe(true)
  })

  it('is found out when it is removed', async () => {
    const unseen: string[] = []
    for (const key of all.filter((one) => !LOOSE.test(one) && !MAY_BE_ABSENT.test(one))) {
      const { ok } = await damaged((folder) => rm(join(folder, key)))
      if (ok) unseen.push(key)
    }
    expect(unseen).toEqual([])
  }, 240_000)

  it('is found out when a byte of it is flipped', async () => {
    const unseen: string[] = []
    for (const key of all.filter((one) => !LOOSE.test(one))) {
      const { ok } = await damaged(async (folder) => {
        const file = join(folder, key)
        const bytes = await readFile(file)
        const middle = Math.floor(bytes.length / 2)
        bytes[middle] = (bytes[middle] ?? 0) ^ 1
        await writeFile(file, bytes)
      })
      if (ok) unseen.push(key)
    }
    expect(unseen).toEqual([])
  }, 240_000)

  it('is found out when it was added', async () => {
    const added = [
      'archive/app/things/things/part-zz.parquet',
      'loads/app/notes.txt',
      'catalog/app/copy.json',
      'holds/H-ffffffffffff/event-00000001.json',
      'statements/app/strange.json',
      `retention/runs/${RUN}/copy-of-list.parquet`,
      'retention/old/list.parquet',
      'access/rules/copy.json',
      'templates/app/extra.json',
      'audit/extra.json',
      'backup/policies.csv',
      'stray.txt',
    ]
    const unseen: string[] = []
    for (const key of added) {
      const { problems } = await damaged(async (folder) => {
        await mkdir(dirname(join(folder, key)), { recursive: true })
        await writeFile(join(folder, key), 'x')
      })
      if (!problems.some((problem) => problem.key.startsWith(key.slice(0, 20)))) unseen.push(key)
    }
    expect(unseen).toEqual([])
  }, 240_000)
})
