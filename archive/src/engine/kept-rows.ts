import type { FileHandle } from 'node:fs/promises'
import { open, rm } from 'node:fs/promises'
import type { Row } from './port.ts'

/** Batches of one result as they came, in memory as far as `memory` bytes go, then in a file. */
export class KeptRows {
  readonly #file: string
  readonly #memory: number
  readonly #shared: { left: number }
  readonly #batches: (Buffer | { at: number; bytes: number })[] = []
  #handle: FileHandle | undefined
  #held = 0
  #written = 0
  #discarded = false

  /** `shared` is what all results together may still hold in memory. */
  constructor(file: string, memory: number, shared: { left: number } = { left: memory }) {
    this.#file = file
    this.#memory = memory
    this.#shared = shared
  }

  async append(batch: Buffer): Promise<void> {
    if (this.#discarded) return
    if (this.#held + batch.length <= this.#memory && batch.length <= this.#shared.left) {
      // A copy, so that a few rows do not keep the whole buffer they arrived in.
      this.#batches.push(Buffer.from(batch))
      this.#held += batch.length
      this.#shared.left -= batch.length
      return
    }
    this.#handle ??= await open(this.#file, 'wx+')
    await this.#handle.write(batch, 0, batch.length, this.#written)
    this.#batches.push({ at: this.#written, bytes: batch.length })
    this.#written += batch.length
  }

  async *read(): AsyncIterable<Row[]> {
    for (const batch of this.#batches) yield JSON.parse((await this.#load(batch)).toString()) as Row[]
  }

  /** Forgets what came so far, for a second attempt. */
  clear() {
    this.#letGo()
    this.#written = 0
  }

  discard() {
    this.#discarded = true
    this.#letGo()
    const handle = this.#handle
    this.#handle = undefined
    if (handle) void handle.close().then(() => rm(this.#file, { force: true }))
  }

  #letGo() {
    this.#batches.length = 0
    this.#shared.left += this.#held
    this.#held = 0
  }

  async #load(batch: Buffer | { at: number; bytes: number }): Promise<Buffer> {
    if (Buffer.isBuffer(batch)) return batch
    if (!this.#handle) throw new Error('The rows of this execution are no longer kept.')
    const buffer = Buffer.allocUnsafe(batch.bytes)
    await this.#handle.read(buffer, 0, batch.bytes, batch.at)
    return buffer
  }
}
