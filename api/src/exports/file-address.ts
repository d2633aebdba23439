import { createHmac, timingSafeEqual } from 'node:crypto'
import { NotFoundError } from '@muniment/archive/errors'
import { z } from 'zod'
import { ProblemError } from '../errors.ts'

const Address = z.object({
  key: z.string(),
  fileName: z.string(),
  contentType: z.string(),
  person: z.string(),
  /** Milliseconds since 1970. */
  until: z.number(),
})
export type FileAddress = z.infer<typeof Address>

const sign = (secret: Uint8Array, payload: string): Buffer => createHmac('sha256', secret).update(payload).digest()

/** An address that says itself what it opens, for whom and until when, and that only this server can make. */
export function writeFileToken(secret: Uint8Array, address: FileAddress): string {
  const payload = Buffer.from(JSON.stringify(address)).toString('base64url')
  return `${payload}.${sign(secret, payload).toString('base64url')}`
}

/**
 * `person`: who asks, where that is known. Throws NotFoundError for a token that is forged or somebody else's, ProblemError for one that
 * has expired.
 */
export function readFileToken(secret: Uint8Array, token: string, person: string | undefined, now: Date): FileAddress {
  const [payload = '', signature = '', ...more] = token.split('.')
  const given = Buffer.from(signature, 'base64url')
  const expected = sign(secret, payload)
  if (more.length > 0 || given.length !== expected.length || !timingSafeEqual(given, expected))
    throw new NotFoundError()
  const address = Address.parse(JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')))
  if (person !== undefined && address.person !== person) throw new NotFoundError()
  if (address.until < now.getTime()) {
    throw new ProblemError('no-longer-kept', 'This address of a file has expired. Ask for the file again.')
  }
  return address
}
