import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fromBER, Integer, Sequence } from 'asn1js'
import { ContentInfo, PKIStatusInfo, TimeStampReq, TimeStampResp } from 'pkijs'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { TimeStampError } from '../../src/audit/errors.ts'
import { checkpointKey, timeStampKey } from '../../src/audit/paths.ts'
import { startSealing } from '../../src/audit/sealing.ts'
import { readAuthorityAddress } from '../../src/audit/stamp/ask.ts'
import { readAuthorities } from '../../src/audit/stamp/authority.ts'
import { checkTimeStamp } from '../../src/audit/stamp/check.ts'
import { timeStampRequest } from '../../src/audit/stamp/request.ts'
import { stampCheckpoint } from '../../src/audit/stamp/stamp-checkpoint.ts'
import { createStamping } from '../../src/audit/stamp/stamping.ts'
import { verify } from '../../src/audit/verify/verify.ts'
import { opening, smallLog, type TestLog } from './setting.ts'
import { hasOpenssl, serve, type TestAuthority, testAuthority } from './time-stamp-authority.ts'

const TST_INFO = '1.2.840.113549.1.9.16.1.4'
const checkpointBytes = Buffer.from('a checkpoint\n')
let made: TestAuthority | undefined
const tsa = (): TestAuthority => {
  if (!made) throw new Error('the authority is made before')
  return made
}

beforeAll(() => {
  if (!hasOpenssl) return
  made = testAuthority()
  made.root('root')
  made.root('stranger')
  made.issue('signer', 'root')
  made.issue('rsa', 'root', { rsa: true })
  made.issue('expired', 'root', { days: -1 })
  made.issue('middle', 'root', { as: 'root' })
  made.issue('below-middle', 'middle')
  made.issue('last', 'root', { as: 'no-further' })
  made.issue('too-many', 'last', { as: 'root' })
  made.issue('below-too-many', 'too-many')
  made.issue('of-a-stranger', 'stranger')
  made.issue('below-signer', 'signer')
  for (const as of ['not-critical', 'code', 'stamps-and-code']) made.issue(as, 'root', { as })
})
afterAll(() => made?.remove())

/** A log whose entries and seals are of now, as the authority's stamps are. */
async function logOfToday(): Promise<TestLog> {
  const log = await smallLog()
  log.clock.set(new Date().toISOString())
  await log.writer('today').note(opening(), { outcome: 'done' })
  await log.seal()
  return log
}

const authorities = (name = 'root') => readAuthorities(tsa().pem(name))
const check = (reply: Buffer, more: { nonce?: Buffer; data?: Buffer; by?: string } = {}) =>
  checkTimeStamp(reply, {
    data: more.data ?? checkpointBytes,
    nonce: more.nonce,
    ...(more.by !== undefined && { authorities: authorities(more.by) }),
  })

async function serving(...given: Parameters<typeof serve>) {
  const server = await serve(...given)
  onTestFinished(() => server.close())
  return server
}
const never = () => 'nothing' as const
const honest = () => serving((query) => ({ body: tsa().reply(query, 'signer') }))

/** `openssl cms` signs what `openssl ts` would not: a time stamp's content by any certificate. */
function signedBy(
  signer: string,
  content: Buffer,
  { type = TST_INFO, md = 'sha256', named = ['-cades'] } = {},
): Buffer {
  const { folder, run } = tsa()
  writeFileSync(join(folder, 'content'), content)
  const by = ['-signer', `${signer}.pem`, '-inkey', `${signer}.key`, '-md', md]
  const how = ['-binary', '-nodetach', '-nosmimecap', ...named, '-econtent_type', type, '-outform', 'DER']
  run('cms', '-sign', '-in', 'content', ...by, ...how, '-out', 'cms.der')
  const token = new ContentInfo({ schema: fromBER(readFileSync(join(folder, 'cms.der'))).result })
  const status = new PKIStatusInfo({ status: 0 })
  return Buffer.from(new TimeStampResp({ status, timeStampToken: token }).toSchema().toBER())
}

