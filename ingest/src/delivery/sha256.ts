import { createHash } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { chunksOfFile } from './chunks.ts'

/** Smaller files are hashed here: handing one over costs more. */
const WORTH_IT = 4 << 20

/** Plain JavaScript, as a worker is given none of what reads TypeScript here. */
const WORK = `
const { createHash } = require('node:crypto')
const { closeSync, openSync, readSync } = require('node:fs')
const { parentPort } = require('node:worker_threads')
const buffer = Buffer.allocUnsafe(1 << 20)
parentPort.on('message', (path) => {
  try {
    const hash = createHash('sha256')
    const file = openSync(path, 'r')
    try {
      for (let read; (read = readSync(file, buffer, 0, buffer.length, null)) > 0; ) hash.update(buffer.subarray(0, read))
    } finally {
      closeSync(file)
    }
    parentPort.postMessage({ sha256: hash.digest('hex') })
  } catch (error) {
    parentPort.postMessage({ error })
  }
})`

type Answer = { sha256: string } | { error: unknown }

const idle: Worker[] = []
const waiting: ((worker: Worker) => void)[] = []
let started = 0

const startWorker = () => new Worker(WORK, { eval: true, execArgv: [] })

async function takeWorker(): Promise<Worker> {
  const free = idle.pop()
  if (free) return free
  if (started >= availableParallelism()) return new Promise((resolve) => waiting.push(resolve))
  started++
  return startWorker()
}

function giveBack(worker: Worker) {
  const next = waiting.shift()
  if (next) return next(worker)
  // An idle one keeps no process from ending.
  worker.unref()
  idle.push(worker)
}

async function hashElsewhere(path: string): Promise<string> {
  const worker = await takeWorker()
  worker.ref()
  const answer = await new Promise<Answer>((resolve, reject) => {
    const failed = (error: Error) => {
      giveBack(startWorker())
      reject(error)
    }
    worker.once('error', failed)
    worker.once('message', (message: Answer) => {
      worker.off('error', failed)
      resolve(message)
    })
    worker.postMessage(path)
  })
  giveBack(worker)
  if ('error' in answer) throw answer.error
  return answer.sha256
}

/** SHA-256 of a file, in hexadecimal. Big ones are hashed by a thread of their own: as many at the same time as there are cores. */
export async function sha256Of(path: string): Promise<string> {
  if ((await stat(path)).size >= WORTH_IT) return hashElsewhere(path)
  const hash = createHash('sha256')
  for await (const chunk of chunksOfFile(path)) hash.update(chunk)
  return hash.digest('hex')
}
