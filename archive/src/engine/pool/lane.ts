import { residentMemory } from '../machine.ts'
import { FairQueue } from './fair-queue.ts'
import type { ApplicationSetup, Failure, Job, Outcome, WorkerSettings } from './messages.ts'
import { type EngineProcess, startProcess } from './process.ts'
import * as sentences from './sentences.ts'

export interface Task {
  person: string
  job: Job
  /** Milliseconds from the moment it runs. */
  timeLimit: number
  setup(): ApplicationSetup
  started(): void
  progress(fraction: number): void
  rows(body: Buffer): Promise<void> | void
  done(outcome: Outcome, body: Buffer | undefined): Promise<void> | void
  failed(failure: Failure | 'cancelled', bytesScanned: number): void
}

export interface LaneOptions {
  processes: number
  /** Started at once, or with the first task. */
  eager: boolean
  lowPriority: boolean
  grace: number
  /** Bytes a process may hold in all, beyond which it is killed. */
  resident: number
  settings(): WorkerSettings
}

interface Slot {
  process: EngineProcess
  ready: boolean
  task?: Task
  /** Why the running task is being stopped. */
  reason?: Failure | 'cancelled'
  timers: NodeJS.Timeout[]
  startup: NodeJS.Timeout
}

const startupLimit = 30_000
const startupAttempts = 3

/** Processes with one queue in front: each answers one statement at a time and is replaced when it dies. */
export class Lane {
  readonly #options: LaneOptions
  readonly #queue = new FairQueue<Task>()
  readonly #slots = new Set<Slot>()
  /** What a new or idle process should know before it is asked. */
  readonly #warm = new Map<string, ApplicationSetup>()
  #stillborn = 0
  #closed = false

  constructor(options: LaneOptions) {
    this.#options = options
    if (options.eager) this.#fill()
  }

  get queued() {
    return this.#queue.size
  }

  get pids() {
    return [...this.#slots].map((slot) => slot.process.pid)
  }

  push(task: Task) {
    this.#queue.push(task.person, task)
    this.#fill()
    this.#dispatch()
  }

  /** Lets idle processes prepare for an application before somebody waits for it. */
  warm(setup: ApplicationSetup) {
    this.#warm.set(setup.name, setup)
    for (const slot of this.#slots) if (slot.ready && !slot.task) slot.process.setUp(setup)
  }

  stop(task: Task, reason: Failure | 'cancelled') {
    if (this.#queue.remove(task)) return task.failed(reason, 0)
    for (const slot of this.#slots) if (slot.task === task) this.#interrupt(slot, reason)
  }

  close() {
    this.#closed = true
    for (let task = this.#queue.shift(); task; task = this.#queue.shift()) task.failed('cancelled', 0)
    for (const slot of this.#slots) {
      slot.reason ??= 'cancelled'
      slot.process.kill()
    }
  }

  #fill() {
    if (this.#closed) return
    const wanted = this.#options.eager
      ? this.#options.processes
      : Math.min(this.#options.processes, this.#slots.size + (this.#queue.size > 0 ? 1 : 0))
    while (this.#slots.size < wanted) this.#start()
  }

  #start() {
    const process = startProcess(
      this.#options.settings(),
      {
        ready: () => {
          clearTimeout(slot.startup)
          slot.ready = true
          this.#stillborn = 0
          for (const setup of this.#warm.values()) process.setUp(setup)
          this.#dispatch()
        },
        message: (message, body) => {
          const task = slot.task
          if (!task || message.type === 'ready' || message.id !== task.job.id) return
          switch (message.type) {
            case 'progress':
              return task.progress(message.progress)
            case 'rows':
              return body && !slot.reason ? task.rows(body) : undefined
            case 'done':
              this.#release(slot)
              return task.done(message.outcome, body)
            case 'failed': {
              const failure = slot.reason ?? message.failure
              this.#release(slot, message.spent)
              return task.failed(failure, message.bytesScanned)
            }
          }
        },
        exit: (end) => {
          clearTimeout(slot.startup)
          this.#slots.delete(slot)
          const task = slot.task
          if (task) {
            const failure = slot.reason ?? (end.signal === 'SIGABRT' ? sentences.outOfMemory() : sentences.crashed(end))
            this.#settle(slot)
            task.failed(failure, 0)
          }
          if (!slot.ready && !this.#closed) this.#failedToStart(end)
          else if (this.#options.eager || this.#queue.size > 0) this.#fill()
        },
      },
      { lowPriority: this.#options.lowPriority },
    )
    const slot: Slot = {
      process,
      ready: false,
      timers: [],
      startup: setTimeout(() => process.kill(), startupLimit),
    }
    this.#slots.add(slot)
  }

  #failedToStart(end: { code: number | null; signal: string | null; text: string }) {
    this.#stillborn++
    if (this.#stillborn < startupAttempts) return this.#fill()
    for (let task = this.#queue.shift(); task; task = this.#queue.shift()) task.failed(sentences.cannotStart(end), 0)
    // The next task tries again; until then nothing spins.
    this.#stillborn = 0
  }

  #dispatch() {
    for (;;) {
      if (this.#queue.size === 0) return
      const slot = [...this.#slots].find((candidate) => candidate.ready && !candidate.task)
      if (!slot) return
      const task = this.#queue.shift()
      if (task) this.#run(slot, task)
    }
  }

  #run(slot: Slot, task: Task) {
    slot.task = task
    task.started()
    slot.process.run(task.job, task.setup())
    slot.timers.push(
      setTimeout(() => this.#interrupt(slot, sentences.tooLong(task.timeLimit)), task.timeLimit),
      setInterval(() => this.#watch(slot), 200),
    )
  }

  #watch(slot: Slot) {
    const pid = slot.process.pid
    const resident = pid === undefined ? undefined : residentMemory(pid)
    if (resident === undefined || resident <= this.#options.resident || slot.reason) return
    slot.reason = sentences.outOfMemory()
    slot.process.kill()
  }

  #interrupt(slot: Slot, reason: Failure | 'cancelled') {
    if (slot.reason || !slot.task) return
    slot.reason = reason
    slot.process.interrupt(slot.task.job.id)
    // Inside one huge expression an interrupt is not looked at for seconds.
    slot.timers.push(setTimeout(() => slot.process.kill(), this.#options.grace))
  }

  #settle(slot: Slot) {
    for (const timer of slot.timers) clearTimeout(timer)
    slot.timers = []
    delete slot.task
    delete slot.reason
  }

  #release(slot: Slot, spent = false) {
    this.#settle(slot)
    if (spent) {
      slot.ready = true
      this.#slots.delete(slot)
      slot.process.kill()
      this.#fill()
    }
    queueMicrotask(() => this.#dispatch())
  }
}
