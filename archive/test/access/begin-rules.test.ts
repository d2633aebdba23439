import { describe, expect, it } from 'vitest'
import { createAccess } from '../../src/access/access.ts'
import { beginRules, NoRulesError } from '../../src/access/begin-rules.ts'
import { approveProposal, proposeRules } from '../../src/access/proposals.ts'
import { readChain } from '../../src/access/versions.ts'
import type { AuditLog, Closing, Opening } from '../../src/audit/port.ts'
import { InputError, OperatorError } from '../../src/errors.ts'
import { rulesKey } from '../../src/layout.ts'
import { memoryStore } from '../audit/memory-store.ts'
import { keeper, rulesOf, second } from './model.ts'

const clock = () => new Date('2026-06-01T08:00:00.000Z')
const grant = { id: 'reds', groups: ['red'], role: 'searcher' as const, applications: ['shop'], domains: ['people'] }
const beginning = { reason: 'The first.', by: 'account:root', clock, people: [keeper, second] }

describe('an operator’s first rules', () => {
  it('are in force, in the log before they are, and changed by two people from then on', async () => {
    const store = memoryStore()
    const said: (Opening | Closing)[] = []
    const audit: AuditLog = {
      open: async (opening) => {
        expect(await readChain(store)).toEqual([])
        said.push(opening)
        return 'entry'
      },
      close: async (_, closing) => void said.push(closing),
      note: async () => 'none',
    }
    const begun = await beginRules(store, rulesOf([grant]), { ...beginning, audit })
    expect(begun).toMatchObject({ version: { number: 1 }, proposers: [keeper.id], approvers: [second.id] })
    expect(said).toMatchObject([
      { action: 'rules-change', actor: { id: 'account:root' }, subject: { version: 1 } },
      { outcome: 'done', detail: { hash: begun.version.hash } },
    ])
    const { id } = await proposeRules(store, rulesOf([]), 'Fewer.', keeper, { clock })
    expect((await approveProposal(store, id, second, { clock })).number).toBe(2)
  })

  it('never take the place of rules that are there, nor of those that came first', async () => {
    const store = memoryStore()
    await beginRules(store, rulesOf([]), beginning)
    await expect(beginRules(store, rulesOf([grant]), beginning)).rejects.toThrow(/version 1 is in force/)
    const racing = memoryStore()
    const slow = {
      ...racing,
      create: async (key: string, body: Buffer | string) => {
        if (key === rulesKey(1)) await beginRules(racing, rulesOf([]), { ...beginning, by: 'account:first' })
        return racing.create(key, body)
      },
    }
    await expect(beginRules(slow, rulesOf([grant]), beginning)).rejects.toThrow(InputError)
    expect((await readChain(racing))[0]?.proposed.by).toBe('account:first')
  })

  it.each([
    ['nobody who exists may propose others', [second], /Nobody who signs in here might propose/],
    ['nobody who exists may approve others', [keeper], /Nobody who signs in here might approve/],
    [
      'one person alone may do both',
      [{ id: 'both', groups: [...keeper.groups, ...second.groups] }],
      /needs two people/,
    ],
    ['nobody exists', [], OperatorError],
  ])('do not come into force where %s', async (_, people, message) => {
    const store = memoryStore()
    await expect(beginRules(store, rulesOf([]), { ...beginning, people })).rejects.toThrow(message)
    expect(await readChain(store)).toEqual([])
  })

  it('name what there is', async () => {
    const wrong = rulesOf([{ ...grant, applications: ['shpo'] }])
    await expect(beginRules(memoryStore(), wrong, { ...beginning, subjects: [] })).rejects.toThrow('have a fault')
  })

  it('are asked for, by name, where there are none', async () => {
    const { rightsOf } = createAccess({ store: memoryStore(), clock })
    const person = { ...keeper, name: 'Kim' }
    await expect(rightsOf(person)).rejects.toThrow(NoRulesError)
    await expect(rightsOf(person)).rejects.toThrow('npx muniment access begin')
    await expect(proposeRules(memoryStore(), rulesOf([]), 'x', keeper, { clock })).rejects.toThrow('access begin')
  })
})
