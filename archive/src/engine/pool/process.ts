import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Socket } from 'node:net'
import os from 'node:os'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { onFrames, sendFrame } from './frames.ts'
import type { ApplicationSetup, FromWorker, Job, ToWorker, WorkerSettings } from './messages.ts'

const entry = fileURLToPath(new URL('../worker/main.ts', import.meta.url))
const tsx = () => pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href

export interface ProcessEvents {
  ready(): void
  message(message: FromWorker, body: Buffer | undefined): Promise<void> | void
  /** Once, however it ended. `text`: the end of what it said on its error output. */
  exit(reason: { signal: string | null; code: number | null; text: string }): void
}

export interface EngineProcess {
  readonly pid: number | undefined
  run(job: Job, setup: ApplicationSetup): void
  setUp(setup: ApplicationSetup): void
  interrupt(id: string): void
  kill(): void
}

/** Starts one engine process. It sees no environment but the time zone, so there is nothing in it to leak. */
export function startProcess(
  settings: WorkerSettings,
  events: ProcessEvents,
  options: { lowPriority: boolean },
): EngineProcess {
  let child: ChildProcess
  try {
    mkdirSync(settings.scratch, { recursive: true })
    child = spawn(process.execPath, ['--import', tsx(), entry], {
      stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
      env: { TZ: 'UTC' },
      cwd: settings.scratch,
    })
  } catch (error) {
    // No folder, no process left to have: told as its end, since whoever asked is not the one who waits.
    const text = error instanceof Error ? error.message : String(error)
    setImmediate(() => events.exit({ signal: null, code: null, text }))
    return stillborn
  }
  const socket = child.stdio[3] as Socket
  watch(child, socket, settings, events)
  if (child.pid !== undefined) tame(child.pid, options.lowPriority)

  const known = new Map<string, string>()
  const send = (message: ToWorker) => void sendFrame(socket, message)
  send({ type: 'settings', settings })
  const setUp = (setup: ApplicationSetup) => {
    if (known.get(setup.name) === setup.version) return
    known.set(setup.name, setup.version)
    send({ type: 'setup', setup })
  }
  return {
    pid: child.pid,
    setUp,
    run(job, setup) {
      setUp(setup)
      send({ type: 'job', job })
    },
    interrupt: (id) => send({ type: 'interrupt', id }),
    kill: () => void child.kill('SIGKILL'),
  }
}

const stillborn: EngineProcess = {
  pid: undefined,
  setUp: () => undefined,
  run: () => undefined,
  interrupt: () => undefined,
  kill: () => undefined,
}

function watch(child: ChildProcess, socket: Socket, settings: WorkerSettings, events: ProcessEvents) {
  let text = ''
  let ended = false
  const end = (reason: { signal: string | null; code: number | null }) => {
    if (ended) return
    ended = true
    socket.destroy()
    rmSync(settings.scratch, { recursive: true, force: true })
    events.exit({ ...reason, text: text.trim() })
  }
  child.stderr?.on('data', (chunk: Buffer) => {
    text = (text + chunk.toString()).slice(-2000)
  })
  child.on('error', (error) => {
    text += error.message
    end({ signal: null, code: null })
  })
  child.on('exit', (code, signal) => end({ code, signal }))
  socket.on('error', () => child.kill('SIGKILL'))
  onFrames<FromWorker>(socket, (message, body) =>
    message.type === 'ready' ? events.ready() : events.message(message, body),
  )
}

/** Both only where the system lets us: it then goes on without. */
function tame(pid: number, lowPriority: boolean) {
  try {
    // Where memory runs out all the same, the system should end an engine and not the server.
    writeFileSync(`/proc/${pid}/oom_score_adj`, '900')
  } catch {}
  try {
    if (lowPriority) os.setPriority(pid, 10)
  } catch {}
}
