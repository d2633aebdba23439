import { bytesRead } from '../machine.ts'
import type { FromWorker, Job, ToWorker, WorkerSettings } from '../pool/messages.ts'
import { ApplicationDatabase } from './application-database.ts'
import { asFailure, doubted, isSpent } from './failures.ts'
import { prepare, runRows, tellReading } from './run.ts'
import { unload } from './unload.ts'

export type Send = (message: FromWorker, body?: Buffer) => Promise<void>

/** One job after the other, in the order they came; setups in between, interrupts at once. */
export function createWorker(settings: WorkerSettings, send: Send) {
  const databases = new Map<string, ApplicationDatabase>()
  let line: Promise<void> = Promise.resolve()
  let running: { id: string; database?: ApplicationDatabase; interrupted: boolean } | undefined

  async function database(name: string): Promise<ApplicationDatabase> {
    const found = databases.get(name)
    if (!found) throw new Error(`The application ${name} was not set up.`)
    await found.open()
    return found
  }

  async function answer(job: Job) {
    const current: { id: string; database?: ApplicationDatabase; interrupted: boolean } = {
      id: job.id,
      interrupted: false,
    }
    running = current
    const before = bytesRead()
    let moment: number | undefined
    const scanned = () => {
      const after = bytesRead()
      // What is prepared meanwhile would count as the statement's.
      if (current.database && moment !== current.database.restricted.prepared.moment) return undefined
      return before === undefined || after === undefined ? undefined : after - before
    }
    try {
      const opened = await database(job.application)
      current.database = opened
      moment = opened.restricted.prepared.moment
      if (current.interrupted) throw new Error('INTERRUPT Error: Interrupted!')
      const report = { send, scanned }
      if (job.work.kind === 'rows') await runRows(opened, { ...job, work: job.work }, report)
      else if (job.work.kind === 'unload') await unload(opened, { ...job, work: job.work }, report)
      else if (job.work.kind === 'reading') await tellReading(opened, job, report)
      else await prepare(opened, job, report)
    } catch (error) {
      const spent = isSpent(error)
      await send({
        type: 'failed',
        id: job.id,
        failure: job.restrictions && !job.careful ? doubted(error) : asFailure(error),
        bytesScanned: scanned() ?? 0,
        ...(spent ? { spent } : {}),
      })
    } finally {
      running = undefined
    }
  }

  return {
    receive(message: Exclude<ToWorker, { type: 'settings' }>) {
      switch (message.type) {
        case 'setup':
          line = line.then(async () => {
            const known = databases.get(message.setup.name)
            if (known) known.replace(message.setup)
            else databases.set(message.setup.name, new ApplicationDatabase(message.setup, settings))
            // Whatever is wrong is told to the search that meets it.
            await databases
              .get(message.setup.name)
              ?.open()
              .catch(() => undefined)
          })
          return
        case 'job':
          line = line.then(() => answer(message.job))
          return
        case 'interrupt':
          if (running?.id !== message.id) return
          running.interrupted = true
          running.database?.interrupt()
      }
    },
  }
}
