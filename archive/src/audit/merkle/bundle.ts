/** Entry bundles of tlog-tiles: each entry after its length as two bytes, big-endian. */
import { LogDamageError } from '../errors.ts'

export const LARGEST_ENTRY = 0xffff

export function packEntries(entries: readonly Buffer[]): Buffer {
  return Buffer.concat(
    entries.flatMap((entry) => {
      const length = Buffer.alloc(2)
      length.writeUInt16BE(entry.length)
      return [length, entry]
    }),
  )
}

/** Throws LogDamageError where the bytes are no bundle of `width` entries. */
export function unpackEntries(key: string, bundle: Buffer, width: number): Buffer[] {
  const entries: Buffer[] = []
  for (let at = 0; at < bundle.length; ) {
    const end = at + 2 <= bundle.length ? at + 2 + bundle.readUInt16BE(at) : Number.POSITIVE_INFINITY
    if (end > bundle.length) throw new LogDamageError(key, 'the bundle ends within an entry.')
    entries.push(bundle.subarray(at + 2, end))
    at = end
  }
  if (entries.length !== width)
    throw new LogDamageError(key, `the bundle holds ${entries.length} entries and not ${width}.`)
  return entries
}
