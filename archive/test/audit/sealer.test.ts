import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { checkpointKey, objectKey } from '../../src/audit/paths.ts'
import { readCheckpoint } from '../../src/audit/seal/checkpoint.ts'
import { seal } from '../../src/audit/seal/seal.ts'
import { createFolderWitness } from '../../src/audit/seal/witness.ts'
import { startSealing } from '../../src/audit/sealing.ts'
import { verify } from '../../src/audit/verify/verify.ts'
import { openFileStore } from '../../src/store/file-store.ts'
import { Died, dyingStore } from './dying-store.ts'
import { copyOf, memoryStore } from './memory-store.ts'
import { opening, streamKey, type TestLog, testLog } from './setting.ts'

/** What a log's tree is made of, without what depends on when it was sealed. */
const few = { entries: 3, bytes: 1_000_000 }

async function unsealed(entries: number): Promise<TestLog> {
  const log = testLog()
  const [one, two] = [log.writer('one'), log.writer('two')]
  for (let entry = 0; entry < entries; entry++)
    await (entry % 3 === 0 ? one : two).note(opening({ subject: { entry } }), { outcome: 'done' })
  return log
}

describe('A sealer', () => {
  it('takes in what every stream has, and makes no seal where nothing is new', async () => {
    const log = await unsealed(5)
    expect(await log.seal()).toMatchObject({ seals: [1], entries: 11, size: 11 })
    expect(await log.seal()).toMatchObject({
      seals: [],
      entries: 0,
      size: 11,
      checkpoint: expect.stringMatching(/^muniment/),
    })
    await log.writer().note(opening(), { outcome: 'done' })
    expect(await log.seal()).toMatchObject({ seals: [2], entries: 3, size: 14 })
    expect(await log.verify()).toMatchObject({
      ok: true,
      covered: { entries: 14, seals: 2 },
      uncovered: { entries: 0 },
    })
  })

  it('makes several seals of what is too much for one, over tiles that fill', async () => {
    const log = testLog()
    const writer = log.writer()
    await Promise.all(Array.from({ length: 400 }, () => writer.note(opening(), { outcome: 'done' })))
    for (let entry = 0; entry < 20; entry++) await writer.note(opening(), { outcome: 'done' })
    const sealed = await log.seal({ entries: 100, bytes: 1_000_000 })
    expect(sealed.seals.length).toBeGreaterThan(1)
    expect(log.store.files.get('audit/tile/0/002')?.length).toBe(8192)
    expect(log.store.files.get('audit/tile/1/000.p/3')?.length).toBe(96)
    expect(await log.verify()).toMatchObject({ ok: true, covered: { entries: 840 + sealed.seals.length } })
  })

  it.each(['before', 'after'] as const)(
    'is finished by the next one wherever it is killed, %s the operation is carried out',
    async (when) => {
      const log = await unsealed(4)
      await log.seal()
      const [one, two] = [log.writer('one'), log.writer('two')]
      for (let entry = 0; entry < 4; entry++) await (entry % 2 ? one : two).note(opening(), { outcome: 'done' })
      const start = copyOf(log.store)

      let killed = 0
      for (let at = 1; ; at++) {
        const store = copyOf(start)
        const options = { signer: log.signer, clock: log.clock, streamKey, most: few }
        const dying = dyingStore(store, at, when)
        const ended = await seal({ ...options, store: dying.store }).then(
          () => true,
          (error: unknown) => {
            if (!(error instanceof Died)) throw error
            return false
          },
        )
        const between = await verify({ store, publicKeys: [log.key] })
        expect({ at, wrong: between.wrong }).toEqual({ at, wrong: undefined })
        expect(between.covered.entries + between.uncovered.entries).toBeGreaterThanOrEqual(17)
        await seal({ ...options, store })
        const after = await verify({ store, publicKeys: [log.key] })
        expect({ at, ok: after.ok, uncovered: after.uncovered.entries, counts: after.counts }).toEqual({
          at,
          ok: true,
          uncovered: 0,
          counts: {},
        })
        if (ended) break
        killed++
      }
      expect(killed).toBeGreaterThan(30)
    },
    60_000,
  )

  it('goes on where only the answer of an operation was lost', async () => {
    const log = await unsealed(5)
    const start = copyOf(log.store)
    for (let at = 1; at < 40; at++) {
      const store = copyOf(start)
      const options = { signer: log.signer, clock: log.clock, streamKey, most: few }
      // A read that fails ends this run; a write whose answer is lost is settled by reading.
      await seal({ ...options, store: dyingStore(store, at, 'lost').store }).catch(() => {})
      await seal({ ...options, store })
      expect(await verify({ store, publicKeys: [log.key] })).toMatchObject({ ok: true, uncovered: { entries: 0 } })
    }
  })

  it('shares the work with others at the same time: each seal is made once, and nothing is taken in twice', async () => {
    for (const sealers of [2, 5]) {
      const log = await unsealed(20)
      const writer = log.writer('late')
      const [sealed] = await Promise.all([
        Promise.all(Array.from({ length: sealers }, () => log.seal(few))),
        ...Array.from({ length: 10 }, () => writer.note(opening(), { outcome: 'done' })),
      ])
      await log.seal(few)
      const report = await log.verify()
      expect(report).toMatchObject({ ok: true, uncovered: { entries: 0 }, counts: {} })
      expect(report.covered.entries).toBe(60 + report.covered.seals)
      expect(sealed.flatMap(({ seals }) => seals).length).toBeGreaterThanOrEqual(report.covered.seals - 5)
    }
  })

  it('that another one forestalls goes on with the next seal', async () => {
    const log = await unsealed(3)
    const { signer, clock, streamKey } = log
    let forestalled = false
    const store = {
      ...log.store,
      async create(key: string, body: Buffer | string) {
        if (key.startsWith('audit/seals/') && !forestalled) {
          forestalled = true
          await log.seal()
          await log.writer('late').note(opening(), { outcome: 'done' })
        }
        return log.store.create(key, body)
      },
    }
    expect(await seal({ store, signer, clock, streamKey })).toMatchObject({ seals: [2], size: 10 })
    expect(await log.verify()).toMatchObject({ ok: true, covered: { seals: 2 }, uncovered: { entries: 0 } })
  })

  it('that another one overtakes between two looks takes no seal for missing', async () => {
    const log = await unsealed(3)
    await log.seal()
    await log.writer('late').note(opening(), { outcome: 'done' })
    const { signer, clock, streamKey } = log
    let overtaken = false
    const store = {
      ...log.store,
      async get(key: string) {
        if (key === 'audit/checkpoint' && !overtaken) {
          overtaken = true
          await log.seal()
        }
        return log.store.get(key)
      },
    }
    expect(await seal({ store, signer, clock, streamKey })).toMatchObject({ seals: [] })
    expect(await log.verify()).toMatchObject({ ok: true, covered: { seals: 2 }, uncovered: { entries: 0 } })
  })

  it('shares it with one in another process too, over files', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'audit-'))
    onTestFinished(() => rm(folder, { recursive: true, maxRetries: 5 }))
    const log = await unsealed(30)
    const stores = [openFileStore(folder), openFileStore(folder)]
    for (const [key, body] of log.store.files) await stores[0]?.create(key, body)
    await Promise.all(
      stores.map((store) => seal({ store, signer: log.signer, clock: log.clock, streamKey, most: few })),
    )
    const report = await verify({ store: openFileStore(folder), publicKeys: [log.key] })
    expect(report).toMatchObject({ ok: true, uncovered: { entries: 0 }, counts: {} })
  })

  it('leaves out a stream that somebody altered, from there on, and seals the others', async () => {
    const log = testLog()
    const [one, two] = [log.writer('one'), log.writer('two')]
    for (let entry = 0; entry < 3; entry++) await one.note(opening(), { outcome: 'done' })
    const key = objectKey(one.stream, 2)
    log.store.files.set(key, Buffer.from(log.store.files.get(key)?.toString().replace('p-1', 'p-2') ?? ''))
    await two.note(opening(), { outcome: 'done' })
    const sealed = await log.seal()
    expect(sealed).toMatchObject({ entries: 5, damaged: [{ file: key }] })
    expect((await log.verify()).wrong?.file).toBe(objectKey(one.stream, 3))
  })

  it('finds a stream of long ago only when it is told to look at all of them', async () => {
    const log = await unsealed(2)
    await log.seal()
    log.clock.set('2026-08-01T00:00:00.000Z')
    const late = log.writer('late')
    await late.note(opening(), { outcome: 'done' })
    log.clock.set('2026-11-06T00:00:00.000Z')
    expect((await log.seal()).entries).toBe(0)
    expect((await log.verify()).uncovered).toMatchObject({ entries: 2, since: expect.stringMatching(/^2026-08-01/) })
    const { store, signer, clock, streamKey } = log
    expect((await seal({ store, signer, clock, streamKey, everything: true })).entries).toBe(3)
    await late.note(opening(), { outcome: 'done' })
    await log.seal()
    expect(await log.verify()).toMatchObject({ ok: true, uncovered: { entries: 0 } })
  })

  it('takes in what piled up over days, several seals of it, also where it is killed in between', async () => {
    for (const at of [25, 40, 60, 90]) {
      const log = testLog()
      for (let day = 1; day <= 6; day++) {
        log.clock.set(`2026-11-0${day}T10:00:00.000Z`)
        const writer = log.writer()
        for (let entry = 0; entry < 4; entry++) await writer.note(opening(), { outcome: 'done' })
      }
      const { signer, clock, streamKey } = log
      const died = await seal({
        store: dyingStore(log.store, at, 'before').store,
        signer,
        clock,
        streamKey,
        most: few,
      }).catch((error: unknown) => error)
      expect(died).toBeInstanceOf(Died)
      await log.seal(few)
      const report = await log.verify()
      expect(report).toMatchObject({ ok: true, uncovered: { entries: 0 } })
      expect(report.covered.entries).toBe(48 + report.covered.seals)
    }
  })

  it('does not seal on top of seals that somebody removed', async () => {
    const log = await unsealed(3)
    await log.seal()
    await log.writer().note(opening(), { outcome: 'done' })
    await log.seal()
    log.store.files.delete('audit/seals/0000000002.json')
    await log.writer().note(opening(), { outcome: 'done' })
    await expect(log.seal()).rejects.toThrow(/this seal is missing/)
  })

  it('runs now and then until it is stopped, seals what came last, and tells of errors', async () => {
    const log = await unsealed(1)
    const errors: unknown[] = []
    const sealed: number[] = []
    const { store, signer, clock, streamKey } = log
    const onError = (error: unknown) => errors.push(error)
    const sealing = startSealing({
      store,
      signer,
      clock,
      streamKey,
      every: 0.02,
      onError,
      onSealed: (one) => sealed.push(one.size),
    })
    await expect.poll(() => sealed.length).toBeGreaterThan(2)
    await log.writer().note(opening(), { outcome: 'done' })
    await sealing.stop()
    expect(errors).toEqual([])
    expect(sealed.at(-1)).toBe(6)
    const count = sealed.length
    await new Promise((resolve) => setTimeout(resolve, 60))
    expect(sealed).toHaveLength(count)
    const broken = { ...memoryStore(), get: () => Promise.reject(new Error('the bucket is away')) }
    await startSealing({ store: broken, signer, clock, streamKey, onError }).stop()
    expect(errors.length).toBeGreaterThan(0)
  })
})

