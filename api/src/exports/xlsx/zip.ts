import { createReadStream, createWriteStream } from 'node:fs'
import { open, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { crc32, createDeflateRaw } from 'node:zlib'
import { ProblemError } from '../../errors.ts'

/** A finished member of an archive, packed in a file of its own: sizes stand before the content, as every reader expects. */
export interface Part {
  name: string
  file: string
  crc: number
  size: number
  packed: number
}

export type OpenPart = ReturnType<typeof openPart>

const chunk = 64 * 1024
/** Sizes and places have 32 bits; files that need more are refused rather than written in the form that some readers lack. */
const most = 0xffff_fff0

/** Takes text and packs it; `write` waits while the packing lags behind. */
export function openPart(folder: string, name: string) {
  const file = join(folder, `${name.replaceAll('/', '-')}.part`)
  const deflate = createDeflateRaw({ level: 4, chunkSize: chunk })
  const packing = pipeline(deflate, createWriteStream(file))
  packing.catch(() => undefined)
  let crc = 0
  let size = 0
  let text = ''

  async function flush(): Promise<void> {
    const bytes = Buffer.from(text)
    text = ''
    crc = crc32(bytes, crc)
    size += bytes.length
    if (!deflate.write(bytes)) {
      // A packer that has failed never drains.
      await Promise.race([new Promise((resolve) => deflate.once('drain', resolve)), packing])
    }
  }

  return {
    get size() {
      return size
    },
    async write(more: string): Promise<void> {
      text += more
      if (text.length >= chunk) await flush()
    },
    async end(): Promise<Part> {
      await flush()
      deflate.end()
      await packing
      return { name, file, crc, size, packed: (await stat(file)).size }
    },
    async discard(): Promise<void> {
      deflate.destroy()
      await packing.catch(() => undefined)
      await rm(file, { force: true })
    },
  }
}

/** Puts parts together to one ZIP file, and removes them. */
export async function zip(target: string, parts: Part[]): Promise<void> {
  const out = await open(target, 'w')
  try {
    const directory: Buffer[] = []
    let offset = 0
    for (const part of parts) {
      if (part.size > most || offset > most) throw tooLarge()
      const name = Buffer.from(part.name)
      const header = localHeader(part, name.length)
      await out.appendFile(Buffer.concat([header, name]))
      for await (const bytes of createReadStream(part.file, { highWaterMark: 1 << 20 })) await out.appendFile(bytes)
      directory.push(directoryEntry(part, name.length, offset), name)
      offset += header.length + name.length + part.packed
      await rm(part.file)
    }
    if (offset > most) throw tooLarge()
    const entries = Buffer.concat(directory)
    await out.appendFile(Buffer.concat([entries, endRecord(parts.length, entries.length, offset)]))
  } finally {
    await out.close()
  }
}

const tooLarge = () =>
  new ProblemError('over-limit', 'This is more than a workbook can hold (4 GB). Export it as CSV or Parquet.')

/** Version needed 2.0, names in UTF-8, deflated, 1 January 1980: equal contents make equal files. */
function common(part: Part, nameLength: number): Buffer {
  const buffer = Buffer.alloc(26)
  buffer.writeUInt16LE(20, 0)
  buffer.writeUInt16LE(0x0800, 2)
  buffer.writeUInt16LE(8, 4)
  buffer.writeUInt16LE(0x0021, 8)
  buffer.writeUInt32LE(part.crc, 10)
  buffer.writeUInt32LE(part.packed, 14)
  buffer.writeUInt32LE(part.size, 18)
  buffer.writeUInt16LE(nameLength, 22)
  return buffer
}

const localHeader = (part: Part, nameLength: number): Buffer =>
  Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), common(part, nameLength)])

function directoryEntry(part: Part, nameLength: number, offset: number): Buffer {
  const rest = Buffer.alloc(14)
  rest.writeUInt32LE(offset, 10)
  return Buffer.concat([Buffer.from('PK\x01\x02\x14\x00', 'latin1'), common(part, nameLength), rest])
}

function endRecord(count: number, size: number, offset: number): Buffer {
  const buffer = Buffer.alloc(22)
  buffer.write('PK\x05\x06', 'latin1')
  buffer.writeUInt16LE(count, 8)
  buffer.writeUInt16LE(count, 10)
  buffer.writeUInt32LE(size, 12)
  buffer.writeUInt32LE(offset, 16)
  return buffer
}
