import { createHash } from 'node:crypto'
import canonicalize from 'canonicalize'

/** One text for equal values (RFC 8785); what is undefined is left out. */
export function canonicalJson(value: unknown): string {
  const text = canonicalize(value)
  if (text === undefined) throw new TypeError('This has no canonical JSON.')
  return text
}

export const sha256 = (bytes: string | Buffer): string => createHash('sha256').update(bytes).digest('hex')
