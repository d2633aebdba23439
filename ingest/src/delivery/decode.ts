import { isUtf8 } from 'node:buffer'
import iconv from 'iconv-lite'

/** UTF-8 out of what a delivery file holds, chunk by chunk, and where it could not be read. */
export interface Decoder {
  /** `bad` are offsets into `bytes` at which something unreadable stands. */
  push(chunk: Buffer, last: boolean): { bytes: Buffer; bad: number[] }
  /** True where `bytes` are the chunk's own, so that the file need not be copied. */
  readonly passes: boolean
}

const BAD_KEPT_PER_CHUNK = 1000

/** Length of a sequence that `byte` opens, or 0 where it opens none. */
function sequenceLength(byte: number): number {
  if (byte < 0x80) return 1
  if (byte >= 0xc2 && byte <= 0xdf) return 2
  if (byte >= 0xe0 && byte <= 0xef) return 3
  if (byte >= 0xf0 && byte <= 0xf4) return 4
  return 0
}

/** How many bytes at the end of `bytes` belong to a character that the next chunk completes. */
function unfinished(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0
    if ((byte & 0xc0) === 0x80) continue
    return sequenceLength(byte) > back ? back : 0
  }
  return 0
}

function invalidOffsets(bytes: Buffer): number[] {
  const bad: number[] = []
  for (let at = 0; at < bytes.length && bad.length < BAD_KEPT_PER_CHUNK; ) {
    const length = sequenceLength(bytes[at] ?? 0)
    if (length > 0 && at + length <= bytes.length && isUtf8(bytes.subarray(at, at + length))) at += length
    else {
      bad.push(at)
      at++
      while (at < bytes.length && ((bytes[at] ?? 0) & 0xc0) === 0x80) at++
    }
  }
  return bad
}

function utf8(): Decoder {
  let carry = Buffer.alloc(0)
  return {
    passes: true,
    push(chunk, last) {
      const joined = carry.length > 0 ? Buffer.concat([carry, chunk]) : chunk
      const rest = last ? 0 : unfinished(joined)
      carry = Buffer.from(joined.subarray(joined.length - rest))
      const bytes = joined.subarray(0, joined.length - rest)
      return { bytes, bad: isUtf8(bytes) ? [] : invalidOffsets(bytes) }
    },
  }
}

/** One byte a character: a table of what each byte is in UTF-8, undefined where the code page has nothing. */
function singleByte(encoding: 'latin1' | 'win1252'): Decoder {
  const table = Array.from({ length: 256 }, (_, byte) => {
    const text = iconv.decode(Buffer.from([byte]), encoding)
    return text === '\ufffd' ? undefined : Buffer.from(text, 'utf8')
  })
  return {
    passes: false,
    push(chunk) {
      const bytes = Buffer.allocUnsafe(chunk.length * 3)
      const bad: number[] = []
      let to = 0
      for (const byte of chunk) {
        if (byte < 0x80) bytes[to++] = byte
        else {
          const known = table[byte]
          if (known === undefined && bad.length < BAD_KEPT_PER_CHUNK) bad.push(to)
          for (const part of known ?? [0x3f]) bytes[to++] = part
        }
      }
      return { bytes: bytes.subarray(0, to), bad }
    },
  }
}

export function createDecoder(encoding: 'utf-8' | 'latin-1' | 'windows-1252'): Decoder {
  if (encoding === 'utf-8') return utf8()
  return singleByte(encoding === 'latin-1' ? 'latin1' : 'win1252')
}
