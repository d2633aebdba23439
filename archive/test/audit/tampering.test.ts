import { beforeAll, describe, expect, it } from 'vitest'
import { canonicalJson, sha256Hex } from '../../src/audit/canonical.ts'
import { entryBytes } from '../../src/audit/entries.ts'
import { entriesBetween } from '../../src/audit/find/entries.ts'
import { auditFile, CHECKPOINT, checkpointKey, objectKey, sealKey } from '../../src/audit/paths.ts'
import { finishSeal, publishCheckpoint } from '../../src/audit/seal/finish.ts'
import { seal } from '../../src/audit/seal/seal.ts'
import { readSeal, type Seal, sealText } from '../../src/audit/seal/seal-file.ts'
import { objectText, readObject } from '../../src/audit/stream/object.ts'
import { verify } from '../../src/audit/verify/verify.ts'
import { copyOf, type MemoryStore } from './memory-store.ts'
import { newSigner, opening, smallLog, streamKey, type TestLog, testLog } from './setting.ts'

let log: TestLog
beforeAll(async () => {
  log = await smallLog()
})
const check = (store: MemoryStore, older: string[] = []) => verify({ store, publicKeys: [log.key], older })

/** The log as somebody left it who changed `files`. */
async function tampered(change: (files: Map<string, Buffer>) => void | Promise<void>) {
  const store = copyOf(log.store)
  await change(store.files)
  return check(store)
}

const objects = () => [...log.store.files.keys()].filter((key) => auditFile(key)?.kind === 'object')
const objectAt = (files: Map<string, Buffer>, key: string) => {
  const file = auditFile(key)
  if (file?.kind !== 'object') throw new Error(`${key} is no object`)
  return readObject(file.stream, file.sequence, files.get(key) ?? Buffer.alloc(0))
}
/** Writes an object with other entries, in the form that the log writes. */
function rewrite(files: Map<string, Buffer>, key: string, change: (texts: string[]) => string[]) {
  const file = auditFile(key)
  const object = objectAt(files, key)
  if (file?.kind !== 'object') return
  const texts = change(object.entries.map(({ bytes }) => bytes.toString()))
  files.set(key, Buffer.from(objectText(file.stream, file.sequence, object.previous, texts)))
}

describe('A log that nobody touched', () => {
  it('is right, all of it covered, and says that nobody witnessed it', async () => {
    const report = await check(log.store)
    expect(report).toMatchObject({
      ok: true,
      covered: { seals: 3, entries: 12 },
      uncovered: { entries: 0 },
      counts: {},
    })
    expect(report.actions).toBe(4)
    expect(report.checked.join(' ')).toMatch(/whoever has the signing key .* could have rewritten everything/)
    expect(report.checked.join(' ')).toMatch(/Actions: 4, each with one opening and one closing/)
  })

  it('is not right for who believes another key', async () => {
    const { key } = testLog()
    expect(await verify({ store: log.store, publicKeys: [key] })).toMatchObject({
      ok: false,
      wrong: { file: checkpointKey(3), message: expect.stringMatching(/not signed by one of the keys/) },
    })
  })

  it('is not asked for without a key, or with half of one', async () => {
    await expect(verify({ store: log.store, publicKeys: [] })).rejects.toThrow(/name\+id\+key/)
    await expect(verify({ store: log.store, publicKeys: [log.key.slice(0, -3)] })).rejects.toThrow(/name\+id\+key/)
    const [name, , key] = log.key.split('+')
    await expect(verify({ store: log.store, publicKeys: [`${name}+00000000+${key}`] })).rejects.toThrow(/name\+id\+key/)
  })
})

