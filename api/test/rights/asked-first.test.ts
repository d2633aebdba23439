import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { NoRulesError } from '@muniment/archive/access/begin-rules'
import { rightsBy } from '@muniment/archive/access/rights'
import { afterEach, describe, expect, it } from 'vitest'
import { answering } from '../support/loans.ts'
import { logged } from '../support/logged.ts'
import { memoryEngine } from '../support/memory-engine.ts'
import { everything, openWorld, problemOf, type World } from '../support/world.ts'

let world: World
afterEach(() => world.close())

const asked = (application: string) => ({
  application,
  useCase: 'find-loan',
  inputs: { holder: 'x' },
  purpose: { reason: 'system-test', note: 'test' },
})
const addresses = (application: string) =>
  [
    ['GET', `/api/applications/${application}/use-cases`, undefined],
    ['GET', `/api/applications/${application}/model`, undefined],
    ['GET', `/api/access/explain?application=${application}&useCase=nope`, undefined],
    ['POST', '/api/searches', asked(application)],
  ] as const

const openTo = async (groups: string[]) => {
  world = await openWorld({
    engine: memoryEngine(answering(3)).engine,
    access: { rightsOf: async () => rightsBy(everything, 1, { groups }, new Date()) },
  })
}

const answersOf = (application: string) =>
  Promise.all(
    addresses(application).map(async ([method, path, body]) => {
      const answer = await world.ask(method, path, body)
      return { status: answer.status, problem: await problemOf(answer) }
    }),
  )

describe('somebody without any right', () => {
  it('is answered of an application whose model has a fault as of one that is absent', async () => {
    await openTo([])
    await writeFile(join(world.templates, 'lending', 'application.json'), '{ "name": ')
    const faulty = await answersOf('lending')
    expect(faulty.map(({ status }) => status)).toEqual([404, 404, 404, 404])
    expect(faulty).toEqual(await answersOf('absent'))
    await world.settled()
    // What was refused is in the log though the templates cannot be read.
    expect((await logged(world.store, 'refusal')).map(({ opening }) => opening.subject?.application)).toContain(
      'lending',
    )
  })

  it('is told no title of an application by asking why a use case is not there', async () => {
    await openTo([])
    expect(await answersOf('lending')).toEqual(await answersOf('absent'))
  })
})

it('Somebody with a right is told of the fault', async () => {
  await openTo(['all'])
  await writeFile(join(world.templates, 'lending', 'application.json'), '{ "name": ')
  expect((await answersOf('lending')).map(({ status }) => status)).toEqual([500, 500, 500, 500])
})

it('Whoever signs in before there are rules is told who puts them in force, and no search is begun', async () => {
  const rightsOf = () => Promise.reject(new NoRulesError())
  world = await openWorld({ engine: memoryEngine(answering(3)).engine, access: { rightsOf } })
  for (const [method, path, body] of [...addresses('lending'), ['GET', '/api/me', undefined] as const]) {
    const answer = await world.ask(method, path, body)
    expect(answer.status).toBe(503)
    expect((await problemOf(answer)).detail).toContain('Whoever runs this archive puts the first in force')
  }
})
