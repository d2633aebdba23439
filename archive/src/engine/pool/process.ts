import { spawn } from 'node:child_process'
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
  mkdirSync(settings.scratch, { recursive: true })
  const child = spawn(process.execPath, ['--import', tsx(), entry], {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    env: { TZ: 'UTC' },
    cwd: settings.scratch,
  })
  const socket = child.stdio[3] as Socket
  const known = new Map<string, string>()
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

  if (child.pid !== undefined) {
    // Where memory runs out all the same, the system should end an engine and not the server.
    try {
      writeFileSync(`/proc/${child.pid}/oom_score_adj`, '900')
    } catch {}
    try {
      if (options.lowPriority) os.setPriority(child.pid, 10)
    } catch {}
  }

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