/** The TSTInfo of a good reply. */
function contentOf(reply: Buffer): Buffer {
  const { folder, run } = tsa()
  writeFileSync(join(folder, 'good.tsr'), reply)
  run('ts', '-reply', '-in', 'good.tsr', '-token_out', '-out', 'good.der')
  run('cms', '-verify', '-noverify', '-in', 'good.der', '-inform', 'DER', '-out', 'good.content')
  return readFileSync(join(folder, 'good.content'))
}

describe.skipIf(!hasOpenssl)('A time stamp (skipped where openssl is missing)', () => {
  const good = (signer = 'signer', options = {}) => tsa().reply(tsa().query(checkpointBytes), signer, options)

  it('is asked for as openssl reads it: the hash, a nonce, and the certificate', () => {
    const { body, nonce } = timeStampRequest(checkpointBytes)
    writeFileSync(join(tsa().folder, 'ours.tsq'), body)
    const text = tsa().run('ts', '-query', '-in', 'ours.tsq', '-text').toString()
    expect(text).toMatch(/Version: 1\nHash Algorithm: sha256\n/)
    expect(text).toContain(`Nonce: 0x${nonce.toString('hex').toUpperCase()}`)
    expect(text).toContain('Certificate required: yes')
    expect(timeStampRequest(checkpointBytes).nonce.equals(nonce)).toBe(false)
  })

  it.each([
    ['ECDSA', 'signer', {}],
    ['RSA', 'rsa', {}],
    ['SHA-512, and a certificate named by SHA-1', 'rsa', { section: 'old-fashioned' }],
    ['an authority between', 'below-middle', { chain: ['middle'] }],
  ])('is good by %s, and tells when and by whom', async (_, signer, options) => {
    const reply = good(signer, options)
    const { at, by } = await check(reply, { by: 'root' })
    expect(by).toBe(signer)
    expect(Math.abs(Date.now() - at.getTime())).toBeLessThan(60_000)
    expect(await check(reply)).toEqual({ at, by })
    expect(tsa().verify(checkpointBytes, reply, 'root')).toEqual({ status: 0, stdout: expect.stringContaining('OK') })
  })

  it('of something else is refused', async () => {
    await expect(check(good(), { data: Buffer.from('another\n') })).rejects.toThrow(/something else/)
  })

  it('that answers another request is refused: another nonce, or none', async () => {
    const { body, nonce } = timeStampRequest(checkpointBytes)
    await expect(check(tsa().reply(body, 'signer'), { nonce })).resolves.toMatchObject({ by: 'signer' })
    await expect(check(good(), { nonce })).rejects.toThrow(/nonce/)
    const without = tsa().reply(tsa().query(checkpointBytes, '-no_nonce'), 'signer')
    await expect(check(without, { nonce })).rejects.toThrow(/nonce/)
    await expect(check(without)).resolves.toMatchObject({ by: 'signer' })
  })

  it('that the authority refused is told with what it said', async () => {
    const refused = tsa().reply(tsa().query(checkpointBytes), 'signer', { section: 'other-hashes' })
    await expect(check(refused)).rejects.toThrow(/refused, with status 2: .*not supported/)
  })

  it('that says granted and holds none, or refused and holds one, is none', async () => {
    const reply = new TimeStampResp({ schema: fromBER(good()).result })
    const held = reply.timeStampToken
    if (!held) throw new Error('a good one has a token')
    const bytes = (one: TimeStampResp) => Buffer.from(one.toSchema().toBER())
    const granted = new TimeStampResp({ status: new PKIStatusInfo({ status: 0 }) })
    await expect(check(bytes(granted))).rejects.toThrow(/status 0/)
    const refused = new TimeStampResp({ status: new PKIStatusInfo({ status: 2 }), timeStampToken: held })
    await expect(check(bytes(refused))).rejects.toThrow(/status 2/)
  })

  it('whose signer had not a certificate for time stamps alone in force is refused', async () => {
    const content = contentOf(good())
    await expect(check(signedBy('signer', content), { by: 'root' })).resolves.toMatchObject({ by: 'signer' })
    for (const signer of ['code', 'stamps-and-code', 'not-critical'])
      for (const by of [{}, { by: 'root' }])
        await expect(check(signedBy(signer, content), by)).rejects.toThrow(/not one for time stamps alone/)
    await expect(check(good('expired'))).rejects.toThrow(/was not in force/)
    await expect(check(good('expired'), { by: 'root' })).rejects.toThrow(TimeStampError)
  })

  it("whose signer none of the authorities given certified is refused, also by one that is itself a signer's", async () => {
    await expect(check(good('of-a-stranger'))).resolves.toMatchObject({ by: 'of-a-stranger' })
    await expect(check(good('of-a-stranger'), { by: 'root' })).rejects.toThrow(TimeStampError)
    await expect(check(good(), { by: 'stranger' })).rejects.toThrow(TimeStampError)
    await expect(check(good('below-signer', { chain: ['signer'] }), { by: 'root' })).rejects.toThrow(TimeStampError)
    const longer = good('below-too-many', { chain: ['too-many', 'last'] })
    await expect(check(longer, { by: 'root' })).rejects.toThrow(/that many below it/)
    expect(tsa().verify(checkpointBytes, longer, 'root').status).not.toBe(0)
  })

  it('is not any signed text, even by the right signer', async () => {
    const content = contentOf(good())
    await expect(check(signedBy('signer', content, { type: '1.2.840.113549.1.7.1' }))).rejects.toThrow(TimeStampError)
    await expect(check(signedBy('signer', content, { named: [] }))).rejects.toThrow(/does not name the certificate/)
    await expect(check(signedBy('signer', content, { md: 'sha1' }))).rejects.toThrow(/not taken for safe/)
  })

  it('with any byte altered is refused, or says what it said', async () => {
    const reply = good()
    const said = await check(reply, { by: 'root' })
    let refused = 0
    // A third of them each time.
    for (let place = Math.floor(Math.random() * 3); place < reply.length; place += 3) {
      const altered = Buffer.from(reply)
      altered[place] = (altered[place] ?? 0) ^ 0x01
      const outcome = await check(altered, { by: 'root' }).catch((error: unknown) => error)
      if (outcome instanceof Error) refused++
      else expect({ place, outcome }).toEqual({ place, outcome: said })
      if (outcome instanceof Error) expect(outcome).toBeInstanceOf(TimeStampError)
    }
    expect(refused).toBeGreaterThan((reply.length / 3) * 0.95)
    for (const size of [0, 1, 100, reply.length - 1])
      await expect(check(reply.subarray(0, size))).rejects.toThrow(TimeStampError)
    await expect(check(Buffer.concat([reply, Buffer.from([0])]))).rejects.toThrow(TimeStampError)
    await expect(check(Buffer.from('<html>'))).rejects.toThrow(TimeStampError)
  })
})

