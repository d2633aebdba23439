import { createCipheriv, createHash, createHmac } from 'node:crypto'
import { encodeValues, type TypedValue } from './encoding.ts'

export const SALT_BYTES = 16
export const HASH_BYTES = 32

const sha256 = (...parts: Buffer[]): Buffer => {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest()
}

/** Of a row's values of one sensitive class. */
export const classHash = (salt: Buffer, values: readonly TypedValue[]): Buffer =>
  sha256(Buffer.of(2), salt, encodeValues(values))

/** Of a row: its number and what is not sensitive, and the hashes of its sensitive classes in the order of their names. */
export const rowHash = (salt: Buffer, classes: readonly Buffer[], row: number, values: readonly TypedValue[]): Buffer =>
  sha256(Buffer.of(0), salt, ...classes, encodeValues([['bigint', String(row)], ...values]))

/** Of a JSON text, byte by byte as it stands. */
export const descriptionHash = (description: string): Buffer => sha256(Buffer.of(3), Buffer.from(description))

/**
 * Salts of rows `first` to `first + count - 1` one behind the other, 16 bytes each. A row's salt is its number, encrypted by AES-256
 * with a key for this load, table and class: whoever lacks the key cannot tell it from chance, however many others they were shown.
 */
export function saltsOf(secret: Buffer, table: string, sensitivity: string, first: number, count: number): Buffer {
  const key = createHmac('sha256', secret)
    .update(JSON.stringify(['muniment salts 1', table, sensitivity]))
    .digest()
  const counter = Buffer.alloc(SALT_BYTES)
  counter.writeBigUInt64BE(BigInt(first), 8)
  return createCipheriv('aes-256-ctr', key, counter).update(Buffer.alloc(count * SALT_BYTES))
}
