/** The engine process: takes one job at a time from the server over a socket and answers it in DuckDB. */
import { Socket } from 'node:net'
import { onFrames, sendFrame } from '../pool/frames.ts'
import type { FromWorker, ToWorker } from '../pool/messages.ts'
import { createWorker } from './worker.ts'

const socket = new Socket({ fd: 3, readable: true, writable: true })
const send = (message: FromWorker, body?: Buffer) => sendFrame(socket, message, body)
// A statement may be in the middle of work that nothing stops; there is nothing here that needs to be saved.
socket.on('close', () => process.kill(process.pid, 'SIGKILL'))

let worker: ReturnType<typeof createWorker> | undefined
onFrames<ToWorker>(socket, (message) => {
  if (message.type === 'settings') {
    worker = createWorker(message.settings, send)
    void send({ type: 'ready' })
  } else worker?.receive(message)
})
