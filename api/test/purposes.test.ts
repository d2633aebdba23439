import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { OperatorError } from '@muniment/archive/errors'
import { openHome } from '@muniment/archive/home'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readPurposes, usualPurposes } from '../src/purposes.ts'
import { answering } from './support/loans.ts'
import { memoryEngine } from './support/memory-engine.ts'
import { openWorld, problemOf, type World } from './support/world.ts'

const reasons = [
  { code: 'enquiry', label: 'Enquiry', description: 'Somebody asks.' },
  { code: 'drill', label: 'Drill', description: 'Nobody asks.', sentence: false },
]

describe('a search', () => {
  let world: World
  beforeAll(async () => {
    const requestReference = { regex: 'R-[0-9]{4}', message: 'A request has a number such as R-0042.' }
    world = await openWorld({ engine: memoryEngine(answering(1)).engine, purposes: reasons, requestReference })
  })
  afterAll(() => world.close())
  const ask = (purpose: unknown) =>
    world.ask('POST', '/api/searches', {
      application: 'lending',
      useCase: 'find-loan',
      inputs: { holder: 'x' },
      purpose,
    })

  it.each([
    ['a text of neither kind', 'x', 'the reference of a request, or a reason of the list (enquiry, drill)'],
    ['a reason without its sentence', { reason: 'enquiry' }, '"Enquiry" alone is not enough'],
    ['a reason with an empty sentence', { reason: 'enquiry', note: ' \t' }, '"Enquiry" alone is not enough'],
    ['a reason of no list', { reason: 'curiosity', note: 'I wonder.' }, 'is no reason of the list'],
    ['what is no reference of a request', { request: 'somebody' }, 'such as R-0042'],
    ['a reference with something behind it', { request: 'R-0042 and more' }, 'such as R-0042'],
  ])('for %s is refused in a sentence', async (_, purpose, sentence) => {
    const answer = await ask(purpose)
    expect(answer.status).toBe(400)
    expect((await problemOf(answer)).fields?.purpose).toContain(sentence)
  })

  it.each([[{ reason: 'enquiry', note: 'She called.' }], [{ reason: 'drill' }], [{ request: 'R-0042' }]])(
    'for %j is begun',
    async (purpose) => {
      expect([200, 202]).toContain((await ask(purpose)).status)
    },
  )
})

describe('the purposes of a data folder', () => {
  let home: string
  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'muniment-purposes-'))
  })
  afterAll(() => rm(home, { recursive: true }))
  const written = async (content: unknown) => {
    await writeFile(join(home, 'purposes.json'), typeof content === 'string' ? content : JSON.stringify(content))
    return readPurposes(home)
  }

  it('may be written before the folder is used for the first time', async () => {
    const folder = await mkdtemp(join(home, 'folder-'))
    await writeFile(join(folder, 'purposes.json'), JSON.stringify({ reasons }))
    const opened = await openHome(folder)
    expect((await readPurposes(opened.path)).reasons).toEqual(reasons)
    await opened.close()
  })

  it('are the usual ones where nothing is said', async () => {
    expect(await readPurposes(home)).toEqual(usualPurposes)
  })

  it('are those of its file', async () => {
    expect(await written({ reasons })).toEqual({ reasons, requests: usualPurposes.requests })
    const requests = { regex: 'R-[0-9]{4}', message: 'As R-0042.' }
    expect(await written({ reasons, requests })).toEqual({ reasons, requests })
  })

  it.each([
    ['no JSON', '{', 'not JSON'],
    ['no reason', { reasons: [] }, 'reasons'],
    ['a code twice', { reasons: [reasons[0], reasons[0]] }, 'a code is there twice'],
    [
      'the word by which the log knows requests',
      { reasons: [{ ...reasons[0], code: 'request' }] },
      'what the log calls',
    ],
    ['an unknown key', { reasons: [{ ...reasons[0], sentense: false }] }, 'sentense'],
    ['a pattern that is none', { reasons, requests: { regex: '(', message: 'x' } }, 'no regular expression'],
    ['a pattern that takes for ever', { reasons, requests: { regex: '(a+)+b', message: 'x' } }, 'requests regex'],
  ])('are refused with %s, by file and line', async (_, content, message) => {
    const error = (await written(content).catch((thrown: unknown) => thrown)) as OperatorError
    expect(error.name).toBe('OperatorError')
    expect(error.message).toContain(message)
    expect(error.detail.findings).toMatchObject([{ file: join(home, 'purposes.json') }])
  })
})
