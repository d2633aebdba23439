import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import { InputError } from '../errors.ts'

/** OWASP's recommendation for scrypt in 64 MiB: about a quarter of a second each. */
const COST = { N: 2 ** 16, r: 8, p: 2 }
const KEY_BYTES = 32
const MAX_MEMORY = 256 * 1024 ** 2
const AT_ONCE = 2

export const MIN_PASSWORD = 12
export const MAX_PASSWORD = 256

export const PasswordHash = z.strictObject({
  kdf: z.literal('scrypt'),
  N: z.int().positive(),
  r: z.int().positive(),
  p: z.int().positive(),
  salt: z.base64(),
  hash: z.base64(),
})
export type PasswordHash = z.infer<typeof PasswordHash>

/** Throws InputError with a sentence where a password is too easy to guess. */
export function checkPassword(password: string, id: string): void {
  const length = [...password].length
  const plain = password.toLowerCase()
  if (length < MIN_PASSWORD)
    throw new InputError(`The password has ${length} characters; give it ${MIN_PASSWORD} or more.`)
  if (length > MAX_PASSWORD) throw new InputError(`A password may have ${MAX_PASSWORD} characters.`)
  if (new Set(plain).size < 5) throw new InputError('The password repeats too few characters; choose another.')
  if ([id.toLowerCase(), 'password', 'passwort', 'muniment', '12345', 'qwert'].some((word) => plain.includes(word)))
    throw new InputError('The password holds the user id or a word that is tried first; choose another.')
}

export async function hashPassword(password: string): Promise<PasswordHash> {
  const salt = randomBytes(16)
  const hash = await derive(password, salt, COST)
  return { kdf: 'scrypt', ...COST, salt: salt.toString('base64'), hash: hash.toString('base64') }
}

/** Nobody's: compared with where there is no such user, so that the answer takes as long. */
const nobodys: PasswordHash = {
  kdf: 'scrypt',
  ...COST,
  salt: randomBytes(16).toString('base64'),
  hash: randomBytes(KEY_BYTES).toString('base64'),
}

export async function isPassword(password: string, known: PasswordHash | undefined): Promise<boolean> {
  const { salt, hash, N, r, p } = known ?? nobodys
  const expected = Buffer.from(hash, 'base64')
  const given = await derive(password.slice(0, MAX_PASSWORD * 2), Buffer.from(salt, 'base64'), { N, r, p })
  return given.length === expected.length && timingSafeEqual(given, expected) && known !== undefined
}

let running = 0
const waiting: (() => void)[] = []

/** A few at a time: each takes its memory, and a flood of attempts is not to take all of it. */
async function derive(password: string, salt: Buffer, cost: ScryptOptions): Promise<Buffer> {
  if (running >= AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve))
  else running++
  try {
    return await new Promise((resolve, reject) => {
      scrypt(password.normalize('NFKC'), salt, KEY_BYTES, { ...cost, maxmem: MAX_MEMORY }, (error, key) =>
        error ? reject(error) : resolve(key),
      )
    })
  } finally {
    const next = waiting.shift()
    if (next) next()
    else running--
  }
}
