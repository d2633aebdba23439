import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { MunimentError, OperatorError } from '../errors.ts'
import { fileError } from '../store/file-errors.ts'
import type { ObjectInfo, ObjectStore } from '../store/port.ts'
import { type ControlReply, ControlRequest, fits, pathFile, readLines, socketFile, socketOf } from './control.ts'

interface Served {
  work: string
  store: ObjectStore
  announce(key: string): Promise<void>
  tokenFor?: ((person: string) => Promise<string>) | undefined
}

async function carryOut({ store }: Served, request: ControlRequest): Promise<ObjectInfo | undefined> {
  if (request.op === 'replace') return store.replace(request.key, Buffer.from(request.body, 'base64'), request.etag)
  if (request.op === 'replaceFromFile') return store.replaceFromFile(request.key, request.file, request.etag)
  if (request.op === 'remove') await store.remove(request.key, request.etag)
  return undefined
}

async function answer(served: Served, line: string): Promise<ControlReply> {
  let id = ''
  try {
    const request = ControlRequest.parse(JSON.parse(line))
    id = request.id
    if (request.op === 'token') {
      if (!served.tokenFor) throw new OperatorError('This process gives no tokens.')
      return { id, token: await served.tokenFor(request.person) }
    }
    const info = await carryOut(served, request)
    await served.announce(request.key)
    return info ? { id, info } : { id }
  } catch (error) {
    const known = error instanceof MunimentError
    return { id, error: known ? { name: error.name, message: error.message } : { name: 'Error', message: 'refused' } }
  }
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(path, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

const OWN_FOLDER = /^muniment-[A-Za-z0-9]{6}$/

/** Removes what an owner that ended without closing left; whoever holds the lock knows that nobody listens there. */
async function removeStale(work: string): Promise<void> {
  await rm(socketFile(work), { force: true })
  const elsewhere = await socketOf(work)
  if (elsewhere && elsewhere !== socketFile(work) && OWN_FOLDER.test(dirname(elsewhere).split('/').at(-1) ?? ''))
    await rm(dirname(elsewhere), { recursive: true, force: true })
  await rm(pathFile(work), { force: true })
}

async function placeOf(work: string): Promise<string> {
  if (fits(socketFile(work))) return socketFile(work)
  const elsewhere = join(await mkdtemp(join(tmpdir(), 'muniment-')), 'control.sock')
  if (!fits(elsewhere))
    throw new OperatorError(
      `The path of the folder for temporary files is too long for a socket: ${tmpdir()}. Set TMPDIR.`,
    )
  await writeFile(pathFile(work), `${elsewhere}\n`, { mode: 0o600 })
  return elsewhere
}

export async function listenForControl(served: Served): Promise<{ close(): Promise<void> }> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => socket.destroy())
    readLines(socket, (line) => {
      void answer(served, line).then((reply) => {
        if (socket.writable) socket.write(`${JSON.stringify(reply)}\n`)
      })
    })
  })
  try {
    await removeStale(served.work)
    const place = await placeOf(served.work)
    await listen(server, place)
    await chmod(place, 0o600)
  } catch (error) {
    throw fileError(error, socketFile(served.work))
  }
  // Requests of commands are no reason for a process to go on.
  server.unref()
  return {
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      for (const socket of sockets) socket.destroy()
      await closed
      await removeStale(served.work)
    },
  }
}
