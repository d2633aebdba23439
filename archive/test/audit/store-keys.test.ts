import { createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { KMSClient } from '@aws-sdk/client-kms'
import { describe, expect, it, onTestFinished } from 'vitest'
import { announcedKeys, announceKey, logNameIn } from '../../src/audit/keys/announced-keys.ts'
import { rotateAnnounced, signerInForce } from '../../src/audit/keys/announced-signers.ts'
import { openKmsSigner } from '../../src/audit/keys/kms-signer.ts'
import { verifierLine } from '../../src/audit/keys/note.ts'
import { createStoreSecrets } from '../../src/audit/keys/store-secrets.ts'
import { seal } from '../../src/audit/seal/seal.ts'
import { createStoreWitness } from '../../src/audit/seal/store-witness.ts'
import { verify } from '../../src/audit/verify/verify.ts'
import { memoryStore } from './memory-store.ts'
import { newSigner, opening, streamKey, testLog } from './setting.ts'

/** As much of KMS as signing takes, over HTTP, in its own protocol. */
async function kmsWith(spec: 'ed25519' | 'rsa'): Promise<KMSClient> {
  const { privateKey } =
    spec === 'rsa' ? generateKeyPairSync('rsa', { modulusLength: 2048 }) : generateKeyPairSync('ed25519')
  const key = createPrivateKey(privateKey.export({ type: 'pkcs8', format: 'pem' }))
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    let text = ''
    for await (const chunk of request) text += String(chunk)
    const { KeyId, Message, MessageType, SigningAlgorithm } = JSON.parse(text)
    const asked = String(request.headers['x-amz-target'])
    const said = asked.endsWith('GetPublicKey')
      ? { KeyId, PublicKey: createPublicKey(key).export({ type: 'spki', format: 'der' }).toString('base64') }
      : MessageType === 'RAW' && SigningAlgorithm === 'ED25519_SHA_512'
        ? { KeyId, Signature: sign(null, Buffer.from(Message, 'base64'), key).toString('base64') }
        : undefined
    response.writeHead(said ? 200 : 400, { 'content-type': 'application/x-amz-json-1.1' })
    response.end(JSON.stringify(said ?? { __type: 'ValidationException', message: 'not so' }))
  }
  const server = createServer((request, response) => void answer(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return new KMSClient({
    region: 'eu-central-1',
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  })
}

const operator = { id: 'op', roles: ['operator' as const], groups: [], rules: 1 }

describe('Keys of commitments and tokens in a store', () => {
  it('are made once, and the same for everybody who asks at once', async () => {
    const store = memoryStore()
    const [one, two] = [createStoreSecrets(store), createStoreSecrets(store)]
    const keys = await Promise.all(Array.from({ length: 20 }, (_, place) => (place % 2 ? one : two).key('2026-11-05')))
    expect(new Set(keys.map((key) => key.toString('hex'))).size).toBe(1)
    expect(keys[0]).toHaveLength(32)
    expect(await one.key('2026-11')).not.toEqual(keys[0])
    const streams = await Promise.all([one.streamKey(async () => ['0'.repeat(64)]), two.streamKey(async () => [])])
    expect(new Set(streams.map(({ id }) => id)).size).toBe(1)
  })

  it('are forgotten by days and months that have ended, and not made again by looking', async () => {
    const store = memoryStore()
    const secrets = createStoreSecrets(store, () => new Date('2026-11-05T12:00:00Z'))
    for (const period of ['2026-10', '2026-10-31', '2026-11-04', '2026-11-05', '2026-11']) await secrets.key(period)
    await secrets.streamKey(async () => [])
    expect(await secrets.forget('2026-11-05')).toEqual(['2026-10', '2026-10-31', '2026-11-04'])
    expect(await secrets.find('2026-10')).toBeUndefined()
    expect(await secrets.find('2026-11-05')).toHaveLength(32)
    await expect(secrets.forget('2026-11-06')).rejects.toThrow(/still to come/)
    expect([...store.files.keys()].sort()).toEqual(['keys/2026-11-05.key', 'keys/2026-11.key', 'streams.json'])
  })

  it.each([
    ['keys/2026-11.key', 'none', (store: ReturnType<typeof memoryStore>) => createStoreSecrets(store).key('2026-11')],
    [
      'streams.json',
      '{}',
      (store: ReturnType<typeof memoryStore>) => createStoreSecrets(store).streamKey(async () => []),
    ],
    ['log-name.txt', 'two words', logNameIn],
  ])('are refused where %s is none', async (key, text, ask) => {
    await expect(ask(memoryStore(new Map([[key, Buffer.from(text)]])))).rejects.toThrow(key)
  })
})

describe('The signing key of KMS', () => {
  it('signs checkpoints that verify with the key as it was announced', async () => {
    const log = testLog()
    const writer = log.writer()
    const kept = memoryStore()
    const signer = await openKmsSigner(await kmsWith('ed25519'), 'key', await logNameIn(kept))
    await announceKey(kept, signer)
    await announceKey(kept, signer)
    await writer.open(opening())
    await seal({ store: log.store, signer, clock: log.clock, streamKey })
    const publicKeys = await announcedKeys(kept)
    expect(publicKeys).toEqual([verifierLine(signer)])
    expect((await verify({ store: log.store, publicKeys })).ok).toBe(true)
    expect((await verify({ store: log.store, publicKeys: [verifierLine(newSigner(signer.name))] })).ok).toBe(false)
  })

  it('is replaced by the next one, which the one before it names in the log: each of them leads to the whole log', async () => {
    const log = testLog()
    const writer = log.writer()
    const kept = memoryStore()
    const name = await logNameIn(kept)
    const signers = [
      newSigner(name),
      await openKmsSigner(await kmsWith('ed25519'), 'k', name),
      newSigner(name),
    ] as const
    const lines = signers.map(verifierLine)
    const sealNow = async () => {
      await writer.note(opening(), { outcome: 'done' })
      const signer = await signerInForce(kept, signers)
      await seal({ store: log.store, signer, clock: log.clock, streamKey })
      return verifierLine(signer)
    }
    const rotate = () => rotateAnnounced({ log: writer, store: kept }, signers, operator)
    expect([await sealNow(), await rotate(), await sealNow(), await rotate(), await sealNow()]).toEqual([
      lines[0],
      lines[1],
      lines[1],
      lines[2],
      lines[2],
    ])
    expect((await announcedKeys(kept)).sort()).toEqual([...lines].sort())
    for (const publicKeys of [...lines.map((line) => [line]), await announcedKeys(kept)]) {
      const report = await verify({ store: log.store, publicKeys })
      expect({ wrong: report.wrong, key: report.covered.key, counts: report.counts }).toEqual({
        wrong: undefined,
        key: lines[2],
        counts: {},
      })
    }
  })

  it('stays in force while the next one only waits, and where there is none', async () => {
    const log = testLog()
    const kept = memoryStore()
    const name = await logNameIn(kept)
    const first = newSigner(name)
    expect(await signerInForce(kept, [first, newSigner(name)])).toBe(first)
    expect(await rotateAnnounced({ log: log.writer(), store: kept }, [first], operator)).toBeUndefined()
    expect(await announcedKeys(kept)).toEqual([verifierLine(first)])
    expect(log.store.files.size).toBe(0)
  })

  it('stays in force where a rotation was stopped after its entry, and is replaced by the same one the next time', async () => {
    const log = testLog()
    const kept = memoryStore()
    const name = await logNameIn(kept)
    const signers = [newSigner(name), newSigner(name)] as const
    await signerInForce(kept, signers)
    const dying = { ...kept, create: async () => Promise.reject(new Error('killed')) }
    await expect(rotateAnnounced({ log: log.writer(), store: dying }, signers, operator)).rejects.toThrow('killed')
    expect(await signerInForce(kept, signers)).toBe(signers[0])
    expect(await rotateAnnounced({ log: log.writer(), store: kept }, signers, operator)).toBe(verifierLine(signers[1]))
    await seal({ store: log.store, signer: signers[1], clock: log.clock, streamKey })
    expect((await verify({ store: log.store, publicKeys: [verifierLine(signers[0])] })).ok).toBe(true)
  })

  it('is refused where it is of another kind', async () => {
    await expect(openKmsSigner(await kmsWith('rsa'), 'key', 'muniment/test')).rejects.toThrow(/Ed25519/)
  })
})

describe('A witness that is a bucket', () => {
  it('keeps each checkpoint, knows the newest, and tells of a log whose end was cut off', async () => {
    const log = testLog()
    const writer = log.writer()
    const witness = createStoreWitness(memoryStore(), 'bucket')
    const sealing = { store: log.store, signer: log.signer, clock: log.clock, streamKey, witnesses: [witness] }
    const before = new Map<string, Buffer>()
    for (let round = 0; round < 12; round += 1) {
      if (round === 9) for (const [key, body] of log.store.files) before.set(key, body)
      await writer.open(opening())
      expect((await seal(sealing)).witnesses).toEqual([{ name: 'bucket', state: 'kept' }])
    }
    const kept: string[] = []
    for await (const checkpoint of witness.checkpoints()) kept.push(checkpoint)
    expect(kept).toHaveLength(12)
    expect(await witness.newest()).toBe(kept.at(-1))
    log.store.files.clear()
    for (const [key, body] of before) log.store.files.set(key, body)
    expect((await seal(sealing)).witnesses).toMatchObject([{ state: 'contradicts' }])
  })
})
