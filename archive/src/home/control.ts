/**
 * What a process that does not own the data folder asks its owner for, over `.work/control.sock`: JSON, a line each way.
 */
import { readFile } from 'node:fs/promises'
import type { Socket } from 'node:net'
import { join } from 'node:path'
import { z } from 'zod'

export const ControlRequest = z.discriminatedUnion('op', [
  z.strictObject({ id: z.string(), op: z.literal('replace'), key: z.string(), etag: z.string(), body: z.base64() }),
  /** `file`: absolute, a finished one that the owner may move. */
  z.strictObject({
    id: z.string(),
    op: z.literal('replaceFromFile'),
    key: z.string(),
    etag: z.string(),
    file: z.string(),
  }),
  z.strictObject({ id: z.string(), op: z.literal('remove'), key: z.string(), etag: z.string().optional() }),
  /** Tells that an object was created or changed which the owner may have read. */
  z.strictObject({ id: z.string(), op: z.literal('announce'), key: z.string() }),
  /** Asks for a short-lived token of a sample person. */
  z.strictObject({ id: z.string(), op: z.literal('token'), person: z.string() }),
])
export type ControlRequest = z.infer<typeof ControlRequest>

export const ControlReply = z.strictObject({
  id: z.string(),
  info: z.strictObject({ key: z.string(), etag: z.string(), size: z.number(), modified: z.coerce.date() }).optional(),
  token: z.string().optional(),
  error: z.strictObject({ name: z.string(), message: z.string() }).optional(),
})
export type ControlReply = z.infer<typeof ControlReply>

/** Longest path of a socket that every system takes (sun_path: 108 bytes on Linux, 104 on macOS, with the closing NUL). */
const LONGEST_SOCKET_PATH = 100

export const socketFile = (work: string) => join(work, 'control.sock')
/** Holds the path of the socket where the one beside it would be too long. */
export const pathFile = (work: string) => join(work, 'control.path')
export const fits = (path: string) => Buffer.byteLength(path) <= LONGEST_SOCKET_PATH

/** Where the owner listens, if it does; undefined where no place is known. */
export async function socketOf(work: string): Promise<string | undefined> {
  if (fits(socketFile(work))) return socketFile(work)
  return (await readFile(pathFile(work), 'utf8').catch(() => '')).trim() || undefined
}

/** Calls `onLine` for each line that ends; not readline, which also splits at U+2028. */
export function readLines(socket: Socket, onLine: (line: string) => void): void {
  let pieces: Buffer[] = []
  socket.on('data', (chunk: Buffer) => {
    let from = 0
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
      pieces.push(chunk.subarray(from, end))
      from = end + 1
      const line = Buffer.concat(pieces).toString()
      pieces = []
      onLine(line)
    }
    if (from < chunk.length) pieces.push(chunk.subarray(from))
  })
}
