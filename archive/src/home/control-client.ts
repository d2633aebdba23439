import { randomUUID } from 'node:crypto'
import { connect, type Socket } from 'node:net'
import { InputError, OperatorError } from '../errors.ts'
import { ConflictError } from '../store/errors.ts'
import { ControlReply, type ControlRequest, readLines, socketOf } from './control.ts'

/** What came of a request: its reply; `unreachable`: it was never sent; `lost`: nobody knows whether it was carried out. */
export type Outcome = { reply: ControlReply } | 'unreachable' | 'lost'

type WithoutId<T> = T extends unknown ? Omit<T, 'id'> : never

async function dial(work: string): Promise<Socket | undefined> {
  const path = await socketOf(work)
  if (path === undefined) return undefined
  return new Promise((resolve) => {
    const socket = connect(path)
    socket.once('connect', () => resolve(socket))
    socket.once('error', () => resolve(undefined))
  })
}

function parseReply(line: string): ControlReply | undefined {
  try {
    return ControlReply.parse(JSON.parse(line))
  } catch {
    return undefined
  }
}

/** Sends one request to the owner of the data folder and waits for its reply. */
export async function askOwner(work: string, request: WithoutId<ControlRequest>, timeoutMs = 60_000): Promise<Outcome> {
  const socket = await dial(work)
  if (!socket) return 'unreachable'
  const id = randomUUID()
  try {
    return await new Promise<Outcome>((resolve) => {
      const timer = setTimeout(() => resolve('lost'), timeoutMs)
      socket.on('error', () => resolve('lost'))
      socket.on('close', () => {
        clearTimeout(timer)
        resolve('lost')
      })
      readLines(socket, (line) => {
        const reply = parseReply(line)
        if (reply?.id === id) resolve({ reply })
      })
      socket.write(`${JSON.stringify({ ...request, id })}\n`)
    })
  } finally {
    socket.destroy()
  }
}

/** The owner's refusal as the error that it would have been here. */
export function refusal(key: string, error: { name: string; message: string }): Error {
  if (error.name === 'ConflictError') return new ConflictError(key, error.message)
  if (error.name === 'InputError') return new InputError(error.message)
  return new OperatorError(error.message)
}
