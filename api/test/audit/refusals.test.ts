import { afterEach, describe, expect, it } from 'vitest'
import { answering } from '../support/loans.ts'
import { logged } from '../support/logged.ts'
import { memoryEngine } from '../support/memory-engine.ts'
import { openWorld, type World } from '../support/world.ts'

let world: World
afterEach(() => world.close())

const absent = '019ab3c4-5d6e-7f80-9a1b-2c3d4e5f6071'
const refusals = async () => {
  await world.settled()
  return logged(world.store, 'refusal')
}

describe('a refusal', () => {
  it('stands in the log with the pattern of its route and ids only, after the answer', async () => {
    world = await openWorld({ engine: memoryEngine(answering(3)).engine })
    const { id } = await world.search('find-loan', { holder: 'x' })
    const bob = { 'x-person': 'bob' }
    const statuses = []
    for (const path of [
      `/api/searches/${id}`,
      `/api/searches/${absent}/panels/loans`,
      `/api/exports/${id}_0123456789ab`,
      '/api/applications/canary-jane-doe/model',
      '/api/canary-jane-doe?name=canary-jane-doe',
    ])
      statuses.push((await world.get(path, bob)).status)
    expect(statuses).toEqual([404, 404, 404, 404, 404])
    const body = {
      application: 'lending',
      useCase: 'canary-jane-doe',
      inputs: {},
      purpose: { reason: 'system-test', note: 'canary-jane-doe' },
    }
    await world.ask('POST', '/api/searches', body, bob)
    // Not refused, but not offered.
    expect((await world.ask('DELETE', '/api/me', undefined, bob)).status).toBe(405)
    const noted = await refusals()
    const expected = [
      { method: 'GET', route: '/api/searches/:id', search: id },
      { method: 'GET', route: '/api/searches/:id/panels/:panel', search: absent },
      { method: 'GET', route: '/api/exports/:id', export: `${id}_0123456789ab` },
      { method: 'GET', route: '/api/applications/:application/model' },
      { method: 'GET', route: '/api/*' },
      { method: 'POST', route: '/api/searches', application: 'lending' },
    ]
    expect(noted).toHaveLength(expected.length)
    expect(noted.map(({ opening }) => opening.subject)).toEqual(expect.arrayContaining(expected))
    expect(new Set(noted.map(({ opening }) => opening.actor.id))).toEqual(new Set(['bob']))
    for (const { closings } of noted) expect(closings.map(({ outcome }) => outcome)).toEqual(['refused'])
    expect(JSON.stringify(noted)).not.toContain('canary')
  })

  it('reads the same where something is denied and where there is nothing', async () => {
    world = await openWorld({ engine: memoryEngine(answering(3)).engine })
    const { id } = await world.search('find-loan', { holder: 'x' })
    const made = await world.exported(id, { panel: 'loans', format: 'csv' })
    const bob = { 'x-person': 'bob' }
    const read = async (method: string, path: string, body?: unknown) => {
      const answer = await world.ask(method, path, body, bob)
      return { status: answer.status, body: await answer.text(), headers: [...answer.headers] }
    }
    for (const [method, path, body] of [
      ['GET', '/api/searches/ID'],
      ['DELETE', '/api/searches/ID'],
      ['GET', '/api/searches/ID/panels/loans'],
      ['POST', '/api/searches/ID/prints'],
      ['POST', '/api/searches/ID/exports', { panel: 'loans', format: 'csv' }],
    ] as const)
      expect(await read(method, path.replace('ID', id), body)).toEqual(
        await read(method, path.replace('ID', absent), body),
      )
    for (const [method, path, body] of [
      ['GET', '/api/exports/ID'],
      ['DELETE', '/api/exports/ID'],
      ['GET', '/api/exports/ID/file'],
      ['POST', '/api/exports/ID/address', { of: 'file' }],
    ] as const)
      expect(await read(method, path.replace('ID', made.id), body)).toEqual(
        await read(method, path.replace('ID', `${absent}_0123456789ab`), body),
      )
    expect((await read('GET', `/api/searches/${id}`)).status).toBe(404)
  })

  it('of somebody who asks without end is told in sum after the first sixty of a minute', async () => {
    world = await openWorld({ engine: memoryEngine(answering(3)).engine })
    for (let asked = 0; asked < 75; asked++) await world.get(`/api/searches/${absent}`)
    expect(await refusals()).toHaveLength(60)
    await world.lastWords()
    const all = await refusals()
    expect(all).toHaveLength(61)
    expect(all.find(({ opening }) => opening.subject?.what === 'in sum')).toMatchObject({
      opening: { actor: { id: 'ada' }, subject: { what: 'in sum' } },
      closings: [{ outcome: 'refused', detail: { refused: 75, total: 75 } }],
    })
  })

  it('of nobody is counted, and told once a minute: a flood of tokens is not one of entries', async () => {
    world = await openWorld({ engine: memoryEngine(answering(3)).engine })
    const nobody = { 'x-person': 'nobody' }
    for (let asked = 0; asked < 200; asked++) {
      expect((await world.get('/api/me', { ...nobody, authorization: 'Bearer forged' })).status).toBe(401)
      await world.get('/api/me', nobody)
    }
    await world.get('/api/me', { 'sec-fetch-site': 'cross-site' })
    await world.get('/api/files/forged.token', nobody)
    expect(await refusals()).toHaveLength(0)
    world.setNow(new Date(Date.now() + 61_000))
    await world.get('/api/me', nobody)
    await world.lastWords()
    const all = await refusals()
    const details = all.map(({ closings }) => closings[0]?.detail)
    expect(details.sort((left, right) => Number(right?.total) - Number(left?.total))).toMatchObject([
      { withBadToken: 200, withoutToken: 200, fromOtherSites: 1, withoutRightAddress: 1, total: 402 },
      { withoutToken: 1, total: 1 },
    ])
    expect(all[0]?.opening.actor.id).toBe('nobody')
  })
})

describe('a print', () => {
  it('stands in the log before its view may open, and for who may see the search only', async () => {
    world = await openWorld({ engine: memoryEngine(answering(3)).engine })
    const { id } = await world.search('find-loan', { holder: 'x' })
    const noted = await world.ask('POST', `/api/searches/${id}/prints`)
    expect([noted.status, await noted.text()]).toEqual([204, ''])
    expect(await logged(world.store, 'print')).toMatchObject([
      {
        opening: {
          actor: { id: 'ada' },
          purpose: { reason: 'system-test', note: expect.stringMatching(/^[\w-]{43}$/) },
          subject: { search: id, useCase: 'find-loan' },
        },
        closings: [{ outcome: 'done', rows: 3 }],
      },
    ])
    expect((await world.ask('POST', `/api/searches/${id}/prints`, undefined, { 'x-person': 'bob' })).status).toBe(404)
    expect(await logged(world.store, 'print')).toHaveLength(1)
  })
})