describe('A witness', () => {
  async function folderWitness() {
    const folder = await mkdtemp(join(tmpdir(), 'witness-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    return createFolderWitness(folder)
  }
  const sealWith = ({ store, signer, clock, streamKey }: TestLog, witness: Awaited<ReturnType<typeof folderWitness>>) =>
    seal({ store, signer, clock, streamKey, witnesses: [witness] })

  it('keeps each checkpoint, and verification goes by what it keeps', async () => {
    const witness = await folderWitness()
    const log = await unsealed(2)
    await sealWith(log, witness)
    await log.writer().note(opening(), { outcome: 'done' })
    expect((await sealWith(log, witness)).witnesses).toEqual([{ name: witness.name, state: 'kept' }])
    const report = await verify({ store: log.store, publicKeys: [log.key], witnesses: [witness] })
    expect(report).toMatchObject({ ok: true, compared: [{ checkpoints: 2, largest: 8 }] })
    expect(report.checked.join(' ')).not.toMatch(/No witness/)
    expect(await witness.newest()).toBe(log.store.files.get(checkpointKey(2))?.toString())
  })

  it('gives away a log that was cut off, or rewritten, to the sealer and to verification', async () => {
    const witness = await folderWitness()
    const log = await unsealed(4)
    await sealWith(log, witness)
    for (const entries of [2, 4, 9]) {
      const forged = testLog(undefined, log.signer)
      for (let entry = 0; entry < entries; entry++) await forged.writer().note(opening(), { outcome: 'done' })
      expect((await sealWith(forged, witness)).witnesses).toMatchObject([{ state: 'contradicts' }])
      const report = await verify({ store: forged.store, publicKeys: [log.key], witnesses: [witness] })
      expect(report.wrong?.file).toMatch(/^witness/)
    }
    expect(readCheckpoint((await witness.newest()) ?? '')?.size).toBe(9)
  })

  it('that cannot be reached keeps nobody from sealing, is told, and gets the checkpoint the next time', async () => {
    const log = await unsealed(2)
    const witness = await folderWitness()
    const away = { ...witness, keep: () => Promise.reject(new Error('no route to host')) }
    const { store, signer, clock, streamKey } = log
    const sealed = await seal({ store, signer, clock, streamKey, witnesses: [away] })
    expect(sealed).toMatchObject({ size: 5, witnesses: [{ state: 'failed', message: 'no route to host' }] })
    await sealWith(log, witness)
    expect(readCheckpoint((await witness.newest()) ?? '')?.size).toBe(5)
  })
})
