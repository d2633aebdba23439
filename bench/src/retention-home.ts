import { cp, mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { openGovernance } from '@muniment/api/governance'
import { sampleRules } from '@muniment/archive/access/sample-rules'
import { openFileSigner } from '@muniment/archive/audit/keys/file-signer'
import { createLocalCatalog } from '@muniment/archive/catalog/local-catalog'
import { fileKeySecrets } from '@muniment/archive/destroyed/key-secrets'
import { createDuckdbEngine } from '@muniment/archive/engine/duckdb-engine'
import type { QueryEngine } from '@muniment/archive/engine/port'
import { openRegister } from '@muniment/archive/holds/register'
import { openHome } from '@muniment/archive/home'
import { samplePeople } from '@muniment/archive/identity/sample-people'
import { createLog } from '@muniment/archive/log'
import { loadApplication } from '@muniment/archive/model/load'
import { fileSealSecrets } from '@muniment/archive/seals/secrets'
import { createRetention } from '@muniment/retention/retention'
import { checkout, type Setting } from './setting.ts'

/** What of a data folder a run needs; searches and their results are no part of what is measured. */
const NEEDED = ['archive', 'loads', 'catalog', 'quarantine', 'secrets']

/** A copy of the archive, so that nothing is ever destroyed in the one that the other parts measure. */
export async function copyOfHome({ home }: Setting): Promise<string> {
  const copy = join(await mkdtemp(`${home}-retention-`), 'home')
  await mkdir(copy)
  for (const name of await readdir(home))
    if (NEEDED.includes(name)) await cp(join(home, name), join(copy, name), { recursive: true })
  return copy
}

export async function bytesBelow(folder: string): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => [])
  const sizes = await Promise.all(
    entries.filter((entry) => entry.isFile()).map((entry) => stat(join(entry.parentPath, entry.name))),
  )
  return sizes.reduce((sum, { size }) => sum + size, 0)
}

export const personOf = (id: string) => {
  const person = samplePeople.find((one) => one.id === id)
  if (!person) throw new Error(`there is no sample person ${id}`)
  return { id, groups: person.groups }
}

/** What the engine was asked, all in all. */
export interface Asked {
  milliseconds: number
  bytes: number
}

/** Notes what the statements cost that an engine carries out. */
function noted(engine: QueryEngine, asked: Asked): QueryEngine {
  const ended = new Set<string>()
  return new Proxy(engine, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name)
      if (typeof member !== 'function') return member
      if (name !== 'wait') return member.bind(target)
      return async (id: string, most: number) => {
        const execution = await target.wait(id, most)
        if (execution.state !== 'QUEUED' && execution.state !== 'RUNNING' && !ended.has(id)) {
          ended.add(id)
          asked.milliseconds += execution.statistics.engineMs
          asked.bytes += execution.statistics.bytesScanned
        }
        return execution
      }
    },
  })
}

/** Retention over a data folder as the command line puts it together, with the sample's rules and schedules in force. */
export async function openRetention(path: string, templatesRoot: string) {
  const home = await openHome(path, { mode: 'auto' })
  const catalog = createLocalCatalog({ store: home.store, home, templatesRoot })
  const loadModel = (application: string) => loadApplication(templatesRoot, application)
  const engine = await createDuckdbEngine({ home, catalog, loadModel })
  const clock = () => new Date()
  const governance = await openGovernance({
    ...{ home, clock, process: 'bench' },
    log: createLog('bench', { level: 'silent' }),
  })
  await governance.begin(sampleRules, { by: 'sample', reason: 'Bench' })
  await openRegister(home.store)
  const asked: Asked = { milliseconds: 0, bytes: 0 }
  const retention = createRetention({
    store: home.store,
    engine: noted(engine, asked),
    catalog,
    loadModel,
    applications: async () => ['pas'],
    audit: governance.audit,
    clock,
    work: join(home.work, 'retention-bench'),
    sealSecrets: fileSealSecrets(home.path),
    keySecrets: fileKeySecrets(home.path),
    signer: () => openFileSigner(join(home.path, 'secrets', 'audit')),
    publicKeys: () => governance.publicKeys(),
  })
  await retention.begin(join(checkout, 'retention', 'schedules'), { by: 'sample', reason: 'Bench' })
  return {
    store: home.store,
    retention,
    asked,
    async close() {
      await engine.close()
      await governance.close()
      await home.close()
    },
  }
}
export type OpenRetention = Awaited<ReturnType<typeof openRetention>>

export const removeCopy = (copy: string) => rm(join(copy, '..'), { recursive: true, force: true })
