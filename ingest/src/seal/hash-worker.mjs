import { parentPort } from 'node:worker_threads'
import { hashRows, rootOfRun } from './hash-rows.mjs'

parentPort.on('message', (work) => {
  try {
    const { leaves, rows } = hashRows(work)
    parentPort.postMessage({ rows, root: rootOfRun(leaves) })
  } catch (error) {
    parentPort.postMessage({ error })
  }
})
