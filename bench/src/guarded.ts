/** The API put together three times over one archive and one engine: as the product is, the same without row rules, and with nothing that checks, withholds or writes down who asks. */
import { generateKeyPairSync, randomBytes, randomUUID, sign } from 'node:crypto'
import { createApp } from '@muniment/api/app'
import type { AppDeps } from '@muniment/api/deps'
import { openGovernance } from '@muniment/api/governance'
import { createAccess } from '@muniment/archive/access/access'
import { firstRules } from '@muniment/archive/access/proposals'
import { rightsBy } from '@muniment/archive/access/rights'
import { AccessRules } from '@muniment/archive/access/rules'
import { sampleRules } from '@muniment/archive/access/sample-rules'
import type { AuditLog } from '@muniment/archive/audit/port'
import { createLocalCatalog } from '@muniment/archive/catalog/local-catalog'
import { createDuckdbEngine } from '@muniment/archive/engine/duckdb-engine'
import type { QueryEngine } from '@muniment/archive/engine/port'
import { type Home, openHome } from '@muniment/archive/home'
import { oidcIdentity } from '@muniment/archive/identity/oidc-identity'
import type { Identity, Person } from '@muniment/archive/identity/port'
import { createLog } from '@muniment/archive/log'
import { loadApplication } from '@muniment/archive/model/load'
import { Sensitivity } from '@muniment/archive/model/types'
import { createTemplateLibrary } from '@muniment/query-templates/library'
import type { Setting } from './setting.ts'

const issuer = 'http://localhost/bench'
const audience = 'muniment-bench'

/** Somebody whom masks and every row rule are in force for. */
const person: Person = { id: 'bench', name: 'Bench', groups: ['customer-service'] }

export interface Asked {
  /** A whole lookup: the search and the fragment of its first panel; gives the fragment. */
  lookup(policy: string): Promise<string>
}

export interface Ways {
  ruled: Asked
  checked: Asked
  bare: Asked
  close(): Promise<void>
}

export async function openWays(setting: Setting): Promise<Ways> {
  const home = await openHome(setting.home, { mode: 'owner' })
  const { templatesRoot } = setting
  const catalog = createLocalCatalog({ store: home.store, home, templatesRoot })
  const engine = await createDuckdbEngine({ home, catalog, loadModel: (name) => loadApplication(templatesRoot, name) })
  const clock = () => new Date()
  const log = createLog('bench', { level: 'silent' })
  const governance = await openGovernance({ home, clock, process: 'bench', log })
  const working = new Set<Promise<unknown>>()
  const lastWords: (() => Promise<void>)[] = []
  const shared = {
    store: home.store,
    catalog,
    templates: createTemplateLibrary(templatesRoot),
    purposes: [{ code: 'system-test', label: 'System test', description: 'Measuring.' }],
    clock,
    log,
    work: home.work,
    secret: randomBytes(32),
    background: (work: Promise<unknown>) => {
      working.add(work)
      void work.finally(() => working.delete(work))
    },
    atEnd: (write: () => Promise<void>) => void lastWords.push(write),
    limits: { requestsPerMinute: 1_000_000, strangersPerMinute: 1_000_000 },
  } satisfies Partial<AppDeps>

  const { identity, token } = identityWithToken()
  const access = await accessToAll(home, clock)
  return {
    ruled: asking({ ...shared, engine, identity, access, audit: governance.audit }, token),
    checked: asking({ ...shared, engine: withoutRowRules(engine), identity, access, audit: governance.audit }, token),
    bare: asking({
      ...shared,
      engine: unrestricted(engine),
      identity: { authenticate: async () => person },
      access: seesAll(clock),
      audit: inMemory(),
    }),
    async close() {
      while (working.size > 0) await Promise.all(working)
      await Promise.all(lastWords.map((write) => write()))
      await engine.close()
      await governance.close()
      await home.close()
    },
  }
}

function asking(deps: AppDeps, token?: string): Asked {
  const app = createApp(deps)
  const authorization: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` }
  return {
    async lookup(policy) {
      const body = JSON.stringify({
        application: 'pas',
        useCase: 'find-policy',
        inputs: { policy_number: policy },
        purpose: { reason: 'system-test', note: 'bench' },
      })
      const headers = { ...authorization, 'content-type': 'application/json', prefer: 'wait=25' }
      const answer = await app.request('/api/searches', { method: 'POST', headers, body })
      if (answer.status !== 200) throw new Error(`search: ${answer.status} ${await answer.text()}`)
      const found = (await answer.json()) as { id: string; panels: { name: string }[] }
      const fragment = await app.request(`/api/searches/${found.id}/panels/${found.panels[0]?.name}`, {
        headers: authorization,
      })
      if (fragment.status !== 200) throw new Error(`fragment: ${fragment.status} ${await fragment.text()}`)
      return fragment.text()
    },
  }
}

/** The rules in the store, the sample's without their limits, as of each request. */
async function accessToAll({ store }: Home, clock: () => Date) {
  await firstRules(store, { ...sampleRules, limits: {} }, { by: 'bench', reason: 'Measuring', clock })
  return createAccess({ store, clock })
}

/** Rights that withhold nothing, worked out once. */
function seesAll(clock: () => Date): AppDeps['access'] {
  const rules = AccessRules.parse({
    format: 1,
    title: 'Everything',
    contact: 'the bench',
    grants: [
      {
        id: 'all',
        groups: person.groups,
        role: 'case-officer',
        applications: ['*'],
        domains: ['*'],
        sensitivities: Sensitivity.options,
        sees: ['staff', 'fraud-suspicion'],
      },
    ],
  })
  const rights = rightsBy(rules, 1, person, clock())
  return { rightsOf: async () => rights }
}

/** As the archivist's checks ask it. */
const unrestricted = (engine: QueryEngine): QueryEngine => ({
  ...engine,
  start: ({ restrictions: _restrictions, ...statement }, options) => engine.start(statement, options),
})

/** Masks and tables as they are; every row. */
const withoutRowRules = (engine: QueryEngine): QueryEngine => ({
  ...engine,
  start: ({ restrictions, ...statement }, options) =>
    engine.start({ ...statement, ...(restrictions && { restrictions: { ...restrictions, rowRules: [] } }) }, options),
})

const inMemory = (): AuditLog => ({
  open: async ({ id = randomUUID() }) => id,
  close: async () => undefined,
  note: async () => randomUUID(),
})

/** An access token and what verifies it, as the embedded provider makes them. */
function identityWithToken(): { identity: Identity; token: string } {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const now = Math.floor(Date.now() / 1000)
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const text = `${part({ alg: 'ES256', typ: 'at+jwt', kid: 'bench' })}.${part({
    iss: issuer,
    aud: audience,
    sub: person.id,
    name: person.name,
    groups: person.groups,
    iat: now,
    exp: now + 3600,
  })}`
  const signature = sign('sha256', Buffer.from(text), { key: privateKey, dsaEncoding: 'ieee-p1363' })
  const jwks = { keys: [{ ...publicKey.export({ format: 'jwk' }), kty: 'EC', kid: 'bench', alg: 'ES256' }] }
  return { identity: oidcIdentity({ issuer, audience, jwks }), token: `${text}.${signature.toString('base64url')}` }
}
