import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createAccess } from '../../src/access/access.ts'
import { approveProposal, firstRules, listProposals, proposeRules, readProposal } from '../../src/access/proposals.ts'
import { readChain, readRules } from '../../src/access/versions.ts'
import { canonicalJson, sha256Hex } from '../../src/audit/canonical.ts'
import type { AuditLog } from '../../src/audit/port.ts'
import { InputError, NotFoundError, OperatorError } from '../../src/errors.ts'
import { proposalKey, rulesKey } from '../../src/layout.ts'
import { openFileStore } from '../../src/store/file-store.ts'
import type { ObjectStore } from '../../src/store/port.ts'
import { keeper, rulesOf, second } from './model.ts'

let home: string
let store: ObjectStore
let now: Date
const clock = () => now

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'muniment-access-'))
  store = openFileStore(home)
  now = new Date('2026-06-01T08:00:00.000Z')
})
afterEach(() => rm(home, { recursive: true, force: true }))

const red = { id: 'rita', name: 'Rita', groups: ['red'] }
const grant = (id: string, more: object = {}) => ({
  id,
  groups: ['red'],
  role: 'searcher' as const,
  applications: ['shop'],
  domains: ['people'],
  ...more,
})
const open = () => rulesOf([grant('reds')])
const closed = () => rulesOf([])
const first = (rules = closed()) => firstRules(store, rules, { reason: 'Begin.', by: 'sample', clock })
const tick = (seconds = 60) => {
  now = new Date(now.getTime() + seconds * 1000)
}

async function change(rules = open()) {
  tick()
  const proposal = await proposeRules(store, rules, 'Needed.', keeper, { clock })
  tick()
  return approveProposal(store, proposal.id, second, { clock })
}

const fileOf = (key: string) => join(home, key)
/** Edits an object behind the store's back, as somebody with write access to the folder does. */
async function edit(key: string, change: (text: string) => string) {
  const text = await readFile(fileOf(key), 'utf8')
  const changed = change(text)
  expect(changed).not.toBe(text)
  await writeFile(fileOf(key), changed)
}

describe('the first rules', () => {
  it('are in force at once and are left alone afterwards', async () => {
    expect(await first(open())).toMatchObject({ number: 1, proposed: { by: 'sample' } })
    expect((await first(closed())).rules).toEqual(open())
    expect(await readChain(store)).toHaveLength(1)
  })

  it('are one where two processes begin at once', async () => {
    const [one, other] = await Promise.all([first(open()), first(closed())])
    expect(one.hash).toBe(other.hash)
  })

  it('are refused where nobody could ever change them', async () => {
    const stuck = { ...open(), grants: open().grants.filter(({ role }) => role !== 'approver') }
    await expect(first(stuck)).rejects.toThrow(OperatorError)
    expect(await readRules(store)).toBeUndefined()
  })

  it('missing, nobody sees anything', async () => {
    await expect(createAccess({ store, clock }).rightsOf(red)).rejects.toThrow(/no access rules yet, so nobody sees/)
  })
})

