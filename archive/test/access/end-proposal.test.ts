import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { refuseProposal, withdrawProposal } from '../../src/access/end-proposal.ts'
import { approveProposal, firstRules, listProposals, proposeRules, readProposal } from '../../src/access/proposals.ts'
import { readRules } from '../../src/access/versions.ts'
import type { AuditLog, Opening } from '../../src/audit/port.ts'
import { InputError, NotFoundError } from '../../src/errors.ts'
import { decisionKey, rulesKey } from '../../src/layout.ts'
import type { ObjectStore } from '../../src/store/port.ts'
import { memoryStore } from '../audit/memory-store.ts'
import { keeper, rulesOf, second } from './model.ts'

const clock = () => new Date('2026-06-01T08:00:00.000Z')
const grant = { id: 'reds', groups: ['red'], role: 'searcher' as const, applications: ['shop'], domains: ['people'] }
const other = { id: 'kurt', groups: keeper.groups }

async function proposed() {
  const store = memoryStore()
  await firstRules(store, rulesOf([]), { reason: 'Begin.', by: 'sample', clock })
  const { id } = await proposeRules(store, rulesOf([grant]), 'Needed.', keeper, { clock })
  return { store, id }
}

describe('a proposal', () => {
  it('is withdrawn by the person who made it, and cannot be approved after', async () => {
    const { store, id } = await proposed()
    expect(await withdrawProposal(store, id, keeper, { clock })).toMatchObject({ state: 'withdrawn' })
    expect(await readProposal(store, id)).toMatchObject({ state: 'withdrawn', ended: { signed: { by: keeper.id } } })
    await expect(approveProposal(store, id, second, { clock })).rejects.toThrow(/was withdrawn by kim/)
    expect((await readRules(store))?.number).toBe(1)
  })

  it('is refused by an approver with the reason, which whoever proposed it reads', async () => {
    const { store, id } = await proposed()
    await refuseProposal(store, id, ' Too wide. ', second, { clock })
    expect((await listProposals(store))[0]).toMatchObject({
      state: 'refused',
      ended: { reason: 'Too wide.', signed: { by: second.id, groups: second.groups } },
    })
    await expect(approveProposal(store, id, second, { clock })).rejects.toThrow(/was refused by sam .*: Too wide/)
    await expect(withdrawProposal(store, id, keeper, { clock })).rejects.toThrow(InputError)
    await expect(refuseProposal(store, id, 'Again.', second, { clock })).rejects.toThrow(InputError)
  })

  it.each([
    [
      'withdrawn by another records manager',
      (store: ObjectStore, id: string) => withdrawProposal(store, id, other, { clock }),
      InputError,
    ],
    [
      'withdrawn by an approver',
      (store: ObjectStore, id: string) => withdrawProposal(store, id, second, { clock }),
      NotFoundError,
    ],
    [
      'refused by who made it',
      (store: ObjectStore, id: string) => refuseProposal(store, id, 'No.', keeper, { clock }),
      NotFoundError,
    ],
    [
      'refused without a reason',
      (store: ObjectStore, id: string) => refuseProposal(store, id, ' ', second, { clock }),
      InputError,
    ],
    [
      'withdrawn under an id that is none',
      (store: ObjectStore) => withdrawProposal(store, '0'.repeat(32), keeper, { clock }),
      NotFoundError,
    ],
  ])('is not %s', async (_how, act, error) => {
    const { store, id } = await proposed()
    await expect(act(store, id)).rejects.toThrow(error)
    expect((await readProposal(store, id)).state).toBe('open')
  })

  it('in force is neither withdrawn nor refused', async () => {
    const { store, id } = await proposed()
    await approveProposal(store, id, second, { clock })
    await expect(withdrawProposal(store, id, keeper, { clock })).rejects.toThrow(/in force/)
    await expect(refuseProposal(store, id, 'Late.', second, { clock })).rejects.toThrow(/in force/)
    expect((await readProposal(store, id)).state).toBe('approved')
  })

  it('whose approval was interrupted before its version stood is approved by whoever tries again, and no longer withdrawn', async () => {
    const { store, id } = await proposed()
    const dies: ObjectStore = {
      ...store,
      create: (key, body) => (key === rulesKey(2) ? Promise.reject(new Error('killed')) : store.create(key, body)),
    }
    await expect(approveProposal(dies, id, second, { clock })).rejects.toThrow('killed')
    expect((await readProposal(store, id)).state).toBe('open')
    await expect(withdrawProposal(store, id, keeper, { clock })).rejects.toThrow(/was approved by sam/)
    expect((await approveProposal(store, id, second, { clock })).number).toBe(2)
  })

  it('approved, withdrawn and refused at once ends in one way only', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), async (scheduler) => {
        const { store, id } = await proposed()
        const slow: ObjectStore = {
          ...store,
          get: scheduler.scheduleFunction(store.get),
          create: scheduler.scheduleFunction(store.create),
        }
        const acts = [
          approveProposal(slow, id, second, { clock }),
          withdrawProposal(slow, id, keeper, { clock }),
          refuseProposal(slow, id, 'No.', second, { clock }),
        ]
        const all = Promise.allSettled(acts)
        await scheduler.waitFor(all)
        const done = (await all).map(({ status }) => status === 'fulfilled')
        expect(done.filter(Boolean)).toHaveLength(1)
        const { state } = await readProposal(store, id)
        expect(state).toBe(['approved', 'withdrawn', 'refused'][done.indexOf(true)])
        expect((await readRules(store))?.number).toBe(state === 'approved' ? 2 : 1)
      }),
      { numRuns: 60 },
    )
  })

  it('ends in the log before it ends: where the log cannot be written, it stays open', async () => {
    const { store, id } = await proposed()
    const opened: Opening[] = []
    const audit: AuditLog = {
      open: async (opening) => {
        opened.push(opening)
        throw new Error('the log is full')
      },
      close: async () => {},
      note: async () => '',
    }
    await expect(withdrawProposal(store, id, keeper, { clock, audit })).rejects.toThrow('the log is full')
    await expect(refuseProposal(store, id, 'No.', second, { clock, audit })).rejects.toThrow('the log is full')
    expect(opened.map(({ action, typed }) => [action, typed])).toEqual([
      ['rules-withdrawal', undefined],
      ['rules-refusal', { reason: 'No.' }],
    ])
    expect(await store.get(decisionKey(id))).toBeUndefined()
  })
})
