import { sha256Hex } from '@muniment/archive/audit/canonical'
import { destroyedFile, destroyedHash } from '@muniment/archive/destroyed/destroyed-keys'
import { fileKeySecrets } from '@muniment/archive/destroyed/key-secrets'
import { certificateKey, destroyedKeysKey, slotKey } from '@muniment/archive/layout'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { column, createWorld, table, type World } from './world.ts'

const RUN = 'R-20260105-0123456789ab'

let world: World
beforeEach(async () => {
  world = await createWorld()
  await world.model([table('things', [column('id', { type: 'integer' }), column('name')])])
})
afterEach(() => world.remove())

/** As a certificate says it of these keys. */
async function certify(keys: string[], alter = (body: Buffer) => body) {
  const secret = await fileKeySecrets(world.home.path).key('app', 2026)
  const body = destroyedFile(keys.map((key) => destroyedHash(secret, 'app', 'things', [key])))
  const key = destroyedKeysKey(RUN, 'things')
  const statement = JSON.stringify({
    run: RUN,
    application: 'app',
    keys: { year: 2026 },
    tables: { things: { destroyed: { key, sha256: sha256Hex(body) } } },
  })
  await world.home.store.create(key, alter(body))
  await world.home.store.create(certificateKey(RUN), JSON.stringify({ statement }))
}

describe('a delivery', () => {
  it('that brings back what was certified destroyed is refused, and the sentence tells no key', async () => {
    await certify(['4711', '5'])
    await world.deliver({ 'THINGS.csv': 'ID,NAME\n4711,back\n4712,new\n' })
    const { state, deviations } = await world.ingest()
    expect(state).toBe('refused')
    expect(deviations).toMatchObject([{ kind: 'destroyed', table: 'things', accepted: false }])
    expect(deviations[0]?.message).toContain(`1 records have keys that were destroyed and certified so (${RUN})`)
    expect(deviations[0]?.message).not.toContain('4711')
  })

  it('with other keys is loaded', async () => {
    await certify(['4711'])
    await world.deliver({ 'THINGS.csv': 'ID,NAME\n4712,new\n' })
    expect((await world.ingest()).state).toBe('committed')
  })

  it('is not loaded while what was destroyed cannot be read', async () => {
    await certify(['4711'], (body) => Buffer.concat([body, body]))
    await world.deliver({ 'THINGS.csv': 'ID,NAME\n4712,new\n' })
    await expect(world.ingest()).rejects.toThrow('not as it was certified')
  })

  it('waits while a run of destruction has the work slot, and never takes it', async () => {
    const slot = JSON.stringify({ kind: 'run', work: RUN, begun: '2026-01-05T10:00:00.000Z' })
    await world.home.store.create(slotKey('app'), slot)
    await world.deliver({ 'THINGS.csv': 'ID,NAME\n1,new\n' })
    await expect(world.ingest()).rejects.toThrow(`Run ${RUN}, which destroys records of app, is under way`)
    expect((await world.home.store.get(slotKey('app')))?.body.toString()).toBe(slot)
  })
})