describe('a change of the rules', () => {
  it('counts from the next request on, in every process', async () => {
    await first()
    const [one, other] = [createAccess({ store, clock }), createAccess({ store: openFileStore(home), clock })]
    for (const access of [one, other]) expect((await access.rightsOf(red)).mayEnter('shop')).toBe(false)
    const version = await change()
    expect(version).toMatchObject({
      number: 2,
      proposed: { by: 'kim', groups: ['keepers'] },
      approved: { by: 'sam', at: '2026-06-01T08:02:00.000Z' },
    })
    for (const access of [one, other]) expect(await access.rightsOf(red)).toMatchObject({ rules: 2, grants: ['reds'] })
    await change(closed())
    for (const access of [one, other]) expect((await access.rightsOf(red)).mayEnter('shop')).toBe(false)
  })

  it('names the sha-256 of the version before it, as stored', async () => {
    await first()
    const version = await change()
    expect(version.previous).toBe(sha256Hex(await readFile(fileOf(rulesKey(1)))))
    expect(version.hash).toBe(sha256Hex(await readFile(fileOf(rulesKey(2)))))
  })

  it('needs a second person', async () => {
    await first(rulesOf([{ id: 'both', groups: ['both'], role: 'approver' }]))
    const alone = { id: 'kim', groups: ['keepers', 'both'] }
    const { id } = await proposeRules(store, open(), 'Mine.', alone, { clock })
    await expect(approveProposal(store, id, alone, { clock })).rejects.toThrow(/yourself/)
    expect((await readRules(store))?.number).toBe(1)
  })

  it.each([
    ['searcher', { id: 'rita', groups: ['red'] }],
    ['approver', second],
    ['person of no group', { id: 'nemo', groups: [] }],
  ])('cannot be proposed by a %s', async (_who, by) => {
    await first(open())
    await expect(proposeRules(store, closed(), 'Why not.', by, { clock })).rejects.toThrow(NotFoundError)
    expect(await listProposals(store)).toEqual([])
  })

  it.each([
    ['another records manager', { id: 'kurt', groups: ['keepers'] }],
    ['a searcher', { id: 'rita', groups: ['red'] }],
    ['somebody whose group is merely called like it', { id: 'x', groups: ['Seconds', 'approver'] }],
  ])('cannot be approved by %s', async (_who, by) => {
    await first(open())
    const { id } = await proposeRules(store, closed(), 'Why not.', keeper, { clock })
    await expect(approveProposal(store, id, by, { clock })).rejects.toThrow(/that is for approvers/)
  })

  it('cannot be approved by somebody whom only the proposal makes an approver', async () => {
    await first()
    const coup = rulesOf([{ id: 'coup', groups: ['red'], role: 'approver' }])
    const { id } = await proposeRules(store, coup, 'Trust me.', keeper, { clock })
    await expect(approveProposal(store, id, red, { clock })).rejects.toThrow(NotFoundError)
  })

  it('cannot be approved with a grant that has ended', async () => {
    const until = '2026-06-01T09:00:00Z'
    await first(rulesOf([{ id: 'deputy', groups: ['deputies'], role: 'approver', until }]))
    const deputy = { id: 'dan', groups: ['deputies'] }
    const { id } = await proposeRules(store, open(), 'Needed.', keeper, { clock })
    now = new Date(until)
    await expect(approveProposal(store, id, deputy, { clock })).rejects.toThrow(NotFoundError)
    now = new Date(now.getTime() - 1)
    expect((await approveProposal(store, id, deputy, { clock })).number).toBe(2)
  })

  it('is void when another came in between', async () => {
    await first()
    const { id } = await proposeRules(store, open(), 'Old.', keeper, { clock })
    await change(rulesOf([grant('others', { groups: ['green'] })]))
    expect((await readProposal(store, id)).state).toBe('void')
    await expect(approveProposal(store, id, second, { clock })).rejects.toThrow(
      /is void: it was made against version 1/,
    )
    expect((await readRules(store))?.number).toBe(2)
  })

  it('cannot be approved twice', async () => {
    await first()
    const { id } = await proposeRules(store, open(), 'Once.', keeper, { clock })
    await approveProposal(store, id, second, { clock })
    expect((await readProposal(store, id)).state).toBe('approved')
    await expect(approveProposal(store, id, second, { clock })).rejects.toThrow(/in force already, as version 2/)
  })

  it('of two approved at once is one, and the other is void', async () => {
    await first()
    const one = await proposeRules(store, open(), 'One.', keeper, { clock })
    const other = await proposeRules(store, rulesOf([grant('x')]), 'Other.', keeper, { clock })
    const outcomes = await Promise.allSettled(
      [one, other, one, other].map(({ id }) => approveProposal(openFileStore(home), id, second, { clock })),
    )
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    for (const outcome of outcomes) if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(InputError)
    expect(await readChain(store)).toHaveLength(2)
    expect((await listProposals(store)).map(({ state }) => state).sort()).toEqual(['approved', 'void'])
  })

  it('is refused where the rules would give an operator records', async () => {
    await first()
    const slip = rulesOf([grant('ops', { role: 'operator' })])
    const refused = proposeRules(store, slip, 'Slip.', keeper, { clock })
    await expect(refused).rejects.toMatchObject({
      detail: { findings: [{ message: expect.stringMatching(/operator/) }] },
    })
  })

  it('does not happen by a clock that is behind the version in force', async () => {
    await first()
    const { id } = await proposeRules(store, open(), 'Late.', keeper, { clock })
    tick(-1)
    await expect(approveProposal(store, id, second, { clock })).rejects.toThrow(/clock of this machine/)
  })

  it('does not happen where the log cannot be written', async () => {
    await first()
    const { id } = await proposeRules(store, open(), 'Unseen.', keeper, { clock })
    const audit = { open: () => Promise.reject(new OperatorError('The log is full.')) } as unknown as AuditLog
    await expect(approveProposal(store, id, second, { clock, audit })).rejects.toThrow('The log is full.')
    expect((await readRules(store))?.number).toBe(1)
    await expect(proposeRules(store, open(), 'Unseen too.', keeper, { clock, audit })).rejects.toThrow(
      'The log is full.',
    )
    expect(await listProposals(store)).toHaveLength(1)
  })

  it('stands in the log with who, their groups, the version and its hash', async () => {
    await first()
    const told: unknown[] = []
    const audit: AuditLog = {
      open: async (opening) => `e${told.push(opening)}`,
      close: async (id, closing) => void told.push({ id, ...closing }),
      note: async () => '',
    }
    const { id } = await proposeRules(store, open(), 'Seen.', keeper, { clock, audit })
    const { hash, previous } = await approveProposal(store, id, second, { clock, audit })
    const actor = { id: 'sam', roles: ['approver'], groups: ['seconds'], rules: 1 }
    expect(told).toMatchObject([
      { action: 'rules-proposal', actor: { id: 'kim', roles: ['records-manager'] }, subject: { proposal: id } },
      { id: 'e1', outcome: 'done' },
      { action: 'rules-change', actor, subject: { version: 2, proposal: id, previous } },
      { id: 'e3', outcome: 'done', detail: { hash } },
    ])
  })
})