describe.skipIf(!hasOpenssl)('Stamping checkpoints (skipped where openssl is missing)', () => {
  const last = ({ store }: TestLog, number: number) => store.files.get(timeStampKey(number))

  it('keeps beside each what openssl accepts, by the line of the page', async () => {
    const log = await logOfToday()
    const { address, asked } = await honest()
    for (const number of [2, 4])
      expect(await stampCheckpoint({ store: log.store, authority: address }, number)).toMatchObject({ by: 'signer' })
    expect(await stampCheckpoint({ store: log.store, authority: address }, 4)).toBeUndefined()
    expect(asked()).toBe(2)
    const page = readFileSync(new URL('../../../docs/audit-log.md', import.meta.url), 'utf8')
    const [line = ''] = /^ *openssl ts -verify .*$/m.exec(page) ?? []
    const { folder } = tsa()
    writeFileSync(join(folder, '0000000004'), log.store.files.get(checkpointKey(4)) ?? '')
    writeFileSync(join(folder, '0000000004.tsr'), last(log, 4) ?? '')
    writeFileSync(join(folder, 'CA.pem'), tsa().pem('root'))
    expect(execFileSync('sh', ['-ec', line], { cwd: folder, stdio: 'pipe' }).toString()).toContain('Verification: OK')
    writeFileSync(join(folder, '0000000004'), log.store.files.get(checkpointKey(3)) ?? '')
    expect(() => execFileSync('sh', ['-ec', line], { cwd: folder, stdio: 'pipe' })).toThrow()
  })

  it.each<[string, Parameters<typeof serve>[0], RegExp]>([
    ['of something else', () => ({ body: tsa().reply(tsa().query(Buffer.from('x')), 'signer') }), /something else/],
    ['to another request', (query) => ({ body: tsa().reply(withNonce(query), 'signer') }), /does not repeat the nonce/],
    ['that refuses', (query) => ({ body: tsa().reply(query, 'signer', { section: 'other-hashes' }) }), /refused/],
    ['by an expired signer', (query) => ({ body: tsa().reply(query, 'expired') }), /not in force/],
    ['that is a page', () => ({ body: Buffer.from('<!doctype html>') }), /It (is no|cannot)/],
    ['without anything', () => ({ body: Buffer.alloc(0) }), /It (is no|cannot)/],
    ['with an error', () => ({ status: 503, body: Buffer.from('later') }), /status 503/],
    ['without end', () => ({ body: Buffer.alloc(300_000) }), /more than a time stamp can be/],
    [
      'that leads elsewhere',
      () => ({ status: 307, headers: { location: 'http://127.0.0.1:9/' } }),
      /cannot be reached/,
    ],
    ['that never comes', never, /did not answer within 0.2 s/],
  ])('keeps nothing of a reply %s', async (_, answer, message) => {
    const log = await logOfToday()
    const { address: authority } = await serving(answer)
    const timeout = answer === never ? 200 : 10_000
    const before = log.store.files.size
    await expect(stampCheckpoint({ store: log.store, authority, timeout }, 4)).rejects.toThrow(message)
    expect(log.store.files.size).toBe(before)
  })

  it('takes a stamp only of those that the certificates given issued, where some are given', async () => {
    const log = await logOfToday()
    const { address: authority } = await honest()
    const issuers = authorities('stranger')
    await expect(stampCheckpoint({ store: log.store, authority, issuers }, 4)).rejects.toThrow(TimeStampError)
    expect(last(log, 4)).toBeUndefined()
    await stampCheckpoint({ store: log.store, authority, issuers: authorities() }, 4)
    expect(last(log, 4)).toBeDefined()
  })

  it('keeps no sealer waiting, tells of a failure, and does not ask again at once', async () => {
    const log = await logOfToday()
    const { address: authority, asked } = await serving(() => 'nothing')
    const errors: unknown[] = []
    const sizes: number[] = []
    const stamping = createStamping({
      store: log.store,
      authority,
      timeout: 300,
      onError: (error) => errors.push(error),
    })
    const { store, signer, clock, streamKey } = log
    const sealing = startSealing({
      store,
      signer,
      clock,
      streamKey,
      every: 0.02,
      stamping,
      onSealed: ({ size }) => sizes.push(size),
      onError: (error) => errors.push(error),
    })
    await expect.poll(() => sizes.length).toBeGreaterThan(3)
    expect({ errors, failure: stamping.failure() }).toEqual({ errors: [], failure: undefined })
    await expect.poll(() => errors.length).toBe(1)
    const count = sizes.length
    await expect.poll(() => sizes.length).toBeGreaterThan(count + 3)
    expect(stamping.failure()).toMatch(/did not answer/)
    expect(asked()).toBe(1)
    await sealing.stop()
    expect(asked()).toBe(2)
    expect(errors).toHaveLength(2)
  })

  it('is done for the newest one now and then, and for the last when the server stops', async () => {
    const log = await logOfToday()
    const { address: authority, asked } = await honest()
    const stamped: number[] = []
    const onError = (error: unknown) => {
      throw error
    }
    const stamping = createStamping({
      store: log.store,
      authority,
      onStamped: (_, seal) => stamped.push(seal),
      onError,
    })
    stamping.offer(0)
    stamping.offer(3)
    await expect.poll(() => stamped).toEqual([3])
    stamping.offer(4)
    await stamping.end()
    expect({ stamped, asked: asked() }).toEqual({ stamped: [3, 4], asked: 2 })
    const again = createStamping({ store: log.store, authority, every: 0, onStamped: () => stamped.push(0), onError })
    again.offer(4)
    await again.end()
    expect({ stamped, asked: asked() }).toEqual({ stamped: [3, 4], asked: 2 })
  })

  it('asks over plain http on this machine only', () => {
    expect(readAuthorityAddress('https://tsa.example/tsr')).toBe('https://tsa.example/tsr')
    expect(readAuthorityAddress('http://127.0.0.1:3000')).toBe('http://127.0.0.1:3000/')
    for (const text of ['http://tsa.example/', 'ftp://tsa.example/', 'tsa.example', 'file:///etc/passwd', ''])
      expect(() => readAuthorityAddress(text)).toThrow(/is no address of a time-stamp authority/)
    expect(() => readAuthorities('no certificate')).toThrow(/There is no certificate/)
    expect(() => readAuthorities('-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----')).toThrow(
      /cannot be read/,
    )
  })
})

