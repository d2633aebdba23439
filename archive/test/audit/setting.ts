import { createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto'
import { createAuditLog } from '../../src/audit/create-audit-log.ts'
import { verifierLine } from '../../src/audit/keys/note.ts'
import type { Secrets, Signer, StreamKey } from '../../src/audit/keys/port.ts'
import { streamKeyOf } from '../../src/audit/keys/stream-key.ts'
import type { Opening } from '../../src/audit/port.ts'
import { seal } from '../../src/audit/seal/seal.ts'
import { verify } from '../../src/audit/verify/verify.ts'
import { type MemoryStore, memoryStore } from './memory-store.ts'

/** The key of streams of every log in memory. */
export const streamKey = streamKeyOf(Buffer.alloc(32, 7))
/** Takes in what anybody wrote, as sealers did before there were MACs. */
export const takesAll: StreamKey = { ...streamKey, wasFound: () => true }

/** Keys in memory. */
export function memorySecrets(): Secrets & { keys: Map<string, Buffer> } {
  const keys = new Map<string, Buffer>()
  let own: StreamKey | undefined
  return {
    keys,
    async key(period) {
      const key = keys.get(period) ?? Buffer.alloc(32, keys.size + 1)
      keys.set(period, key)
      return key
    },
    find: async (period) => keys.get(period),
    async forget(before) {
      const gone = [...keys.keys()].filter((period) => period < before)
      for (const period of gone) keys.delete(period)
      return gone
    },
    async streamKey(found) {
      own ??= streamKeyOf(Buffer.alloc(32, 7), await found())
      return own
    },
  }
}

export function newSigner(name = 'muniment/test'): Signer {
  const { privateKey } = generateKeyPairSync('ed25519')
  return signerOf(privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), name)
}

export function signerOf(pem: string, name = 'muniment/test'): Signer {
  const key = createPrivateKey(pem)
  const { x = '' } = createPublicKey(key).export({ format: 'jwk' })
  return { name, publicKey: Buffer.from(x, 'base64url'), sign: async (bytes) => sign(null, bytes, key) }
}

export const opening = (change: Partial<Opening> = {}): Opening => ({
  action: 'search',
  actor: { id: 'p-1', roles: ['searcher'], groups: ['claims'], rules: 3 },
  ...change,
})

/** A clock that goes a second further each time it is looked at. */
export function tickingClock(start = '2026-11-05T09:00:00.000Z', step = 1000) {
  let now = Date.parse(start) - step
  const clock = () => {
    now += step
    return new Date(now)
  }
  return Object.assign(clock, {
    set(to: string) {
      now = Date.parse(to)
    },
  })
}

export interface TestLog {
  store: MemoryStore
  signer: Signer
  streamKey: StreamKey
  secrets: ReturnType<typeof memorySecrets>
  clock: ReturnType<typeof tickingClock>
  key: string
  writer(process?: string): ReturnType<typeof createAuditLog>
  seal(most?: { entries: number; bytes: number }): ReturnType<typeof seal>
  verify(older?: string[]): ReturnType<typeof verify>
}

export function testLog(store = memoryStore(), signer = newSigner()): TestLog {
  const secrets = memorySecrets()
  const clock = tickingClock()
  const key = verifierLine(signer)
  return {
    store,
    signer,
    streamKey,
    secrets,
    clock,
    key,
    writer: (process = 'test') => createAuditLog({ store, secrets, clock, process }),
    seal: async (most) =>
      seal({ store, signer, clock, streamKey: await secrets.streamKey(async () => []), ...(most && { most }) }),
    verify: (older = []) => verify({ store, publicKeys: [key], older }),
  }
}

/** Two streams, three seals, an object with several entries, and an end that no seal covers unless `all`. */
export async function smallLog(all = true): Promise<TestLog> {
  const log = testLog()
  const [one, two] = [log.writer('one'), log.writer('two')]
  const first = await one.open(
    opening({ typed: { name: 'Anna Muster' }, purpose: { reason: 'claim', note: 'she called' } }),
  )
  await Promise.all([
    two.note(opening({ action: 'sign-in' }), { outcome: 'done' }),
    two.note(opening({ action: 'refusal', subject: { path: 'x' } }), { outcome: 'refused' }),
  ])
  await log.seal()
  await one.close(first, {
    outcome: 'done',
    rows: 1,
    records: [{ application: 'pas', table: 'policies', key: ['P-1'] }],
  })
  await log.seal()
  const export_ = await two.open(opening({ action: 'export' }))
  await one.close(export_, { outcome: 'done', rows: 10, bytes: 1000 })
  await log.seal()
  if (!all) await one.note(opening({ action: 'sign-out' }), { outcome: 'done' })
  return log
}
