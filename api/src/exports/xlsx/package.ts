import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { PassThrough } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { ZipFile } from 'yazl'

const chunk = 64 * 1024
/** Equal contents make equal files. */
const options = { mtime: new Date(1980, 0, 1), forceDosTimestamp: true, compressionLevel: 4 }

export type Package = ReturnType<typeof createPackage>
export type OpenPart = ReturnType<Package['part']>

/** A ZIP file whose parts are written one after the other, in constant memory. */
export function createPackage(file: string) {
  const zip = new ZipFile()
  const written = pipeline(zip.outputStream, createWriteStream(file))
  written.catch(() => undefined)

  return {
    /** Begins the next part; `write` waits while the packing lags behind. */
    part(name: string) {
      const content = new PassThrough({ highWaterMark: 4 * chunk })
      zip.addReadStream(content, name, options)
      let size = 0
      let text = ''

      async function flush(): Promise<void> {
        const bytes = Buffer.from(text)
        text = ''
        size += bytes.length
        // What cannot be written to never drains.
        if (!content.write(bytes)) await Promise.race([once(content, 'drain'), written])
      }

      return {
        get size() {
          return size
        },
        async write(more: string): Promise<void> {
          text += more
          if (text.length >= chunk) await flush()
        },
        async end(): Promise<void> {
          await flush()
          content.end()
        },
      }
    },
    text(name: string, text: string): void {
      zip.addBuffer(Buffer.from(text), name, options)
    },
    async end(): Promise<void> {
      zip.end()
      await written
    },
    /** Stops; what stands in the file so far is of no use. */
    async discard(): Promise<void> {
      const output = zip.outputStream
      if ('destroy' in output && typeof output.destroy === 'function') output.destroy()
      await written.catch(() => undefined)
    },
  }
}
