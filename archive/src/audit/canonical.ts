import { createHash } from 'node:crypto'
import canonicalize from 'canonicalize'

/** RFC 8785: one text for one value, so that a hash over it can be made again by anybody. */
export function canonicalJson(value: unknown): string {
  const text = canonicalize(value)
  if (text === undefined) throw new TypeError('This value has no JSON.')
  return text
}

export const sha256 = (bytes: Buffer | string): Buffer => createHash('sha256').update(bytes).digest()
export const sha256Hex = (bytes: Buffer | string): string => createHash('sha256').update(bytes).digest('hex')
