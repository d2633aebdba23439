import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import { NotFoundError } from '@muniment/archive/errors'
import { z } from 'zod'
import { ProblemError } from '../errors.ts'

const Address = z.object({
  export: z.string(),
  key: z.string(),
  fileName: z.string(),
  contentType: z.string(),
  person: z.string(),
  /** What counts its uses. */
  use: z.string(),
  /** Milliseconds since 1970. */
  until: z.number(),
})
export type FileAddress = z.infer<typeof Address>

const cipher = 'aes-256-gcm'
const ivBytes = 12
const tagBytes = 16

// A key of its own, so that nothing else the secret is used for can be mistaken for an address.
const keyOf = (secret: Uint8Array): Uint8Array =>
  new Uint8Array(hkdfSync('sha256', secret, new Uint8Array(), 'muniment file address', 32))

/**
 * An address that says itself what it opens, for whom and until when, that only this server can make and nobody else can read: it stands
 * in histories and in logs of proxies, which are no place for a person's id. Base64url of iv, tag and what is encrypted.
 */
export function writeFileToken(secret: Uint8Array, address: FileAddress): string {
  const iv = randomBytes(ivBytes)
  const encrypting = createCipheriv(cipher, keyOf(secret), iv)
  const hidden = Buffer.concat([encrypting.update(JSON.stringify(address), 'utf8'), encrypting.final()])
  return Buffer.concat([iv, encrypting.getAuthTag(), hidden]).toString('base64url')
}

/**
 * `person`: who asks, where that is known. Throws NotFoundError for a token that is forged or somebody else's, ProblemError for one that
 * has expired.
 */
export function readFileToken(secret: Uint8Array, token: string, person: string | undefined, now: Date): FileAddress {
  const address = opened(secret, token)
  if (!address || (person !== undefined && address.person !== person)) throw new NotFoundError()
  if (address.until < now.getTime()) {
    throw new ProblemError('no-longer-kept', 'This address of a file has expired. Ask for the file again.')
  }
  return address
}

function opened(secret: Uint8Array, token: string): FileAddress | undefined {
  const given = Buffer.from(token, 'base64url')
  // Base64 reads several spellings as the same bytes: one alone is the address that was given.
  if (given.length <= ivBytes + tagBytes || given.toString('base64url') !== token) return undefined
  const decrypting = createDecipheriv(cipher, keyOf(secret), given.subarray(0, ivBytes), { authTagLength: tagBytes })
  decrypting.setAuthTag(given.subarray(ivBytes, ivBytes + tagBytes))
  const hidden = given.subarray(ivBytes + tagBytes)
  try {
    const told = Buffer.concat([decrypting.update(hidden), decrypting.final()])
    return Address.parse(JSON.parse(told.toString('utf8')))
  } catch {
    return undefined
  }
}