describe('an attack on the stored rules', () => {
  const cannotBeTrusted = /cannot be trusted|is not as it was written/
  const refused = () => expect(createAccess({ store, clock }).rightsOf(red)).rejects.toThrow(cannotBeTrusted)
  beforeEach(async () => {
    await first()
    await change()
    await change(rulesOf([grant('reds', { sensitivities: ['personal'] })]))
  })

  it.each([1, 2, 3])('by editing version %i shows nobody anything', async (number) => {
    await edit(rulesKey(number), (text) => text.replace('"Ask the office."', '"Ask me."'))
    await refused()
    await expect(proposeRules(store, open(), 'More.', keeper, { clock })).rejects.toThrow(OperatorError)
  })

  it.each([1, 2])('by removing version %i shows nobody anything', async (number) => {
    await rm(fileOf(rulesKey(number)))
    await refused()
  })

  const rewrite = (key: string, change: (version: Record<string, unknown>) => void) =>
    edit(key, (text) => {
      const { digest: _digest, ...version } = JSON.parse(text) as Record<string, unknown>
      change(version)
      return JSON.stringify({ ...version, digest: sha256Hex(canonicalJson(version)) })
    })

  it('by rewriting an earlier version with a right digest shows nobody anything', async () => {
    await rewrite(rulesKey(2), (version) => {
      version.reason = 'Another.'
    })
    await refused()
  })

  it.each([
    ['one person in both parts', { approved: { by: 'kim', at: '2026-06-01T08:05:00.000Z', groups: ['seconds'] } }],
    ['an approver of no such duty', { approved: { by: 'rita', at: '2026-06-01T08:05:00.000Z', groups: ['red'] } }],
    ['a proposer of no such duty', { proposed: { by: 'rita', at: '2026-06-01T08:05:00.000Z', groups: ['red'] } }],
    ['nobody who approved', { approved: undefined }],
    [
      'an approval before the version before',
      { approved: { by: 'sam', at: '2026-06-01T08:00:30.000Z', groups: ['seconds'] } },
    ],
    ['another number', { number: 4 }],
  ])('by forging the newest version with %s shows nobody anything', async (_how, forged) => {
    await rewrite(rulesKey(3), (version) => Object.assign(version, forged))
    await refused()
  })

  it('by cutting off or rewriting the newest version is seen by who has seen it', async () => {
    const access = createAccess({ store, clock })
    const newest = await readFile(fileOf(rulesKey(3)))
    expect((await access.rightsOf(red)).rules).toBe(3)
    await rm(fileOf(rulesKey(3)))
    await expect(access.rightsOf(red)).rejects.toThrow(/version 3, which was in force before, is gone/)
    await writeFile(fileOf(rulesKey(3)), newest)
    expect((await access.rightsOf(red)).rules).toBe(3)
    await rewrite(rulesKey(3), (version) => {
      version.reason = 'Another.'
    })
    await expect(access.rightsOf(red)).rejects.toThrow(/is gone or another one now/)
  })

  it('by leaving a stray file among the versions shows nobody anything', async () => {
    await writeFile(fileOf('access/rules/00000002.json.bak'), '{}')
    await refused()
  })

  it('by editing a proposal makes it impossible to approve', async () => {
    const { id } = await proposeRules(store, closed(), 'Close.', keeper, { clock })
    await edit(proposalKey(id), (text) => text.replace('"Close."', '"Closed."'))
    await expect(approveProposal(store, id, second, { clock })).rejects.toThrow(/not as it was written/)
    expect((await listProposals(store)).map((proposal) => proposal.id)).not.toContain(id)
  })

  it.each(['../rules/00000001', '', '*', 'A'.repeat(32), '0'.repeat(32)])(
    'by an id that is none (%j) finds no proposal',
    async (id) => {
      await expect(approveProposal(store, id, second, { clock })).rejects.toThrow(/no proposal/)
    },
  )
})

describe('a request', () => {
  it('reads no rules while nothing changed', async () => {
    await first(open())
    let reads = 0
    const counting: ObjectStore = {
      ...store,
      get: (key) => {
        reads++
        return store.get(key)
      },
    }
    const access = createAccess({ store: counting, clock })
    for (let i = 0; i < 5; i++) await access.rightsOf(red)
    expect(reads).toBe(1)
  })

  it('counts a time window by the clock of its own moment', async () => {
    await first(rulesOf([grant('reds', { from: '2026-06-01T08:00:01Z', until: '2026-06-01T08:00:02Z' })]))
    const access = createAccess({ store, clock })
    const seen: boolean[] = []
    for (let second = 0; second < 4; second++) {
      seen.push((await access.rightsOf(red)).mayEnter('shop'))
      tick(1)
    }
    expect(seen).toEqual([false, true, false, false])
  })
})
