import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { createAuditLog } from '@muniment/archive/audit/create-audit-log'
import { createFileSecrets } from '@muniment/archive/audit/keys/file-secrets'
import { openFileSigner } from '@muniment/archive/audit/keys/file-signer'
import { verifierLine } from '@muniment/archive/audit/keys/note'
import { seal } from '@muniment/archive/audit/seal/seal'
import { verify } from '@muniment/archive/audit/verify/verify'
import { openFileStore } from '@muniment/archive/store/file-store'
import { searchOpening } from './audit-entries.ts'
import { quantile, type Result, result } from './results.ts'
import { checkout } from './setting.ts'
import { timed } from './timing.ts'

const WRITERS = 20
const SECONDS = 5

/** The log on files: many writers at once, then sealing and verifying `entries` of them. */
export async function benchAudit(entries: number): Promise<Result[]> {
  const parent = join(checkout, '.work', 'bench')
  await mkdir(parent, { recursive: true })
  const folder = await mkdtemp(join(parent, 'audit-'))
  try {
    return [
      ...(await benchWriters(join(folder, 'writers'), 0)),
      ...(await benchSealing(join(folder, 'sealing'), entries)),
    ]
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function benchWriters(folder: string, pause: number): Promise<Result[]> {
  const script = join(checkout, 'bench', 'src', 'audit-writer.ts')
  await createFileSecrets(join(folder, 'secrets')).key(new Date().toISOString().slice(0, 10))
  const args = ['--import', 'tsx', script, join(folder, 'log'), join(folder, 'secrets'), String(SECONDS), String(pause)]
  const waits = await Promise.all(
    Array.from({ length: WRITERS }, async () => {
      const child = spawn(process.execPath, args, { cwd: checkout, stdio: ['ignore', 'pipe', 'inherit'] })
      let out = ''
      for await (const chunk of child.stdout) out += String(chunk)
      return JSON.parse(out) as number[]
    }),
  )
  const all = waits.flat()
  // The slowest writer's, times their number: none lives off another's waiting.
  const least = Math.min(...waits.map(({ length }) => length))
  return [
    atLeast('audit: entries a second, 20 processes writing at once', all.length / SECONDS, '/s', 200),
    result('audit: the slowest of 20 writers to the average one', least / (all.length / WRITERS), 'x'),
    result('audit: wait for an entry with 20 writers, median', quantile(all, 0.5), 'ms'),
    result('audit: wait for an entry with 20 writers, p99', quantile(all, 0.99), 'ms'),
  ]
}

/** In objects of about 100 entries: one an object would be the same work with more opening and closing of files. */
async function benchSealing(folder: string, entries: number): Promise<Result[]> {
  const store = openFileStore(join(folder, 'log'))
  const clock = () => new Date()
  const secrets = createFileSecrets(join(folder, 'secrets'))
  const log = createAuditLog({ store, secrets, clock, process: 'bench' })
  for (let number = 0; number < entries / 2; number += 50)
    await Promise.all(
      Array.from({ length: 50 }, (_, place) => log.note(searchOpening(number + place), { outcome: 'done', rows: 10 })),
    )
  await log.end()
  const signer = await openFileSigner(join(folder, 'secrets'))
  const streamKey = await secrets.streamKey(async () => [])
  const sealing = await weighed(() => seal({ store, signer, clock, streamKey }))
  const verifying = await weighed(() => verify({ store, publicKeys: [verifierLine(signer)], streamKey }))
  if (!verifying.value.ok) throw new Error(verifying.value.checked.join(' '))
  const named = `${entries.toLocaleString('en')} entries`
  return [
    result(`audit: sealing ${named}`, sealing.seconds, 's', 300),
    result(`audit: CPU for sealing ${named}`, sealing.cpu, 's'),
    result(`audit: memory of the process while sealing ${named}`, sealing.memory / 1024 ** 2, 'MiB'),
    result(`audit: verifying ${named}`, verifying.seconds, 's', 300),
    result(`audit: CPU for verifying ${named}`, verifying.cpu, 's'),
    result(`audit: memory of the process while verifying ${named}`, verifying.memory / 1024 ** 2, 'MiB'),
  ]
}

/** `cpu`: seconds, of user and system; `memory`: the most that the process had meanwhile, bytes. */
async function weighed<T>(act: () => Promise<T>) {
  const before = process.cpuUsage()
  const peak = watchHeap()
  const done = await timed(act)
  const { user, system } = process.cpuUsage(before)
  return { ...done, cpu: (user + system) / 1e6, memory: peak() }
}

function watchHeap(): () => number {
  let peak = process.memoryUsage.rss()
  const timer = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss())
  }, 100)
  return () => {
    clearInterval(timer)
    return peak
  }
}

const atLeast = (name: string, value: number, unit: string, aim: number): Result => ({
  ...result(name, value, unit),
  aim: `at least ${aim}`,
  met: value >= aim,
})
