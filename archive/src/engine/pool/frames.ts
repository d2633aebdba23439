import type { Socket } from 'node:net'

const headerBytes = 8

/** Sends a message and an optional body; resolves when the socket takes more, which is how a slow reader slows the writer. */
export function sendFrame(socket: Socket, message: unknown, body?: Buffer): Promise<void> {
  const text = Buffer.from(JSON.stringify(message))
  const header = Buffer.allocUnsafe(headerBytes)
  header.writeUInt32LE(text.length, 0)
  header.writeUInt32LE(body?.length ?? 0, 4)
  const frame = body ? Buffer.concat([header, text, body]) : Buffer.concat([header, text])
  if (socket.destroyed || socket.write(frame)) return Promise.resolve()
  return new Promise((resolve) => {
    const proceed = () => {
      socket.off('drain', proceed)
      socket.off('close', proceed)
      resolve()
    }
    socket.on('drain', proceed)
    socket.on('close', proceed)
  })
}

/** Calls `receive` once for each frame, in order; while a promise it gave is pending nothing more is read. */
export function onFrames<Message>(
  socket: Socket,
  receive: (message: Message, body: Buffer | undefined) => Promise<void> | void,
) {
  let parts: Buffer[] = []
  let held = 0
  let wanted = headerBytes
  let busy = false

  const take = async () => {
    if (busy) return
    busy = true
    try {
      while (held >= wanted) {
        const all = parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts)
        const textBytes = all.readUInt32LE(0)
        const size = headerBytes + textBytes + all.readUInt32LE(4)
        if (all.length >= size) {
          parts = all.length > size ? [all.subarray(size)] : []
          held = all.length - size
          wanted = headerBytes
          const message = JSON.parse(all.toString('utf8', headerBytes, headerBytes + textBytes)) as Message
          const done = receive(
            message,
            size > headerBytes + textBytes ? all.subarray(headerBytes + textBytes, size) : undefined,
          )
          if (done) {
            socket.pause()
            await done
            socket.resume()
          }
        } else {
          parts = [all]
          wanted = size
        }
      }
    } catch (error) {
      socket.destroy(error instanceof Error ? error : new Error(String(error)))
    } finally {
      busy = false
    }
  }

  socket.on('data', (chunk: Buffer) => {
    parts.push(chunk)
    held += chunk.length
    if (held >= wanted) void take()
  })
}