/** The query with another nonce. */
function withNonce(query: Buffer): Buffer {
  const request = new TimeStampReq({ schema: fromBER(query).result })
  request.nonce = new Integer({ value: 7 })
  const schema: unknown = request.toSchema()
  if (!(schema instanceof Sequence)) throw new Error('a request is a sequence')
  return Buffer.from(schema.toBER())
}

describe.skipIf(!hasOpenssl)('Verifying a log with time stamps (skipped where openssl is missing)', () => {
  let log: TestLog
  beforeAll(async () => {
    log = await logOfToday()
    for (let seal = 5; seal <= 6; seal++) {
      await log.writer(`later-${seal}`).note(opening(), { outcome: 'done' })
      await log.seal()
    }
    for (const number of [3, 5]) put(number, tsa().reply(tsa().query(checkpoint(number)), 'signer'))
  })
  const checkpoint = (number: number) => log.store.files.get(checkpointKey(number)) ?? Buffer.alloc(0)
  const put = (number: number, token: Buffer) => log.store.files.set(timeStampKey(number), token)
  const verified = (more: { authorities?: string[]; clock?: () => Date } = {}) =>
    verify({ store: log.store, publicKeys: [log.key], ...more })
  /** Alters the log for this test alone. */
  function altered(act: () => void) {
    const before = new Map(log.store.files)
    onTestFinished(() => {
      log.store.files.clear()
      for (const [key, body] of before) log.store.files.set(key, body)
    })
    act()
  }
  const root = () => ({ authorities: [tsa().pem('root')] })

  it('names the newest one, how old it is, and what none covers; with the authority, how soon each entry was stamped', async () => {
    const tomorrow = new Date(Date.now() + 86_400_000 * 3)
    const report = await verified({ ...root(), clock: () => tomorrow })
    expect(report).toMatchObject({ ok: true, findings: [] })
    expect(report.timeStamps).toMatchObject({
      count: 2,
      authority: true,
      waiting: 1,
      first: { seal: 3 },
      newest: { seal: 5, by: 'signer' },
    })
    expect(report.timeStamps.longest?.seconds).toBeLessThan(120)
    const said = report.checked.join('\n')
    expect(said).toMatch(
      /2 checkpoints have a time stamp\. The newest is 3 days old: of 20.*, by signer, for .*; 1 seal is younger\./,
    )
    expect(said).toMatch(/certified by an authority that was given/)
    expect(said).toMatch(/stamped within \d+ (seconds?|minutes?) of its own time/)
    expect(said).toMatch(/could have rewritten everything before it was stamped/)
  })

  it('without an authority says that anybody could have made them, and claims nothing of rewriting', async () => {
    const report = await verified()
    expect(report).toMatchObject({ ok: true, timeStamps: { count: 2, authority: false } })
    const said = report.checked.join('\n')
    expect(said).toMatch(/Who signed it was not checked, as no authority was given/)
    expect(said).not.toMatch(/stamped within|before it was stamped/)
  })

  it('of which there are none says so to whoever gave an authority', async () => {
    altered(() => {
      for (const number of [3, 5]) log.store.files.delete(timeStampKey(number))
    })
    const report = await verified(root())
    expect(report).toMatchObject({ ok: true, timeStamps: { count: 0, waiting: 6 } })
    expect(report.checked.join('\n')).toMatch(/No checkpoint has a time stamp/)
    expect((await verified()).checked.join('\n')).not.toMatch(/time stamp/)
  })

  it.each<[string, (token: Buffer) => [number, Buffer]]>([
    ['of another checkpoint', (token) => [4, token]],
    ['put in the place of another', () => [5, log.store.files.get(timeStampKey(3)) ?? Buffer.alloc(0)]],
    ['with a byte of its signature altered', (token) => [5, flipped(token, token.length - 5)]],
    ['with a byte of its hash altered', (token) => [5, flipped(token, token.indexOf(hashOf(5)) + 3)]],
    ['that is empty', () => [5, Buffer.alloc(0)]],
  ])('finds a token %s, and names it', async (_, forge) => {
    altered(() => put(...forge(log.store.files.get(timeStampKey(5)) ?? Buffer.alloc(0))))
    const report = await verified()
    expect(report.ok).toBe(false)
    expect(report.wrong).toMatchObject({
      file: expect.stringMatching(/000000000[45]\.tsr$/),
      message: expect.stringMatching(/its time stamp is wrong/),
    })
  })

  it("finds a token of somebody else's authority where one is given", async () => {
    altered(() => put(4, tsa().reply(tsa().query(checkpoint(4)), 'of-a-stranger')))
    expect((await verified()).ok).toBe(true)
    expect((await verified(root())).wrong).toMatchObject({ file: timeStampKey(4) })
    const both = { authorities: [tsa().pem('root'), tsa().pem('stranger')] }
    expect(await verified(both)).toMatchObject({ ok: true, timeStamps: { count: 3 } })
  })

  it('finds a log that was cut off before a stamp, and a stamp under a name that the log does not give', async () => {
    altered(() => put(7, log.store.files.get(timeStampKey(5)) ?? Buffer.alloc(0)))
    expect((await verified()).wrong).toMatchObject({ file: 'audit/seals/0000000007.json' })
    log.store.files.delete(timeStampKey(7))
    log.store.files.set('audit/checkpoints/5.tsr', Buffer.from('x'))
    expect((await verified()).wrong).toMatchObject({ file: 'audit/checkpoints/5.tsr' })
  })

  it('shows how late a log was stamped that was rewritten, whatever its seals say of their time', async () => {
    const rewritten = await smallLog()
    const { store, signer, clock, streamKey } = rewritten
    await rewritten.writer('old').note(opening(), { outcome: 'done' })
    clock.set(new Date().toISOString())
    const { seal } = await import('../../src/audit/seal/seal.ts')
    await seal({ store, signer, clock, streamKey, everything: true })
    for (const number of [3, 4]) {
      const body = store.files.get(checkpointKey(number)) ?? Buffer.alloc(0)
      store.files.set(timeStampKey(number), tsa().reply(tsa().query(body), 'signer'))
    }
    const report = await verify({ store, publicKeys: [rewritten.key], ...root() })
    const days = (Date.now() - Date.parse('2026-11-05T09:00:00Z')) / 86_400_000
    expect(report.ok).toBe(true)
    expect(report.timeStamps.longest).toMatchObject({ seal: 4 })
    expect((report.timeStamps.longest?.seconds ?? 0) / 86_400).toBeCloseTo(days, 1)
  })

  it('tells of a stamp from before its seal, which no tampering made', async () => {
    const ahead = await smallLog()
    ahead.clock.set(new Date(Date.now() + 86_400_000).toISOString())
    await ahead.writer('ahead').note(opening(), { outcome: 'done' })
    await ahead.seal()
    const body = ahead.store.files.get(checkpointKey(4)) ?? Buffer.alloc(0)
    ahead.store.files.set(timeStampKey(4), tsa().reply(tsa().query(body), 'signer'))
    const report = await verify({ store: ahead.store, publicKeys: [ahead.key] })
    expect(report).toMatchObject({ ok: true, counts: { 'early-stamp': 1 } })
    expect(report.checked.join('\n')).toMatch(/the clock here was ahead/)
  })

  const hashOf = (number: number) =>
    Buffer.from(execFileSync('openssl', ['dgst', '-sha256', '-binary'], { input: checkpoint(number) }))
  function flipped(bytes: Buffer, place: number): Buffer {
    const other = Buffer.from(bytes)
    other[place] = (other[place] ?? 0) ^ 0x01
    return other
  }
})
