import { open } from 'node:fs/promises'

/** Characters that wait before they are written. */
const piece = 256 * 1024

export interface TextFile {
  write(text: string): Promise<void>
  close(): Promise<void>
}

/** A new file, written in pieces. */
export async function textFile(file: string): Promise<TextFile> {
  const handle = await open(file, 'wx')
  let waiting: string[] = []
  let size = 0
  const flush = async () => {
    const text = waiting.join('')
    waiting = []
    size = 0
    await handle.appendFile(text)
  }
  return {
    async write(text) {
      waiting.push(text)
      size += text.length
      if (size >= piece) await flush()
    },
    async close() {
      try {
        if (size > 0) await flush()
      } finally {
        await handle.close()
      }
    },
  }
}