describe('Altering a log that checkpoints cover', () => {
  it('is found for every byte of every file, and the file is named or the one that follows from it', async () => {
    const missed: string[] = []
    let bytes = 0
    for (const [key, body] of log.store.files) {
      const store = copyOf(log.store)
      for (let at = 0; at < body.length; at++) {
        bytes++
        // The end of base64 has bits that mean nothing: there every one is tried.
        const bits = key.startsWith(CHECKPOINT) && at > body.length - 7 ? [0, 1, 2, 3, 4, 5, 6, 7] : [at % 8]
        for (const bit of bits) {
          const flipped = Buffer.from(body)
          flipped.writeUInt8(flipped.readUInt8(at) ^ (1 << bit), at)
          store.files.set(key, flipped)
          if ((await check(store)).ok) missed.push(`${key} ${at} ${bit}`)
        }
      }
    }
    expect(missed).toEqual([])
    expect(bytes).toBeGreaterThan(10_000)
  }, 300_000)

  it('is found for every file that is deleted, emptied, cut short, or grown by a line feed', async () => {
    for (const [key, body] of log.store.files) {
      for (const [way, change] of Object.entries({
        deleted: undefined,
        emptied: Buffer.alloc(0),
        cut: body.subarray(0, -1),
        grown: Buffer.concat([body, Buffer.from('\n')]),
      })) {
        const report = await tampered((files) => {
          if (change) files.set(key, change)
          else files.delete(key)
        })
        expect({ key, way, ok: report.ok }).toEqual({ key, way, ok: false })
      }
    }
  })

  it('is found for every file that is put in the place of another', async () => {
    const keys = [...log.store.files.keys()]
    for (const from of keys)
      for (const to of keys) {
        const [one, other] = [log.store.files.get(from), log.store.files.get(to)]
        if (!one || !other || one.equals(other)) continue
        const report = await tampered((files) => void files.set(to, one))
        // An older checkpoint in its place says less, and is what a stopped sealer leaves.
        const stale = to === CHECKPOINT && from.startsWith('audit/checkpoints/')
        expect({ from, to, ok: report.ok }).toEqual({ from, to, ok: stale })
        if (stale) expect(report.counts).toEqual({ 'stale-checkpoint': 1 })
      }
  })

  it('names the entry for each one that is changed, deleted, doubled, or exchanged, however well the file is mended', async () => {
    let tried = 0
    for (const key of objects()) {
      const { entries } = objectAt(log.store.files, key)
      for (const [place, { entry, bytes }] of entries.entries()) {
        const other = entryBytes({ ...entry, at: '2026-11-05T08:00:00.000Z' }).toString()
        const ways: ((texts: string[]) => string[])[] = [
          (texts) => texts.with(place, other),
          (texts) => texts.toSpliced(place, 1),
          (texts) => texts.toSpliced(place, 0, bytes.toString()),
          (texts) => [...texts.slice(place + 1), ...texts.slice(0, place + 1)],
        ]
        for (const way of ways) {
          if (canonicalJson(way(['a', 'b'])) === canonicalJson(['a', 'b']) && entries.length > 1) continue
          const before = log.store.files.get(key)
          const report = await tampered((files) => {
            rewrite(files, key, way)
            if (before && files.get(key)?.equals(before)) files.delete(key)
          })
          expect(report.ok).toBe(false)
          expect(report.wrong?.entry ?? -1).toBeGreaterThanOrEqual(-1)
          tried++
        }
      }
    }
    expect(tried).toBeGreaterThan(25)
    const [first] = objects()
    const report = await tampered((files) =>
      rewrite(files, first ?? '', ([text = '', ...rest]) => [text.replace('"p-1"', '"p-2"'), ...rest]),
    )
    expect(report.wrong).toMatchObject({ file: first, entry: 0, message: expect.stringMatching(/entry 0 of the log/) })
  })

  it('is found for an object slipped in at the end of a stream that was sealed, and for a file that is none of the log', async () => {
    const [stream = ''] = objects().map((key) => key.split('/')[1] ?? '')
    const foreign = await tampered(
      (files) => void files.set(objectKey(stream, 90), Buffer.from(objectText(stream, 90, sha256Hex(''), ['{}']))),
    )
    expect(foreign.wrong?.message).toMatch(/missing; the stream goes on/)
    const stray = await tampered((files) => void files.set('audit/note.txt', Buffer.from('x')))
    expect(stray.wrong).toMatchObject({ file: 'audit/note.txt' })
    const tile = await tampered((files) => void files.set('audit/tile/0/000.p/255', Buffer.alloc(255 * 32)))
    expect(tile.wrong).toMatchObject({ file: 'audit/tile/0/000.p/255' })
  })

  it('is found where a stream forks: two histories after the same object', async () => {
    const store = copyOf(log.store)
    const keys = objects()
    const last = keys.at(-1) ?? ''
    rewrite(store.files, last, (texts) =>
      texts.map((text) => text.replace('"p-1"', '"p-9"').replace('"done"', '"failed"')),
    )
    expect((await check(store)).wrong).toMatchObject({ file: last })
    // The fork signed anew by the one who holds the key, too: below.
  })
})

