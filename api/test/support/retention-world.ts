import { dirname, join } from 'node:path'
import { sampleRules } from '@muniment/archive/access/sample-rules'
import { openFileSigner } from '@muniment/archive/audit/keys/file-signer'
import { fileKeySecrets } from '@muniment/archive/destroyed/key-secrets'
import { openRegister } from '@muniment/archive/holds/register'
import { samplePeople } from '@muniment/archive/identity/sample-people'
import { createLog } from '@muniment/archive/log'
import { fileSealSecrets } from '@muniment/archive/seals/secrets'
import { createTemplateLibrary } from '@muniment/query-templates/library'
import { createRetention } from '@muniment/retention/retention'
import { sampleArchive, TEMPLATES_ROOT } from '../../../cli/test/sample-archive.ts'
import { openGovernance } from '../../src/governance.ts'
import { openWorld } from './world.ts'

const schedulesRoot = join(import.meta.dirname, '../../../retention/schedules')

/** The sample system of 300 policies with the sample people's rules and its schedules, as the embedded setting puts it together. */
export async function openRetentionWorld() {
  const { home, catalog, engine, manifest, close } = await sampleArchive({ policies: 300 })
  const templates = createTemplateLibrary(TEMPLATES_ROOT)
  const clock = () => new Date()
  const log = createLog('api', { level: 'silent' })
  const governance = await openGovernance({ home, clock, process: 'test', log })
  await governance.begin(sampleRules, { by: 'sample', reason: 'Sample.' })
  await openRegister(home.store)
  const retention = createRetention({
    store: home.store,
    engine,
    catalog,
    loadModel: async (application) => (await templates.get(application)).application,
    applications: () => templates.list(),
    audit: governance.audit,
    clock,
    work: join(home.work, 'retention'),
    sealSecrets: fileSealSecrets(home.path),
    keySecrets: fileKeySecrets(home.path),
    signer: () => openFileSigner(join(home.path, 'secrets', 'audit')),
    publicKeys: governance.publicKeys,
  })
  await retention.begin(schedulesRoot, { by: 'sample', reason: 'Sample.' })
  const world = await openWorld({
    engine,
    catalog,
    templates,
    retention,
    folder: dirname(home.path),
    access: governance.access,
    audit: governance.audit,
    identity: {
      authenticate: async (request) => samplePeople.find(({ id }) => id === request.headers.get('x-person')),
    },
    clock,
    limits: { requestsPerMinute: 100_000 },
  })
  return {
    ...world,
    retention,
    manifest,
    catalog,
    /** As a sample person. */
    async as(person: string, method: string, path: string, body?: unknown) {
      const response = await world.ask(method, path, body, { 'x-person': person })
      const text = await response.text()
      return { status: response.status, text, json: text === '' ? undefined : JSON.parse(text) }
    },
    async close() {
      await world.settled()
      await governance.close()
      await close()
    },
  }
}

export type RetentionWorld = Awaited<ReturnType<typeof openRetentionWorld>>

export const RECORDS = 'henrik.lund'
export const APPROVER = 'sofia.marin'
export const OTHER_APPROVER = 'david.stern'
export const AUDITOR = 'noor.aziz'
/** Those who neither plan, hold, approve nor audit. */
export const WITHOUT_DUTY = [
  'lena.hart',
  'tomas.reyes',
  'ingrid.solberg',
  'paul.okafor',
  'mira.kovacs',
  'emil.brandt',
  'kim.nguyen',
]
