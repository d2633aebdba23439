import { createHash } from 'node:crypto'
import { type LoadCommit, readLedger } from '@muniment/archive/catalog/ledger'
import { loadPrefix } from '@muniment/archive/layout'
import { readSeal, type Seal, SealReference } from '@muniment/archive/seals/seal'
import type { ObjectStore } from '@muniment/archive/store/port'
import type { Findings } from './report.ts'

const sha256 = (body: Buffer) => createHash('sha256').update(body).digest('hex')

/** The papers of each load, as far as something else names their hash. Gives the ledger and the seals that hold together. */
export async function checkLoads(
  store: ObjectStore,
  application: string,
  findings: Findings,
): Promise<{ commits: LoadCommit[]; seals: Map<string, Seal> }> {
  const seals = new Map<string, Seal>()
  let commits: LoadCommit[] = []
  await findings.guarded('loads', loadPrefix(application), async () => {
    commits = await readLedger(store, application)
  })
  const known = new Set(commits.map(({ load }) => load))
  for (const commit of commits) {
    const { load } = commit
    findings.report.counts.loads++
    const prefix = loadPrefix(application, load)
    const key = `${prefix}load.json`
    if (!(await store.head(key))) findings.problem('loads', key, `It says that it is load ${load}, and lies elsewhere.`)
    for (const [table, { written }] of Object.entries(commit.tables)) {
      const rows = commit.objects.filter((each) => each.table === table).reduce((sum, each) => sum + each.rows, 0)
      if (rows !== written)
        findings.problem('loads', key, `It wrote ${written} rows of ${table}, and names objects of ${rows}.`)
    }
    const reference = SealReference.safeParse(commit.seal)
    if (!reference.success) {
      if (commit.seal === undefined) findings.report.unchecked.push(`${key}: it was loaded before loads were sealed.`)
      else findings.problem('loads', key, 'What it says of its seal cannot be read.')
      continue
    }
    await findings.guarded('loads', reference.data.key, async () => {
      const seal = await readSeal(store, { application, load, seal: reference.data })
      seals.set(load, seal)
      await checkPapers(store, prefix, seal.description.report, findings)
      const sealed = new Map(seal.objects.map(({ description }) => [description.object, description]))
      for (const object of commit.objects) {
        const description = sealed.get(object.key)
        if (!description) findings.problem('loads', key, `It names ${object.key}, which is not sealed.`)
        else if (description.rows !== object.rows || description.sha256 !== object.sha256)
          findings.problem('loads', key, `Of ${object.key} it says otherwise than the seal.`)
        sealed.delete(object.key)
      }
      for (const object of sealed.keys()) findings.problem('loads', key, `It does not name ${object}, which is sealed.`)
    })
  }
  await checkUncommitted(store, application, known, findings)
  return { commits, seals }
}

async function checkPapers(store: ObjectStore, prefix: string, expected: string, findings: Findings): Promise<void> {
  const report = await store.get(`${prefix}report.json`)
  if (!report) {
    findings.problem('loads', `${prefix}report.json`, 'The report of a load is missing.')
    return
  }
  if (sha256(report.body) !== expected) {
    findings.problem('loads', `${prefix}report.json`, 'This is not the report that was sealed.')
    return
  }
  const { model } = JSON.parse(report.body.toString()) as { model?: { key: string; sha256: string } }
  if (!model) return
  const stored = await store.get(model.key)
  if (!stored || sha256(stored.body) !== model.sha256)
    findings.problem('loads', model.key, 'This is not the model that the report of the load names.')
}

/** A load that has a seal and no commit: interrupted, or its commit was removed. */
async function checkUncommitted(
  store: ObjectStore,
  application: string,
  known: ReadonlySet<string>,
  findings: Findings,
): Promise<void> {
  const slot = await store.get(`${loadPrefix(application)}slot.json`)
  for await (const name of store.names(loadPrefix(application))) {
    const load = name.replace(/\/$/, '')
    if (!name.endsWith('/') || known.has(load) || !(await store.head(`${loadPrefix(application, load)}seal.json`)))
      continue
    if (slot?.body.toString().includes(load))
      findings.report.leftovers.push(`${loadPrefix(application, load)}: a load that is under way.`)
    else
      findings.problem(
        'loads',
        `${loadPrefix(application, load)}load.json`,
        'The load was sealed and its commit is missing: none of its records is seen.',
        'archivist',
        'Load the same delivery again, which finishes an interrupted load; else the operator restores the commit from a copy.',
      )
  }
}
