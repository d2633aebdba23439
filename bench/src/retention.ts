import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { text as readText } from 'node:stream/consumers'
import { objectDoneKey } from '@muniment/archive/layout'
import type { ObjectDone } from '@muniment/retention/run/types'
import { processorOfChildren, watchMemory } from './processes.ts'
import { type Result, result } from './results.ts'
import { bytesBelow, copyOfHome, type OpenRetention, openRetention, personOf, removeCopy } from './retention-home.ts'
import { printOnPaper } from './retention-paper.ts'
import { compareRewriting, noRewriting, type Rewriting } from './retention-rewrites.ts'
import { checkout, muniment, prepareSetting, type Setting, serve } from './setting.ts'
import { timed } from './timing.ts'

/** Children before their parents: a policy goes only when its claims have. */
const DOMAINS = ['claims', 'receipts', 'policies', 'customers']

/** Policies of the archive that there is already, or of one that is quickly made. */
export const policiesOfRetention = (): number =>
  existsSync(join(checkout, '.work', 'bench', '1000000', 'home', 'catalog')) ? 1_000_000 : 50_000

/** All that is due in the sample, planned and destroyed in a copy of the archive, and what that costs. */
export async function benchRetention(policies: number): Promise<Result[]> {
  const setting = await prepareSetting(policies)
  if (!existsSync(join(setting.home, 'catalog', 'pas.json')))
    await muniment(setting, ['ingest', '--application', 'pas', '--from', setting.delivery])
  const home = await copyOfHome(setting)
  try {
    return await measured({ ...setting, home })
  } finally {
    await removeCopy(home)
  }
}

/** One process at a time has the data folder: what is planned here is carried out by commands after this one has let go of it. */
async function having<T>({ home, templatesRoot }: Setting, act: (open: OpenRetention) => Promise<T>): Promise<T> {
  const open = await openRetention(home, templatesRoot)
  try {
    return await act(open)
  } finally {
    await open.close()
  }
}

async function measured(setting: Setting): Promise<Result[]> {
  const archive = await bytesBelow(join(setting.home, 'archive'))
  const rewriting = noRewriting()
  const sum = {
    ...{ planning: 0, asked: 0, read: 0, execution: 0, cpu: 0, rest: 0 },
    ...{ peak: 0, rows: 0, written: 0, objects: 0, records: 0 },
  }
  for (const domain of DOMAINS) {
    const run = await having(setting, async (open) => {
      const { retention, asked } = open
      const { seconds, value: plan } = await timed(() =>
        retention.plan({ application: 'pas', domain, by: personOf('henrik.lund') }),
      )
      sum.planning += seconds
      sum.asked += asked.milliseconds / 1000
      sum.read += asked.bytes
      const due = Object.values(plan.counts).reduce((all, count) => all + count.due, 0)
      if (due === 0) return undefined
      sum.records += due
      sum.objects += plan.objects.length
      await compareRewriting(setting.home, open, plan, rewriting)
      const { hash } = await retention.planned(plan.run)
      await retention.approve(plan.run, { hash, said: String(due), by: personOf('sofia.marin') })
      return plan.run
    })
    if (run === undefined) continue
    const executed = await command(setting, ['retention', 'execute', run, '--json'])
    sum.execution += executed.seconds
    sum.cpu += executed.cpu
    sum.peak = Math.max(sum.peak, executed.peak)
    const { state, destroyed } = JSON.parse(executed.said) as { state: string; destroyed: number }
    if (state !== 'executed') throw new Error(`the run of ${domain} is ${state}`)
    sum.rows += destroyed
    for (const verb of ['verify', 'certificate']) {
      const { seconds, peak } = await command(setting, ['retention', verb, run, '--json'])
      sum.rest += seconds
      sum.peak = Math.max(sum.peak, peak)
    }
    sum.written += await having(setting, (open) => written(open, run))
  }
  const lost = archive - (await bytesBelow(join(setting.home, 'archive')))
  const notes = await bytesBelow(join(setting.home, 'retention'))
  const { large } = rewriting
  if (rewriting.objects === 0) throw new Error('nothing was rewritten')
  const rated = large.objects > 0 ? large : rewriting
  printOnPaper({
    cpuPerGigabyte: (rated.ours.cpu / rated.bytes) * 1e9,
    planned: sum.read / archive,
    cpuPerRow: (sum.cpu - rewriting.ours.cpu) / sum.rows,
  })
  const size = `${setting.policies.toLocaleString('en')} policies`
  const said = (name: string, value: number, unit: string, most?: number) =>
    result(`retention: ${name}, ${size}`, value, unit, most)
  return [
    ...comparison(rewriting, 'all objects', said),
    ...(large.objects > 0 ? comparison(large, 'objects of a MiB and more', said) : []),
    said('planning of all domains', sum.planning, 's'),
    said('planning against its own SQL in the engine', sum.planning / sum.asked, 'x'),
    said('carrying out all that is due', sum.execution, 's'),
    said('carrying it out, processor time', sum.cpu, 's'),
    said('verifying and certifying it', sum.rest, 's'),
    said('most memory of a command', sum.peak / 1024 ** 2, 'MiB'),
    said('records destroyed', sum.records, 'records'),
    said('rows destroyed', sum.rows, 'rows'),
    said('objects of the runs', sum.objects, 'objects'),
    said('archive before', archive / 1024 ** 2, 'MiB'),
    said('archive after', (archive - lost) / 1024 ** 2, 'MiB'),
    said('bytes of objects written for each that they lost', sum.written / lost, 'x'),
    said('bytes kept beside the records for each', notes / lost, 'x'),
  ]
}

/** 65% of the speed of a COPY is 1.54 times its time. */
const mostTimes = 1.54

function comparison(
  { objects, bytes, ours, copy }: Omit<Rewriting, 'large'>,
  which: string,
  said: (name: string, value: number, unit: string, most?: number) => Result,
): Result[] {
  return [
    said(`rewriting and comparing against a COPY, ${which}: time`, ours.wall / copy.wall, 'x', mostTimes),
    said(`rewriting and comparing against a COPY, ${which}: processor time`, ours.cpu / copy.cpu, 'x', mostTimes),
    said(`rewriting and comparing, ${which}: pace`, bytes / 1024 ** 2 / ours.wall, 'MiB/s'),
    said(`rewritten and compared, ${which}`, objects, 'objects'),
  ]
}

async function written({ store, retention }: OpenRetention, run: string): Promise<number> {
  const { plan } = await retention.planned(run)
  let bytes = 0
  for (const index of plan.objects.keys()) {
    const object = await store.get(objectDoneKey(run, index))
    if (!object) throw new Error('an object of the run is not done')
    bytes += (JSON.parse(object.body.toString()) as ObjectDone).bytes
  }
  return bytes
}

/** A command of its own process, so that its start and memory are part of what is measured. */
async function command(setting: Setting, words: string[]) {
  const before = await processorOfChildren()
  const child = serve(setting, words, 'pipe')
  const memory = watchMemory(child.pid ?? 0)
  const ended = new Promise<number | null>((resolve) => child.on('exit', resolve))
  const { seconds, value } = await timed(async () => {
    if (!child.stdout) throw new Error('nothing of the command can be read')
    const said = await readText(child.stdout)
    return { said, code: await ended }
  })
  const peak = await memory()
  if (value.code !== 0) throw new Error(`muniment ${words.join(' ')} ended with ${value.code}: ${value.said}`)
  const after = await processorOfChildren()
  return { seconds, peak, said: value.said, cpu: after - before }
}
