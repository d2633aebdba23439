import { sha256Hex } from '../audit/canonical.ts'
import { OperatorError } from '../errors.ts'
import { HOLD_REGISTER, HOLDS_PREFIX, registerVersionKey } from '../layout.ts'
import { ConflictError } from '../store/errors.ts'
import type { ObjectStore } from '../store/port.ts'
import { HoldRegister } from './types.ts'

export interface StoredRegister {
  register: HoldRegister
  etag: string
  text: string
  /** Of its bytes, hex. */
  sha256: string
}

/** Reading again, because somebody changed it meanwhile. */
const MOST_TRIES = 20

function broken(what: string, options: ErrorOptions = {}): OperatorError {
  return new OperatorError(
    `The hold register cannot be trusted: ${HOLD_REGISTER} ${what}. Until this is mended nothing is destroyed and no hold is placed or ` +
      'released. The operator must restore holds/ from a copy of the bucket, and find out what altered it.',
    options,
  )
}

const textOf = (register: HoldRegister) => `${JSON.stringify(register, null, 2)}\n`

function parse(body: Buffer, what: (said: string) => string): HoldRegister {
  let value: unknown
  try {
    value = JSON.parse(body.toString())
  } catch (cause) {
    throw broken(what('is not JSON'), { cause })
  }
  const parsed = HoldRegister.safeParse(value)
  if (!parsed.success) throw broken(what('is no register of holds'), { cause: parsed.error })
  const ids = parsed.data.holds.map(({ id }) => id)
  if (new Set(ids).size < ids.length) throw broken(what('has a hold twice'))
  for (const { id, closures, state, released } of parsed.data.holds) {
    if (closures.some(({ revision }, index) => revision !== index + 1))
      throw broken(what(`lacks closures of the hold ${id}`))
    if ((state === 'released') !== (released !== undefined)) throw broken(what(`contradicts itself about ${id}`))
  }
  return parsed.data
}

async function getRegister(store: ObjectStore): Promise<StoredRegister> {
  const object = await store.get(HOLD_REGISTER)
  if (!object) throw broken('is missing')
  const { body, etag } = object
  return { register: parse(body, (said) => said), etag, text: body.toString(), sha256: sha256Hex(body) }
}

/** Nothing that an earlier version had may be missing in a later one, nor any released hold stand again unsaid. */
function mustFollow(later: HoldRegister, earlier: HoldRegister): void {
  for (const before of earlier.holds) {
    const now = later.holds.find(({ id }) => id === before.id)
    if (!now) throw broken(`lacks the hold ${before.id}, which version ${earlier.version} has`)
    if (now.application !== before.application || now.placed !== before.placed)
      throw broken(`says otherwise of the hold ${before.id} than version ${earlier.version} does`)
    if (before.state === 'released' && now.state !== 'released')
      throw broken(`has the hold ${before.id} stand again, which version ${earlier.version} has as released`)
    if (before.closures.some(({ sha256 }, index) => now.closures[index]?.sha256 !== sha256))
      throw broken(`lacks a closure of the hold ${before.id} that version ${earlier.version} has`)
  }
}

/**
 * Held against the versions kept beside it: whoever puts an older or a shorter register in its place is found out. Gives false where a
 * version came in between.
 */
async function checked(store: ObjectStore, { register, sha256 }: StoredRegister): Promise<boolean> {
  const { version } = register
  if (await store.head(registerVersionKey(version + 1))) {
    const now = await getRegister(store)
    if (now.register.version > version) return false
    throw broken(`is version ${version}, and version ${version + 1} was in force`)
  }
  const same = await store.get(registerVersionKey(version))
  if (same) {
    if (sha256Hex(same.body) !== sha256) throw broken(`is not version ${version} as it was written`)
    return true
  }
  if (version === 0) return true
  const key = registerVersionKey(version - 1)
  const before = await store.get(key)
  if (!before) throw broken(`is version ${version}, and ${key} is missing`)
  const earlier = parse(before.body, (said) => `has a version before it, ${key}, that ${said}`)
  if (earlier.version !== version - 1) throw broken(`has a version before it, ${key}, that is another`)
  mustFollow(register, earlier)
  return true
}

/** The register as it is now. Throws OperatorError where it is missing, malformed, shortened or older than one that was in force. */
export async function readRegister(store: ObjectStore): Promise<StoredRegister> {
  for (let tries = 1; tries <= MOST_TRIES; tries++) {
    const stored = await getRegister(store)
    if (await checked(store, stored)) return stored
  }
  throw new OperatorError('The hold register changes all the time. Try again in a moment.')
}

async function createUnlessThere(store: ObjectStore, key: string, body: string): Promise<void> {
  try {
    await store.create(key, body)
  } catch (error) {
    if (!(error instanceof ConflictError)) throw error
  }
}

/**
 * Creates the register where a setting begins; else reads it. One that was there once is never created again: throws OperatorError where it
 * is gone.
 */
export async function openRegister(store: ObjectStore): Promise<StoredRegister> {
  if (!(await store.head(HOLD_REGISTER))) {
    // Its first version is kept for good beside it, so that a register that was lost is told from one that never was.
    for await (const name of store.names(HOLDS_PREFIX))
      if (name !== 'register.json' && !(await isEmptyFolder(store, name)))
        throw broken(`is missing, though there is ${HOLDS_PREFIX}${name}`)
    await createUnlessThere(store, HOLD_REGISTER, textOf({ format: 1, version: 0, holds: [] }))
  }
  const stored = await readRegister(store)
  if (stored.register.version === 0) await keep(store, stored)
  return stored
}

async function isEmptyFolder(store: ObjectStore, name: string): Promise<boolean> {
  if (!name.endsWith('/')) return false
  for await (const _ of store.list(`${HOLDS_PREFIX}${name}`)) return false
  return true
}

const keep = (store: ObjectStore, { register, text }: StoredRegister) =>
  createUnlessThere(store, registerVersionKey(register.version), text)

/**
 * Changes the register by If-Match. `change` gives the holds as they should be, or undefined where they are so already; it is asked again
 * whenever somebody else was first. Resolves once the change is in force and kept.
 */
export async function changeRegister(
  store: ObjectStore,
  change: (register: HoldRegister) => HoldRegister['holds'] | undefined,
): Promise<StoredRegister> {
  let tried: string | undefined
  for (let tries = 1; tries <= MOST_TRIES; tries++) {
    const stored = await readRegister(store)
    // A conflict may be of this change's own making: the store wrote it, and its answer was lost.
    const holds = stored.sha256 === tried ? undefined : change(stored.register)
    await keep(store, stored)
    if (!holds) return stored
    const next = HoldRegister.parse({ format: 1, version: stored.register.version + 1, holds })
    mustFollow(next, stored.register)
    const text = textOf(next)
    tried = sha256Hex(text)
    try {
      const { etag } = await store.replace(HOLD_REGISTER, text, stored.etag)
      const written = { register: next, etag, text, sha256: tried }
      await keep(store, written)
      return written
    } catch (error) {
      if (!(error instanceof ConflictError)) throw error
    }
  }
  throw new OperatorError('The hold register changes all the time; this change was not made. Try again in a moment.')
}
