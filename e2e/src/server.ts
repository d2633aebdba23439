import { type ChildProcess, spawn } from 'node:child_process'
import { cp, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const checkout = fileURLToPath(new URL('../../', import.meta.url))
const startLimitMs = 240_000
const stopLimitMs = 15_000

export interface Server {
  url: string
  pid: number
  home: string
  /** A copy of the templates that only this server reads. */
  templates: string
  /** What it has printed so far. */
  output(): string
  /** Ends the process as a power cut would. */
  kill(): Promise<void>
  /** Ends the process and removes its folder. */
  stop(): Promise<void>
}

interface ServerOptions {
  /** The records of another server's data folder; without it the sample is generated and loaded. */
  recordsOf?: string
}

/** `muniment start` in a folder of its own, on a free port. Resolves when it says that it is ready. */
export async function startServer({ recordsOf }: ServerOptions = {}): Promise<Server> {
  const folder = await mkdtemp(join(tmpdir(), 'muniment-e2e-'))
  const home = join(folder, 'home')
  const templates = join(folder, 'query-templates')
  await cp(join(checkout, 'query-templates', 'pas'), join(templates, 'pas'), { recursive: true })
  if (recordsOf) {
    await mkdir(home)
    for (const part of ['archive', 'loads', 'catalog', 'quarantine']) {
      await cp(join(recordsOf, part), join(home, part), { recursive: true })
    }
  }
  const child = spawn(
    process.execPath,
    ['bin/muniment.mjs', 'start', '--port', '0', ...(recordsOf ? [] : ['--sample', '1000'])],
    {
      cwd: checkout,
      env: { ...process.env, MUNIMENT_HOME: home, MUNIMENT_TEMPLATES: templates, PORT: '' },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  const printed = collect(child)
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill(signal)
    const insist = setTimeout(() => child.kill('SIGKILL'), stopLimitMs)
    await ended
    clearTimeout(insist)
  }
  try {
    const url = await printed.match(/ready: (http:\S+)/, startLimitMs)
    return {
      url,
      pid: child.pid ?? 0,
      home,
      templates,
      output: printed.text,
      kill: () => end('SIGKILL'),
      async stop() {
        await end('SIGTERM')
        await rm(folder, { recursive: true, force: true })
      },
    }
  } catch (error) {
    await end('SIGKILL')
    await rm(folder, { recursive: true, force: true })
    throw error
  }
}

function collect(child: ChildProcess) {
  let text = ''
  const listeners = new Set<() => void>()
  const add = (chunk: Buffer) => {
    text += chunk.toString('utf8')
    for (const listener of listeners) listener()
  }
  child.stdout?.on('data', add)
  child.stderr?.on('data', add)
  return {
    text: () => text,
    match: (pattern: RegExp, limitMs: number) =>
      new Promise<string>((resolve, reject) => {
        const fail = (why: string) => reject(new Error(`The server ${why}. It printed:\n${text.slice(-4_000)}`))
        const timer = setTimeout(() => fail('did not get ready in time'), limitMs)
        const look = () => {
          const found = pattern.exec(text)?.[1]
          if (found === undefined) return
          clearTimeout(timer)
          resolve(found)
        }
        listeners.add(look)
        child.once('exit', (code) => {
          clearTimeout(timer)
          fail(`ended with ${code}`)
        })
      }),
  }
}

/** The processes that a server has started: its engine's. */
export async function childrenOf(pid: number): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number)
  const parents = await Promise.all(
    pids.map(async (one) => {
      const stat = await readFile(`/proc/${one}/stat`, 'utf8').catch(() => '')
      // The name in brackets may hold blanks; what follows the last bracket does not.
      return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
    }),
  )
  return pids.filter((_, at) => parents[at] === pid)
}
