import { parentPort, workerData } from 'node:worker_threads'
import { DeliveryWriter } from './delivery-writer.ts'
import { makePortion, type PortionJob } from './portions.ts'

const job = workerData as PortionJob
const writer = new DeliveryWriter(job.application)

parentPort?.on('message', (number: number) => {
  const portion = makePortion(job, writer, number)
  const buffers: ArrayBuffer[] = []
  for (const { bytes } of portion.parts.values()) {
    // Small ones share a buffer that must not be given away; they are copied.
    if (bytes.buffer instanceof ArrayBuffer && bytes.buffer.byteLength === bytes.byteLength) buffers.push(bytes.buffer)
  }
  parentPort?.postMessage(portion, buffers)
})
