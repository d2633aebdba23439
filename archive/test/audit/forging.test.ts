import { mkdtemp, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { canonicalJson, sha256Hex } from '../../src/audit/canonical.ts'
import { createFileSecrets } from '../../src/audit/keys/file-secrets.ts'
import { isMark, streamKeyOf } from '../../src/audit/keys/stream-key.ts'
import { auditFile, objectKey, registrationKey, sealKey, streamName } from '../../src/audit/paths.ts'
import { seal } from '../../src/audit/seal/seal.ts'
import { readSeal, sealText } from '../../src/audit/seal/seal-file.ts'
import { uncoveredHashes } from '../../src/audit/seal/uncovered-hashes.ts'
import { objectText, readObject, registrationText } from '../../src/audit/stream/object.ts'
import { createSeenIds } from '../../src/audit/verify/seen-ids.ts'
import { verify } from '../../src/audit/verify/verify.ts'
import { openFileStore } from '../../src/store/file-store.ts'
import { smallLog, type TestLog, takesAll, testLog } from './setting.ts'

const AT = '2026-11-05T10:00:00.000Z'
const STREAM = streamName(new Date(AT), '01a1aaaa-0000-7000-8000-000000000001')
const ID = '01a1aaaa-0000-7000-8000-0000000000aa'
const entries = (id = ID) => [
  canonicalJson({
    kind: 'opening',
    id,
    at: AT,
    action: 'export',
    actor: { id: 'mira', roles: [], groups: [], rules: 1 },
  }),
  canonicalJson({ kind: 'closing', of: id, at: AT, outcome: 'done', rows: 100_000 }),
]

/** What somebody does who can write the files and has no key. */
function addStream({ store }: TestLog, mac?: string, texts = entries()) {
  const registration = registrationText(STREAM, new Date(AT), 'server')
  store.files.set(registrationKey(STREAM), Buffer.from(registration))
  const text = objectText(STREAM, 1, sha256Hex(registration), texts, mac)
  store.files.set(objectKey(STREAM, 1), Buffer.from(text))
  return text
}
const keyOf = ({ secrets }: TestLog) => secrets.streamKey(async () => [])
const ownVerify = async (log: TestLog) =>
  verify({ store: log.store, publicKeys: [log.key], streamKey: await keyOf(log) })

it.each([
  ['without a MAC', undefined],
  ['with one of a key of their own', `01234567.${'A'.repeat(43)}`],
])(
  'A stream that was added %s is not sealed, and told by the sealer and whoever verifies with the key',
  async (_, mac) => {
    const log = await smallLog()
    addStream(log, mac)
    expect(await log.seal()).toMatchObject({ entries: 0, damaged: [{ file: objectKey(STREAM, 1) }] })
    expect(await ownVerify(log)).toMatchObject({ ok: false, wrong: { file: objectKey(STREAM, 1) } })
    const [one] = (await log.verify()).checked.filter((line) => line.includes('own processes'))
    expect(one).toMatch(/was not checked/)
  },
)

it("An object that was added behind a crashed process's last is not sealed, nor one with another's MAC", async () => {
  const log = await smallLog()
  const last = [...log.store.files.keys()].filter((key) => auditFile(key)?.kind === 'object').at(-1) ?? ''
  const file = auditFile(last)
  if (file?.kind !== 'object') throw new Error('the last object')
  const { hash, mac = '' } = readObject(file.stream, file.sequence, log.store.files.get(last) ?? Buffer.alloc(0))
  const next = objectKey(file.stream, file.sequence + 1)
  for (const mark of [undefined, mac]) {
    log.store.files.set(next, Buffer.from(objectText(file.stream, file.sequence + 1, hash, entries(), mark)))
    expect(await log.seal()).toMatchObject({ entries: 0, damaged: [{ file: next }] })
  }
})

it('A seal that was put there for the sealer to finish is not signed over entries that were added', async () => {
  const log = await smallLog()
  const newest = await readSeal(log.store, 3)
  const text = addStream(log)
  if (!newest) throw new Error('three seals')
  const range = { stream: STREAM, from: 1, to: 1, entries: 2, last: sha256Hex(text) }
  const heads = [...newest.seal.heads, { stream: STREAM, next: 2, last: range.last }].sort((a, b) =>
    a.stream < b.stream ? -1 : 1,
  )
  const forged = { ...newest.seal, number: 4, previous: newest.hash, ranges: [range], heads }
  log.store.files.set(
    sealKey(4),
    Buffer.from(sealText({ ...forged, before: newest.seal.size, size: newest.seal.size + 3 })),
  )
  await expect(log.seal()).rejects.toMatchObject({ file: objectKey(STREAM, 1) })
})

it('What its own processes wrote is right with the key, and counted', async () => {
  const log = await smallLog(false)
  const report = await ownVerify(log)
  expect(report).toMatchObject({ ok: true, marks: { good: 7, unchecked: 0, other: 0, without: 0 } })
  expect(report.checked.join(' ')).toMatch(/7 objects of streams have the MAC of this log's own processes/)
})

it('A log of before there were MACs is sealed on and verified, with a sentence', async () => {
  const log = testLog()
  addStream(log)
  const { store, signer, clock } = log
  await seal({ store, signer, clock, streamKey: takesAll })
  const second = readObject(STREAM, 1, store.files.get(objectKey(STREAM, 1)) ?? Buffer.alloc(0)).hash
  store.files.set(objectKey(STREAM, 2), Buffer.from(objectText(STREAM, 2, second, entries(`${ID.slice(0, -1)}b`))))
  // The key is made by the first that writes, and knows what was there.
  const streamKey = await log.secrets.streamKey(() => uncoveredHashes(store))
  expect(await verify({ store, publicKeys: [log.key], streamKey })).toMatchObject({ ok: true, marks: { without: 2 } })
  expect(await seal({ store, signer, clock, streamKey })).toMatchObject({ entries: 3, damaged: [] })
  const report = await ownVerify(log)
  expect(report).toMatchObject({ ok: true, marks: { without: 2, good: 0 } })
  expect(report.checked.join(' ')).toMatch(/2 objects have no MAC/)
})

it('A second opening of an id that was used is told, however the first one ended', async () => {
  const log = await smallLog()
  const id = [...log.store.files.values()].map(String).flatMap((text) => /"id":"([0-9a-f-]{36})"/.exec(text)?.[1] ?? [])
  const { store, signer, clock } = log
  addStream(log, undefined, entries(id[0]))
  await seal({ store, signer, clock, streamKey: takesAll })
  const report = await log.verify()
  expect(report.ok).toBe(false)
  expect(report.findings).toMatchObject([{ kind: 'second-opening', of: id[0] }, { kind: 'second-closing' }])
  expect(report.checked.join(' ')).toMatch(/opened twice/)
})

it('Ids are remembered in memory that does not grow without end', () => {
  const seen = createSeenIds(2000)
  const ids = Array.from(
    { length: 10_000 },
    (_, number) => `01a1aaaa-0000-7000-8000-${String(number * 7).padStart(12, '0')}`,
  )
  expect(ids.some((id) => seen.take(id))).toBe(false)
  expect(ids.slice(-2000).every((id) => seen.take(id))).toBe(true)
  expect(seen.take(ids[0] ?? '')).toBe(false)
})

it('The key of streams is a file for its owner alone, made once, and tells its marks from others', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'muniment-stream-key-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const secrets = join(folder, 'secrets')
  const [one, two] = await Promise.all(
    [1, 2].map(() => createFileSecrets(secrets).streamKey(async () => ['a'.repeat(64)])),
  )
  if (!one || !two) throw new Error('two')
  expect(one.id).toBe(two.id)
  expect(one.wasFound('a'.repeat(64))).toBe(true)
  expect((await stat(join(secrets, 'streams.json'))).mode & 0o777).toBe(0o600)
  const mark = `${one.id}.${(await one.mac('text')).toString('base64url')}`
  expect(await isMark(two, mark, 'text')).toBe(true)
  expect(await isMark(two, mark, 'texts')).toBe(false)
  expect(await isMark(streamKeyOf(Buffer.alloc(32)), mark, 'text')).toBe(false)
})

it('Where there is no log, nothing is right', async () => {
  expect((await testLog().verify()).wrong).toMatchObject({
    file: 'audit/',
    message: expect.stringMatching(/there is no log here/),
  })
})

it('A name that no store lists is found beside the log: hidden ones, and links', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'muniment-hidden-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const log = await smallLog()
  const store = openFileStore(folder)
  for (const [key, body] of log.store.files) await store.create(key, body)
  const look = () => verify({ store, folder, publicKeys: [log.key] })
  expect(await look()).toMatchObject({ ok: true })
  await writeFile(join(folder, 'audit', 'seals', '.evil.json'), 'x')
  expect((await look()).wrong).toMatchObject({ file: 'audit/seals/.evil.json' })
  await rm(join(folder, 'audit', 'seals', '.evil.json'))
  await symlink('/tmp', join(folder, 'audit', 'link'))
  expect((await look()).wrong).toMatchObject({ file: 'audit/link' })
})

it('A witness that keeps nothing is said to keep nothing', async () => {
  const log = await smallLog()
  const witness = { name: 'shelf', keep: async () => {}, async *checkpoints() {}, newest: async () => undefined }
  const { checked, compared } = await verify({ store: log.store, publicKeys: [log.key], witnesses: [witness] })
  expect(compared).toEqual([{ name: 'witness shelf', checkpoints: 0, largest: 0 }])
  expect(checked.join(' ')).toMatch(/Nothing was kept there .*witness shelf.* No checkpoint of a witness/)
})
