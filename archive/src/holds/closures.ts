import { sha256Hex } from '../audit/canonical.ts'
import { OperatorError } from '../errors.ts'
import { closureKey } from '../layout.ts'
import { ConflictError } from '../store/errors.ts'
import type { ObjectStore } from '../store/port.ts'
import { Closure, type RegisteredHold } from './types.ts'

/** One text for a key, to look it up by. */
export const keyText = (key: readonly string[]): string => JSON.stringify(key)

function broken(key: string, what: string, options: ErrorOptions = {}): OperatorError {
  return new OperatorError(
    `What a hold protects cannot be trusted: ${key} ${what}. Until this is mended nothing is destroyed. The operator must restore it from ` +
      'a copy of the bucket.',
    options,
  )
}

/** Writes what a hold protects, and gives what the register is to name it by. */
export async function writeClosure(store: ObjectStore, closure: Closure): Promise<RegisteredHold['closures'][number]> {
  const body = `${JSON.stringify(Closure.parse(closure))}\n`
  const sha256 = sha256Hex(body)
  try {
    await store.create(closureKey(closure.hold, closure.revision, sha256), body)
  } catch (error) {
    // Named by its hash, so what is there already is this, or is found out when it is read.
    if (!(error instanceof ConflictError)) throw error
  }
  return { revision: closure.revision, sha256 }
}

/** Reads a closure that the register names. Throws OperatorError where it is not exactly that. */
export async function readClosure(
  store: ObjectStore,
  hold: Pick<RegisteredHold, 'id' | 'application'>,
  { revision, sha256 }: RegisteredHold['closures'][number],
  parsed: (sha256: string, body: Buffer) => Closure = (_, body) => parseClosure(body),
): Promise<Closure> {
  const key = closureKey(hold.id, revision, sha256)
  const object = await store.get(key)
  if (!object) throw broken(key, 'is missing')
  if (sha256Hex(object.body) !== sha256) throw broken(key, 'is not as it was written')
  let closure: Closure
  try {
    closure = parsed(sha256, object.body)
  } catch (cause) {
    throw broken(key, 'is no closure', { cause })
  }
  if (closure.hold !== hold.id || closure.revision !== revision || closure.application !== hold.application)
    throw broken(key, 'is of another hold')
  return closure
}

export const parseClosure = (body: Buffer): Closure => Closure.parse(JSON.parse(body.toString()))
