import { Worker } from 'node:worker_threads'
import type { Application } from '@muniment/archive/model/types'
import { DeliveryWriter, type TablePart } from './delivery-writer.ts'
import { RANGE } from './identifiers.ts'
import { writeRange } from './range.ts'
import { Sample } from './sample.ts'
import { emptyTruth, type SampleTruth } from './truth.ts'

/** What is made and written at a time, about 3 MB; fixed, as the order of the bytes depends on it. */
export const RANGES_OF_PORTION = 10

export interface PortionJob {
  application: Application
  seed: number
  /** Beside the anchors. */
  policies: number
}

export interface Portion {
  number: number
  parts: Map<string, TablePart>
  truth: SampleTruth
}

export function makePortion(job: PortionJob, writer: DeliveryWriter, number: number): Portion {
  const truth = emptyTruth()
  const sample = new Sample(job.seed, writer, truth)
  const first = number * RANGES_OF_PORTION
  for (let range = first; range < first + RANGES_OF_PORTION && range * RANGE < job.policies; range++) {
    writeRange(sample, range, Math.min(RANGE, job.policies - range * RANGE))
  }
  return { number, parts: writer.take(), truth }
}

/** Makes all portions on so many threads and hands them over one by one, in order. */
export async function runPortions(
  job: PortionJob & { workers: number },
  write: (portion: Portion) => Promise<void>,
): Promise<void> {
  const portions = Math.ceil(job.policies / (RANGE * RANGES_OF_PORTION))
  const workers = Math.min(job.workers, portions)
  if (workers <= 1) {
    const writer = new DeliveryWriter(job.application)
    for (let number = 0; number < portions; number++) await write(makePortion(job, writer, number))
    return
  }
  await new Team(job, portions, write).run(workers)
}

/** Threads that make portions; those that come too early wait, and no thread runs far ahead of what is written. */
class Team {
  private readonly job: PortionJob
  private readonly portions: number
  private readonly write: (portion: Portion) => Promise<void>
  private readonly early = new Map<number, Portion>()
  private next = 0
  private written = 0
  private idle: Worker[] = []
  private writing = false

  constructor(job: PortionJob, portions: number, write: (portion: Portion) => Promise<void>) {
    this.job = job
    this.portions = portions
    this.write = write
  }

  async run(size: number): Promise<void> {
    const { application, seed, policies } = this.job
    const workers = Array.from(
      { length: size },
      () =>
        new Worker(new URL('./start-worker.mjs', import.meta.url), {
          workerData: { application, seed, policies },
          execArgv: [],
        }),
    )
    try {
      await new Promise<void>((resolve, reject) => {
        for (const worker of workers) {
          worker.on('error', reject)
          worker.on('exit', (code) => reject(new Error(`a thread of the generator ended with ${code}`)))
          worker.on('message', (portion: Portion) => {
            this.early.set(portion.number, portion)
            this.idle.push(worker)
            this.advance(size).then((done) => done && resolve(), reject)
          })
          this.idle.push(worker)
        }
        this.employ(size)
      })
    } finally {
      for (const worker of workers) worker.removeAllListeners('exit')
      await Promise.all(workers.map((worker) => worker.terminate()))
    }
  }

  /** Writes what is next in order; tells whether all is written. */
  private async advance(size: number): Promise<boolean> {
    this.employ(size)
    if (this.writing) return false
    this.writing = true
    for (;;) {
      const portion = this.early.get(this.written)
      if (!portion) break
      this.early.delete(this.written)
      await this.write(portion)
      this.written++
      this.employ(size)
    }
    this.writing = false
    return this.written === this.portions
  }

  private employ(size: number): void {
    while (this.next < this.portions && this.next < this.written + 3 * size) {
      const worker = this.idle.pop()
      if (!worker) return
      worker.postMessage(this.next++)
    }
  }
}
