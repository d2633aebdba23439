import { open } from 'node:fs/promises'

const CHUNK = 1 << 20

/** A file's bytes in order. A chunk is valid until the next one is asked for: its buffer is used again. */
export async function* chunksOfFile(path: string): AsyncGenerator<Buffer> {
  const handle = await open(path, 'r')
  try {
    const buffer = Buffer.allocUnsafe(CHUNK)
    for (;;) {
      const { bytesRead } = await handle.read(buffer, 0, CHUNK, null)
      if (bytesRead === 0) return
      yield buffer.subarray(0, bytesRead)
    }
  } finally {
    await handle.close()
  }
}
