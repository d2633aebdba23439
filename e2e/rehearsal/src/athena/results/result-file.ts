import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface ResultFile {
  readonly path: string
  write(text: string): Promise<void>
  /** All of it is in the file. Returns its bytes. */
  finish(): Promise<number>
  remove(): Promise<void>
}

/** A result on its way to S3: of any size, so it goes through a file. */
export async function createResultFile(): Promise<ResultFile> {
  const folder = await mkdtemp(join(tmpdir(), 'athena-result-'))
  const path = join(folder, 'result')
  const file = await open(path, 'w')
  let bytes = 0
  let closed = false
  const close = async () => {
    if (!closed) await file.close()
    closed = true
  }
  return {
    path,
    async write(text) {
      bytes += (await file.write(text)).bytesWritten
    },
    async finish() {
      await close()
      return bytes
    },
    async remove() {
      await close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
