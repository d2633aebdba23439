import { createHash } from 'node:crypto'
import { atMost } from '../catalog/at-most.ts'
import { OperatorError } from '../errors.ts'
import { rewritePrefix } from '../layout.ts'
import { ConflictError } from '../store/errors.ts'
import type { ObjectStore } from '../store/port.ts'
import { Applied, Rewrite } from './types.ts'

/** A rewrite as it is kept. */
export interface StoredRewrite extends Rewrite {
  /** Present once it is known to have happened. */
  applied?: Applied
}

const eight = (number: number) => String(number).padStart(8, '0')
const AT_ONCE = 16

const digestOf = (object: string) => createHash('sha256').update(object).digest('hex').slice(0, 32)

const baseOf = ({ application, object, generation, attempt }: Placed) =>
  `${rewritePrefix(application)}${digestOf(object)}-${eight(generation)}-${eight(attempt)}`

type Placed = Pick<Rewrite, 'application' | 'object' | 'generation' | 'attempt'>

export const rewriteKey = (rewrite: Placed): string => `${baseOf(rewrite)}.json`
export const appliedKey = (rewrite: Placed): string => `${baseOf(rewrite)}-applied.json`

/** Throws ConflictError where somebody else wrote this attempt. */
export async function writeRewrite(store: ObjectStore, rewrite: Rewrite): Promise<void> {
  const body = `${JSON.stringify(Rewrite.parse(rewrite))}\n`
  try {
    await store.create(rewriteKey(rewrite), body)
  } catch (error) {
    // Of one that was sent twice the first is ours: its nonce is nobody else's.
    const ours = error instanceof ConflictError && (await store.get(rewriteKey(rewrite)))?.body.toString() === body
    if (!ours) throw error
  }
}

/** Says that a rewrite happened. Whoever finds it out, says the same. */
export async function markApplied(store: ObjectStore, rewrite: Rewrite, etag: string | null): Promise<void> {
  try {
    await store.create(appliedKey(rewrite), `${JSON.stringify({ etag })}\n`)
  } catch (error) {
    if (!(error instanceof ConflictError)) throw error
    const there = await store.get(appliedKey(rewrite))
    if (there && parsed(appliedKey(rewrite), there.body, Applied).etag === etag) return
    throw damaged(appliedKey(rewrite), error)
  }
}

const damaged = (key: string, cause: unknown) =>
  new OperatorError(
    `${key} cannot be read, so that it is not known what became of an object of records. Nothing is destroyed until the operator has ` +
      'restored it from a copy of the bucket.',
    { cause },
  )

function parsed<T>(key: string, body: Buffer, shape: { parse(value: unknown): T }): T {
  try {
    return shape.parse(JSON.parse(body.toString('utf8')))
  } catch (error) {
    throw damaged(key, error)
  }
}

const inOrder = (one: Rewrite, other: Rewrite) => one.generation - other.generation || one.attempt - other.attempt

async function readUnder(store: ObjectStore, application: string, prefix: string): Promise<StoredRewrite[]> {
  const keys: string[] = []
  for await (const { key } of store.list(prefix)) keys.push(key)
  const applied = new Set(keys.filter((key) => key.endsWith('-applied.json')))
  const found: StoredRewrite[] = []
  const records = keys.filter((key) => !applied.has(key))
  await atMost(AT_ONCE, records, async (key) => {
    const object = await store.get(key)
    if (!object) throw damaged(key, undefined)
    const rewrite = parsed(key, object.body, Rewrite)
    if (rewrite.application !== application || rewriteKey(rewrite) !== key) throw damaged(key, undefined)
    const mark = applied.has(appliedKey(rewrite)) ? await store.get(appliedKey(rewrite)) : undefined
    found.push(mark ? { ...rewrite, applied: parsed(appliedKey(rewrite), mark.body, Applied) } : rewrite)
  })
  return found.sort(inOrder)
}

/** All rewrites of an application by object, oldest first. Throws OperatorError where one cannot be read. */
export async function readRewrites(store: ObjectStore, application: string): Promise<Map<string, StoredRewrite[]>> {
  const byObject = new Map<string, StoredRewrite[]>()
  for (const rewrite of await readUnder(store, application, rewritePrefix(application))) {
    const others = byObject.get(rewrite.object)
    if (others) others.push(rewrite)
    else byObject.set(rewrite.object, [rewrite])
  }
  return byObject
}

/** Those of one object, oldest first. */
export const readRewritesOf = (store: ObjectStore, application: string, object: string): Promise<StoredRewrite[]> =>
  readUnder(store, application, `${rewritePrefix(application)}${digestOf(object)}-`)
