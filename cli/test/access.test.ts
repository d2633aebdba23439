import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { firstRules } from '@muniment/archive/access/proposals'
import { sampleRules } from '@muniment/archive/access/sample-rules'
import { openHome } from '@muniment/archive/home'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { loadSubjects, seek } from '../src/access-subjects.ts'
import { accessReportCommand, accessShow } from '../src/commands/access.ts'
import { accessExplain } from '../src/commands/access-explain.ts'
import { readMoment } from '../src/moment.ts'
import { TEMPLATES_ROOT } from './sample-archive.ts'

let home: string
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'muniment-access-'))
  vi.stubEnv('MUNIMENT_HOME', home)
  const opened = await openHome(home)
  const clock = () => new Date('2026-01-01T00:00:00Z')
  await firstRules(opened.store, sampleRules, { reason: 'Sample.', by: 'sample', clock })
  await opened.close()
})
afterAll(async () => {
  vi.unstubAllEnvs()
  await rm(home, { recursive: true, force: true })
})

let printed: string[] = []
const printing = () => {
  printed = []
  vi.spyOn(console, 'log').mockImplementation((line: string) => void printed.push(line))
}
afterEach(() => vi.restoreAllMocks())
const answer = () => JSON.parse(printed.join('\n')) as { answer: string; sentences: string[]; groups: string[] }

describe('access explain', () => {
  it('names the panels that a sample person does not see, by the tables their queries read', async () => {
    printing()
    await accessExplain('lena.hart', 'policy-file', { json: true })
    const { groups, sentences, ...told } = answer()
    expect([groups, told.answer]).toEqual([['customer-service'], 'in part'])
    expect(sentences.join('\n')).toContain('Left out: Timeline, Claims, Invoices and Receipts.')
    expect(sentences.join('\n')).toContain('In policies, masked: annual_premium.')
  })

  it('takes groups instead of a person', async () => {
    printing()
    await accessExplain('accounting', 'claim-file', { json: true })
    expect(answer().answer).toBe('no')
    printing()
    await accessExplain('somebody', 'claim-file', { json: true, groups: 'accounting, claims' })
    expect(answer().groups).toEqual(['accounting', 'claims'])
    expect(answer().answer).toBe('in part')
  })

  it('refuses a person of whom it does not know the groups', async () => {
    await expect(accessExplain('nemo', 'claim-file', {})).rejects.toThrow(/no person that is known here and no group/)
  })

  it('of a time before there were rules says that nobody could see anything', async () => {
    await expect(accessExplain('claims', 'claim-file', { at: '2025-12-31' })).rejects.toThrow(
      /nobody could see anything/,
    )
  })
})

describe('access report and show', () => {
  it('say who could see what, and by which version', async () => {
    printing()
    await accessReportCommand({ at: '2026-01-01', application: 'pas' })
    expect(printed[0]).toContain('at 2026-01-01T23:59:59.999Z, by version 1')
    expect(printed).toContain('  pas customers: personal; see [customer-service]')
    const operators = printed.findIndex((line) => line.startsWith('it-operations: operator'))
    expect(printed.slice(operators + 1, operators + 3)).toEqual(['  persons: kim.nguyen', '  no records'])
    printing()
    await accessShow({ version: '1', json: true })
    expect(JSON.parse(printed[0] ?? '')).toMatchObject({ number: 1, reason: 'Sample.' })
    await expect(accessShow({ version: '2' })).rejects.toThrow('There are versions 1 to 1.')
  })
})

describe('what is sought', () => {
  it.each([
    ['customer-file', 'use-case', undefined],
    ['policies:100000041', 'record', ['100000041']],
    ['coverages:100000041,1', 'record', ['100000041', '1']],
    ['airports:JFK', 'record', ['JFK']],
  ])('%s is a %s', async (what, kind, key) => {
    const sought = seek(await loadSubjects(TEMPLATES_ROOT), what)
    expect(sought.asked.kind).toBe(kind)
    expect(sought.key).toEqual(key)
  })

  it.each(['nothing', 'nothing:1', '', ':'])('%j is nothing', async (what) => {
    expect(() => seek([], what)).toThrow(/Name a use case/)
  })
})

describe('a moment', () => {
  it.each([
    ['2026-11-30', '2026-11-30T23:59:59.999Z'],
    ['2026-11-30T12:00:00+01:00', '2026-11-30T11:00:00.000Z'],
    ['2026-11-30T12:00Z', '2026-11-30T12:00:00.000Z'],
  ])('%s is %s', (text, moment) => {
    expect(readMoment(text, '--at').toISOString()).toBe(moment)
  })

  it.each(['2026-02-30', '2026-13-01', '30.11.2026', '2026-11-30T12:00:00', 'yesterday', ''])('%j is none', (text) => {
    expect(() => readMoment(text, '--at')).toThrow(/takes a date/)
  })
})
