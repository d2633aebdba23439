import { createHmac } from 'node:crypto'
import { z } from 'zod'
import { canonicalJson, sha256Hex } from '../audit/canonical.ts'
import { OperatorError } from '../errors.ts'
import { certificateKey, destroyedKeysKey, RUNS_PREFIX } from '../layout.ts'
import type { ObjectStore } from '../store/port.ts'
import type { KeySecrets } from './key-secrets.ts'

const HASH_BYTES = 32

/** What stands for a key in a certificate's files: HMAC-SHA256 with the key of application and year. */
export const destroyedHash = (secret: Buffer, application: string, table: string, key: readonly string[]): Buffer =>
  createHmac('sha256', secret)
    .update(canonicalJson(['destroyed', application, table, [...key]]))
    .digest()

/** Sorted, each once, one behind the other. */
export function destroyedFile(hashes: Iterable<Buffer>): Buffer {
  const sorted = [...hashes].sort(Buffer.compare)
  return Buffer.concat(sorted.filter((hash, index) => !sorted[index - 1]?.equals(hash)))
}

function includes(file: Buffer, hash: Buffer): boolean {
  let [low, high] = [0, file.length / HASH_BYTES - 1]
  while (low <= high) {
    const middle = (low + high) >> 1
    const order = Buffer.compare(file.subarray(middle * HASH_BYTES, (middle + 1) * HASH_BYTES), hash)
    if (order === 0) return true
    if (order < 0) low = middle + 1
    else high = middle - 1
  }
  return false
}

/** What of a certificate is needed to look into its files; all of it is in its signed statement. */
const Certified = z.object({ statement: z.string() })
const Statement = z.object({
  run: z.string(),
  application: z.string(),
  keys: z.object({ year: z.int() }),
  tables: z.record(z.string(), z.object({ destroyed: z.object({ key: z.string(), sha256: z.string() }) })),
})

export interface DestroyedBy {
  run: string
  certificate: string
}

export interface DestroyedKeys {
  /** By which run it was destroyed; undefined: none that is certified, and whose hashing key is still there. */
  find(table: string, key: readonly string[]): DestroyedBy | undefined
  /** Tables of which anything was destroyed. */
  tables: ReadonlySet<string>
  /** Years whose hashing key is gone: of these nothing can be said. */
  forgotten: number[]
}

/** Reads what was certified destroyed of an application. Throws OperatorError where a file is missing or altered. */
export async function readDestroyedKeys(
  store: ObjectStore,
  secrets: KeySecrets,
  application: string,
): Promise<DestroyedKeys> {
  const files: { run: string; table: string; secret: Buffer; body: Buffer }[] = []
  const forgotten = new Set<number>()
  for await (const name of store.names(RUNS_PREFIX)) {
    const run = name.replace(/\/$/, '')
    const certificate = await store.get(certificateKey(run))
    if (!certificate) continue
    const damaged = (key: string, cause?: unknown) =>
      new OperatorError(`${key} is missing or not as it was certified; restore it from a copy of the bucket.`, {
        cause,
      })
    let said: z.infer<typeof Statement>
    try {
      said = Statement.parse(JSON.parse(Certified.parse(JSON.parse(certificate.body.toString())).statement))
    } catch (error) {
      throw damaged(certificateKey(run), error)
    }
    if (said.application !== application) continue
    const secret = await secrets.find(application, said.keys.year)
    if (!secret) {
      forgotten.add(said.keys.year)
      continue
    }
    for (const [table, { destroyed }] of Object.entries(said.tables)) {
      const key = destroyedKeysKey(run, table)
      const body = (await store.get(key))?.body
      if (!body || destroyed.key !== key || sha256Hex(body) !== destroyed.sha256) throw damaged(key)
      files.push({ run, table, secret, body })
    }
  }
  return {
    tables: new Set(files.map(({ table }) => table)),
    forgotten: [...forgotten].sort(),
    find(table, key) {
      for (const file of files)
        if (file.table === table && includes(file.body, destroyedHash(file.secret, application, table, key)))
          return { run: file.run, certificate: certificateKey(file.run) }
      return undefined
    },
  }
}

/** Whether this record was destroyed, by which run, and where its certificate is. */
export async function wasDestroyed(
  store: ObjectStore,
  secrets: KeySecrets,
  application: string,
  table: string,
  key: readonly string[],
): Promise<DestroyedBy | undefined> {
  return (await readDestroyedKeys(store, secrets, application)).find(table, key)
}
