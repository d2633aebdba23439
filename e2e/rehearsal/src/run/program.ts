import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { EquipmentError } from '../install/errors.ts'

export interface Program {
  readonly pid: number
  /** Asks it to end, after `graceMs` makes it; resolves when it and what it started are gone. */
  stop(): Promise<void>
}

export interface ProgramOptions {
  readonly name: string
  readonly command: string
  readonly args: string[]
  readonly cwd: string
  readonly env: NodeJS.ProcessEnv
  readonly log: string
  /** True as soon as it answers. */
  readonly ready: () => Promise<boolean>
  readonly readyWithinMs: number
  readonly graceMs?: number
}

/** Starts a program in a process group of its own, so that stopping it leaves no grandchild behind. */
export async function startProgram(options: ProgramOptions): Promise<Program> {
  const log = openSync(options.log, 'a')
  const child = spawn(options.command, options.args, {
    cwd: options.cwd,
    env: options.env,
    stdio: ['ignore', log, log],
    detached: true,
  })
  closeSync(log)
  const failed = new Promise<never>((_, reject) => child.on('error', reject))
  const ended = new Promise<void>((resolve) => child.on('exit', () => resolve()))
  const killWithUs = () => signal(child, 'SIGKILL')
  process.on('exit', killWithUs)

  const stop = async () => {
    signal(child, 'SIGTERM')
    await Promise.race([ended, sleep(options.graceMs ?? 10_000, undefined, { ref: false })])
    signal(child, 'SIGKILL')
    await ended
    process.off('exit', killWithUs)
  }

  try {
    await Promise.race([failed, untilReady(options, child)])
  } catch (error) {
    if (child.pid) await stop()
    throw error
  }
  return { pid: child.pid ?? 0, stop }
}

async function untilReady(options: ProgramOptions, child: ChildProcess): Promise<void> {
  const until = Date.now() + options.readyWithinMs
  while (!(await options.ready().catch(() => false))) {
    const over = child.exitCode !== null || child.signalCode !== null
    if (over || Date.now() > until) {
      const end = readFileSync(options.log, 'utf8').slice(-1500)
      throw new EquipmentError(`${options.name} ${over ? 'ended' : 'did not answer'}; its log ${options.log}:\n${end}`)
    }
    await sleep(150)
  }
}

function signal(child: ChildProcess, name: NodeJS.Signals): void {
  if (!child.pid) return
  try {
    process.kill(-child.pid, name)
  } catch {
    // The group is gone already.
  }
}
