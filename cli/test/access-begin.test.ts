import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startServer } from '@muniment/api/server'
import { secretsOf } from '@muniment/api/sign-in/open'
import { sampleRules } from '@muniment/archive/access/sample-rules'
import { exportEntries } from '@muniment/archive/audit/find/export-entries'
import { openHome } from '@muniment/archive/home'
import { readSignInSettings } from '@muniment/archive/identity/settings'
import { localUsers } from '@muniment/archive/identity/users'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { accessBegin } from '../src/commands/access-begin.ts'
import { TEMPLATES_ROOT } from './sample-archive.ts'

let root: string
let home: string
let rules: string
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'muniment-begin-'))
  home = join(root, 'home')
  vi.stubEnv('MUNIMENT_HOME', home)
  rules = join(root, 'rules.json')
  await writeFile(rules, JSON.stringify({ ...sampleRules, title: 'Ours' }))
})
afterAll(async () => {
  vi.unstubAllEnvs()
  await rm(root, { recursive: true, force: true })
})

const options = { reason: 'The first.', json: true }

it('An operator without the demonstration begins with a file of rules, once two people may change them, while the server runs', async () => {
  const users = localUsers(secretsOf({ path: home }))
  await users.add({ id: 'ada', name: 'Ada', groups: ['records-management'] }, 'correct horse battery staple')
  const server = await startServer({ home, templatesRoot: TEMPLATES_ROOT, port: 0, signIn: readSignInSettings() })
  const printed: string[] = []
  vi.spyOn(console, 'log').mockImplementation((line: string) => void printed.push(line))
  try {
    await expect(accessBegin(rules, options)).rejects.toThrow(/Nobody who signs in here might approve/)
    await users.add({ id: 'bob', name: 'Bob', groups: ['approval'] }, 'correct horse battery staple')
    await accessBegin(rules, options)
    expect(JSON.parse(printed[0] ?? '')).toMatchObject({ version: 1, proposers: ['ada'], approvers: ['bob'] })
    await expect(accessBegin(rules, options)).rejects.toThrow(/version 1 is in force/)
  } finally {
    vi.restoreAllMocks()
    await server.close()
  }
  const opened = await openHome(home)
  const actions: string[] = []
  for await (const entry of exportEntries(opened.store, { from: new Date(0), until: new Date('2100-01-01') }))
    if (entry.kind === 'opening' && entry.action === 'rules-change') actions.push(entry.actor.id)
  await opened.close()
  expect(actions).toEqual([expect.stringMatching(/^account:/)])
})

it('Rules that name what is not there are refused by file and line', async () => {
  const [grant] = sampleRules.grants
  await writeFile(rules, JSON.stringify({ ...sampleRules, grants: [{ ...grant, applications: ['paas'] }] }))
  await expect(accessBegin(rules, options)).rejects.toMatchObject({
    detail: { findings: expect.arrayContaining([expect.objectContaining({ hint: 'did you mean "pas"?' })]) },
  })
})
