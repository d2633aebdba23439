import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { hashRows, type RowsToHash, rootOfRun } from './hash-rows.mjs'

/** Fewer bytes are hashed here: handing them over costs more. */
const WORTH_IT = 128 << 10

export interface HashedGroup {
  rows: number
  root: Buffer
}

type Answer = { rows: number; root: Uint8Array } | { error: Error }

/** Threads that hash row groups; each is started when there is work for it. */
export interface HashPool {
  /** Resolves with a promise of the outcome once a thread has taken the work, so that what waits is bounded. Takes `bytes` and `salts` over. */
  hash(work: RowsToHash): Promise<{ outcome: Promise<HashedGroup> }>
  close(): Promise<void>
}

/** Those that hold nothing else, so that they can be handed over instead of copied. */
const ownBuffers = (parts: readonly Uint8Array[]) =>
  parts.flatMap(({ buffer, byteLength }) =>
    buffer instanceof ArrayBuffer && buffer.byteLength === byteLength ? [buffer] : [],
  )

export function createHashPool(size = availableParallelism()): HashPool {
  const all: Worker[] = []
  const idle: Worker[] = []
  const waiting: ((worker: Worker) => void)[] = []

  async function take(): Promise<Worker> {
    const free = idle.pop()
    if (free) return free
    if (all.length >= size) return new Promise((resolve) => waiting.push(resolve))
    const worker = new Worker(new URL('./hash-worker.mjs', import.meta.url), { execArgv: [] })
    worker.unref()
    all.push(worker)
    return worker
  }

  function giveBack(worker: Worker) {
    const next = waiting.shift()
    if (next) next(worker)
    else idle.push(worker)
  }

  async function elsewhere(worker: Worker, work: RowsToHash): Promise<HashedGroup> {
    // A thread at work keeps the process, an idle one does not.
    worker.ref()
    try {
      const answer = await new Promise<Answer>((resolve, reject) => {
        const failed = (error: Error) => reject(error)
        worker.once('error', failed)
        worker.once('message', (message: Answer) => {
          worker.off('error', failed)
          resolve(message)
        })
        worker.postMessage(work, ownBuffers([work.bytes, ...work.salts]))
      })
      if ('error' in answer) throw answer.error
      return { rows: answer.rows, root: Buffer.from(answer.root) }
    } finally {
      worker.unref()
      giveBack(worker)
    }
  }

  return {
    async hash(work) {
      if (work.bytes.byteLength < WORTH_IT) {
        const { leaves, rows } = hashRows(work)
        return { outcome: Promise.resolve({ rows, root: rootOfRun(leaves) }) }
      }
      const outcome = elsewhere(await take(), work)
      // Whoever asked looks at it later; until then a failure is nobody's.
      outcome.catch(() => undefined)
      return { outcome }
    },
    async close() {
      await Promise.all(all.map((worker) => worker.terminate()))
    },
  }
}
