import { createHash } from 'node:crypto'
import { readChain } from '@muniment/archive/access/versions'
import { keysBelow } from '@muniment/archive/audit/keys-below'
import { readStatement } from '@muniment/archive/statements/read-statements'
import type { ObjectStore } from '@muniment/archive/store/port'
import { readSchedulesChain } from '../schedule/versions.ts'
import type { Findings } from './report.ts'

/** Prefixes whose objects nothing else names the hash of: that they are JSON is all that can be told. */
const JSON_ONLY = ['searches', 'requests', 'retention/proposals', 'retention/runs', 'catalog']

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString())
  } catch {
    return undefined
  }
}

/** Statements, access rules, templates, and whatever else is JSON. `governed`: people have acted, so that there were access rules. */
export async function checkPapers(store: ObjectStore, governed: boolean, findings: Findings): Promise<void> {
  for await (const key of keysBelow(store, 'statements/'))
    await findings.guarded('papers', key, () => checkStatement(store, key, findings))
  await findings.guarded('papers', 'access/rules/', async () => {
    const versions = await readChain(store)
    if (governed && versions.length === 0)
      findings.problem('papers', 'access/rules/', 'There are no access rules, and people have acted by some.')
  })
  await checkSchedules(store, findings)
  for await (const key of keysBelow(store, 'templates/'))
    await findings.guarded('papers', key, () => checkTemplate(store, key, findings))
  for (const prefix of JSON_ONLY)
    for await (const key of keysBelow(store, `${prefix}/`))
      if (key.endsWith('.json')) {
        const object = await store.get(key)
        if (object && parseJson(object.body) === undefined) findings.problem('papers', key, 'This cannot be read.')
      }
}

/** Each is named by what it says, and each second signature names the bytes that it is of. */
async function checkStatement(store: ObjectStore, key: string, findings: Findings): Promise<void> {
  const [, application = '', id = ''] = /^statements\/([^/]+)\/(?:approvals\/)?([^/]+)\.json$/.exec(key) ?? []
  if (!(await readStatement(store, application, id)))
    findings.problem('papers', key, 'Of this statement there is the approval alone.')
}

/** Each domain's versions, held against one another and against the access rules by which they were signed. */
async function checkSchedules(store: ObjectStore, findings: Findings): Promise<void> {
  const domains = new Set<string>()
  for await (const key of keysBelow(store, 'retention/schedules/')) domains.add(key.split('/').slice(2, 4).join('/'))
  for (const each of domains) {
    const [application = '', domain = ''] = each.split('/')
    await findings.guarded('papers', `retention/schedules/${each}/`, async () => {
      await readSchedulesChain(store, application, domain)
    })
  }
}

async function checkTemplate(store: ObjectStore, key: string, findings: Findings): Promise<void> {
  const object = await store.get(key)
  if (!object) return
  const [, version] = /\/versions\/([0-9a-f]+)\.json$/.exec(key) ?? []
  if (version !== undefined && createHash('sha256').update(object.body).digest('hex') !== version)
    findings.problem(
      'papers',
      key,
      'These are not the templates that were published under this name.',
      'archivist',
      'Publish the templates again.',
    )
  if (version === undefined && parseJson(object.body) === undefined)
    findings.problem('papers', key, 'This cannot be read.')
}