describe('The operator who has the key', () => {
  /** Takes the log back to an earlier state and goes on otherwise, signed with the true key. */
  async function rewritten() {
    const forged = testLog(copyOf(log.store), log.signer)
    const drop = [...forged.store.files.keys()].filter((key) => !key.startsWith('audit/streams/'))
    for (const key of drop) forged.store.files.delete(key)
    for (const key of [...forged.store.files.keys()]) forged.store.files.delete(key)
    const writer = forged.writer()
    for (let entry = 0; entry < 8; entry++) await writer.note(opening({ action: 'search' }), { outcome: 'done' })
    await forged.seal()
    return forged.store
  }

  it('can rewrite everything unseen where nobody kept a checkpoint', async () => {
    expect((await check(await rewritten())).ok).toBe(true)
  })

  it('is found out by any checkpoint that somebody kept', async () => {
    const forged = await rewritten()
    for (const number of [1, 2, 3]) {
      const kept = log.store.files.get(checkpointKey(number))?.toString() ?? ''
      expect(await check(log.store, [kept])).toMatchObject({ ok: true, compared: [{ checkpoints: 1 }] })
      expect(await check(forged, [kept])).toMatchObject({ ok: false, wrong: { file: 'the checkpoint given' } })
    }
  })

  it('is found out who puts back a copy of an earlier day, also when the log has gone on from there', async () => {
    const old = testLog()
    old.store.files.clear()
    const source = testLog(old.store, log.signer)
    const writer = source.writer()
    for (let entry = 0; entry < 3; entry++) await writer.note(opening(), { outcome: 'done' })
    await source.seal()
    const backup = copyOf(source.store)
    await writer.note(opening({ action: 'export' }), { outcome: 'done' })
    await source.seal()
    const kept = source.store.files.get(CHECKPOINT)?.toString() ?? ''
    expect((await verify({ store: source.store, publicKeys: [source.key], older: [kept] })).ok).toBe(true)

    const cut = await verify({ store: backup, publicKeys: [source.key], older: [kept] })
    expect(cut.wrong?.message).toMatch(/the end was cut off/)
    const restored = testLog(backup, log.signer)
    for (let entry = 0; entry < 5; entry++) await restored.writer().note(opening(), { outcome: 'done' })
    await restored.seal()
    expect((await restored.verify()).ok).toBe(true)
    expect((await restored.verify([kept])).wrong?.message).toMatch(/rewritten/)
  })

  it('cannot hand in a checkpoint that another key signed, or one of another log', async () => {
    const kept = log.store.files.get(checkpointKey(2))?.toString() ?? ''
    const other = await smallLog()
    const foreign = other.store.files.get(checkpointKey(2))?.toString() ?? ''
    expect((await check(log.store, [foreign])).ok).toBe(false)
    const [text = ''] = kept.split('\n\n')
    const { signNote } = await import('../../src/audit/keys/note.ts')
    const forged = await signNote(`${text}\n`, newSigner())
    expect((await check(log.store, [forged])).wrong?.message).toMatch(/not signed by a key of the log/)
    expect((await check(log.store, ['no checkpoint'])).wrong?.message).toMatch(/no checkpoint/)
  })

  it('gets no signature from the sealer on top of what was altered', async () => {
    const kinds = ['audit/tile/0/', 'audit/tile/entries/', 'audit/checkpoints/0000000003', 'audit/seals/0000000003']
    for (const kind of kinds) {
      const store = copyOf(log.store)
      const key = [...store.files.keys()].filter((one) => one.startsWith(kind)).at(-1) ?? ''
      const body = Buffer.from(store.files.get(key) ?? '')
      body.writeUInt8(body.readUInt8(40) ^ 1, 40)
      store.files.set(key, body)
      const again = testLog(store, log.signer)
      await again.writer().note(opening(), { outcome: 'done' })
      await expect(seal({ store, signer: log.signer, clock: log.clock, streamKey })).rejects.toThrow(/audit\//)
      expect([...store.files.keys()].some((one) => one.startsWith('audit/checkpoints/0000000004'))).toBe(false)
    }
  })
})

describe('A seal that its signer made otherwise than the log says', () => {
  const ways: Record<string, (honest: Seal) => Seal> = {
    'goes on from another seal': (honest) => ({ ...honest, previous: sha256Hex('another') }),
    'goes on from none': ({ previous: _, ...rest }) => rest,
    'says that a stream stands elsewhere': (honest) => ({
      ...honest,
      heads: honest.heads.map((head) => ({ ...head, next: 9 })),
    }),
    'leaves a stream out': (honest) => ({ ...honest, heads: honest.heads.slice(1) }),
    'counts other entries of a stream': (honest) => ({
      ...honest,
      ranges: honest.ranges.map((range) => ({ ...range, entries: range.entries + 1 })),
    }),
    'will not look at streams that may go on': (honest) => ({ ...honest, since: '2026-11-05', heads: [] }),
    'is older than the one before it': (honest) => ({ ...honest, at: '2026-11-04T09:00:00.000Z' }),
    'takes an object in twice': (honest) => ({
      ...honest,
      ranges: honest.ranges.map((range) => ({ ...range, from: 1 })),
    }),
  }

  async function forged(change: (honest: Seal) => Seal) {
    const forger = testLog()
    const writer = forger.writer()
    await writer.note(opening(), { outcome: 'done' })
    await forger.seal()
    await writer.note(opening(), { outcome: 'done' })
    const before = copyOf(forger.store)
    await forger.seal()
    const honest = await readSeal(forger.store, 2)
    if (!honest) throw new Error('two seals were made')
    const text = sealText(change(honest.seal))
    before.files.set(sealKey(2), Buffer.from(text))
    const file = { seal: change(honest.seal), hash: sha256Hex(text) }
    const taken: Buffer[] = []
    for await (const { bytes } of entriesBetween(forger.store, 3, 5, 6)) taken.push(bytes)
    const { checkpoint } = await finishSeal(before, forger.signer, file, { taken, streamKey })
    await publishCheckpoint(before, checkpoint)
    return verify({ store: before, publicKeys: [forger.key] })
  }

  it('is right where it is as the log says', async () => {
    expect(await forged((honest) => honest)).toMatchObject({ ok: true })
  })
  it.each(Object.keys(ways))('is found where it %s', async (way) => {
    expect((await forged(ways[way] ?? ((honest) => honest))).wrong?.file).toBe(sealKey(2))
  })
})

describe('What is odd and no tampering', () => {
  it('is reported: openings without closing, closings without opening, second closings', async () => {
    const odd = testLog()
    const [one, two] = [odd.writer('one'), odd.writer('two')]
    const [open, twice] = [await one.open(opening()), await one.open(opening())]
    await two.close(twice, { outcome: 'done' })
    await one.close(twice, { outcome: 'done' })
    await two.close('0193a0b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b', { outcome: 'done' })
    await odd.seal()
    const report = await odd.verify()
    expect(report).toMatchObject({
      ok: true,
      counts: { 'without-closing': 1, 'without-opening': 1, 'second-closing': 1 },
    })
    expect(report.findings.find(({ kind }) => kind === 'without-closing')).toMatchObject({ of: open })
    expect(report.checked.join('\n')).toMatch(/1 action has no closing entry/)
  })

  it('is told how much no checkpoint covers, and since when', async () => {
    const { verify: check, store } = await smallLog(false)
    const report = await check()
    expect(report).toMatchObject({
      ok: true,
      uncovered: { entries: 2, since: expect.stringMatching(/^2026-11-05T09/) },
    })
    expect(report.checked.join(' ')).toMatch(/2 entries are not covered yet, since 2026-11-05/)
    const key =
      [...store.files.keys()]
        .filter((one) => auditFile(one)?.kind === 'object')
        .findLast((one) => store.files.get(one)?.includes('sign-out')) ?? ''
    rewrite(store.files, key, (texts) => texts.slice(1))
    // Whoever writes the files can still do that unseen, and it says so.
    expect((await check()).uncovered.entries).toBe(1)
    store.files.set(key, Buffer.concat([store.files.get(key) ?? Buffer.alloc(0), Buffer.from('\n')]))
    expect((await check()).wrong).toMatchObject({ file: key, message: expect.stringMatching(/canonical/) })
  })

  it('holds for a log that was never sealed', async () => {
    const empty = testLog()
    await empty.writer().note(opening(), { outcome: 'done' })
    const report = await empty.verify()
    expect(report).toMatchObject({ ok: true, covered: { entries: 0 }, uncovered: { entries: 2 } })
    expect(report.checked.join(' ')).toMatch(/nothing of this log is signed/)
  })
})
