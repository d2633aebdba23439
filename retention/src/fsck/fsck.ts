import { randomInt } from 'node:crypto'
import { keysBelow } from '@muniment/archive/audit/keys-below'
import { type VerifyOptions, verify } from '@muniment/archive/audit/verify/verify'
import { slotKey } from '@muniment/archive/layout'
import { readRewrites } from '@muniment/archive/rewrites/rewrites'
import type { Seal } from '@muniment/archive/seals/seal'
import type { ObjectStore } from '@muniment/archive/store/port'
import type { RetentionDeps } from '../deps.ts'
import { checkHolds } from './check-holds.ts'
import { checkLoads } from './check-loads.ts'
import { checkHashes, checkObjects, type LiveObject } from './check-objects.ts'
import { checkPapers } from './check-papers.ts'
import { checkRowNumbers, checkRows } from './check-rows.ts'
import { checkRuns } from './check-runs.ts'
import { isKnownKey } from './known-keys.ts'
import { createReport, type Findings, type FsckReport } from './report.ts'

export type { FsckReport, OpenRun, Problem } from './report.ts'

export interface FsckOptions {
  /** Absent: all that there are. */
  application?: string
  /** Reads every byte of every object of records, and the number of every row. */
  deep?: boolean
  /** So many objects of records, drawn anew each time, are looked at as by `deep`. */
  sample?: number
  /** By which the log and the signatures of certificates are checked; without it that is told as unchecked. */
  log?: Omit<VerifyOptions, 'store'>
  /** What else checks something of its own: gives sentences by key. */
  more?: (() => Promise<{ key: string; what: string }[]>)[]
}

/**
 * Walks the whole archive and says what does not fit together, and who must act. Writes nothing and repairs nothing. Throws only where the
 * store cannot be listed.
 */
export async function fsck(
  deps: Pick<RetentionDeps, 'store' | 'catalog' | 'engine' | 'clock'>,
  options: FsckOptions = {},
): Promise<FsckReport> {
  const { store } = deps
  const findings = createReport()
  const { report } = findings
  await checkKeys(store, findings)
  const destroyed = await checkRuns(
    { store, application: options.application, publicKeys: options.log?.publicKeys },
    findings,
  )
  const live: { application: string; seals: Map<string, Seal>; each: LiveObject }[] = []
  for (const application of await applicationsOf(store, options.application)) {
    report.counts.applications++
    const { commits, seals } = await checkLoads(store, application, findings)
    await findings.guarded('objects', `archive/${application}/`, async () => {
      const rewrites = await readRewrites(store, application)
      const catalog = await deps.catalog.read(application)
      const busy = (await store.head(slotKey(application))) !== undefined
      const found = await checkObjects({ application, store, commits, rewrites, catalog, busy }, findings)
      const ofApplication = destroyed.filter(({ object }) => object.startsWith(`archive/${application}/`))
      await checkRows({ store, engine: deps.engine, application, seals, destroyed: ofApplication }, found, findings)
      live.push(...found.map((each) => ({ application, seals, each })))
    })
    await checkOlderVersions(store, application, destroyed, findings)
  }
  await findings.guarded('holds', 'holds/', () => checkHolds(store, findings))
  await findings.guarded('papers', '', () => checkPapers(store, report.counts.holds + report.counts.runs > 0, findings))
  for (const each of options.more ?? [])
    await findings.guarded('papers', '', async () => {
      for (const { key, what } of await each()) findings.problem('papers', key, what)
    })
  await checkLog(store, options.log, findings)
  for (const { application, seals, each } of drawn(live, options)) {
    await checkHashes(store, [each], findings)
    await checkRowNumbers({ store, engine: deps.engine, application, seals, destroyed }, [each], findings)
  }
  if (!options.deep)
    report.unchecked.push(
      `The bytes of ${report.counts.objects - report.counts.hashed} of ${report.counts.objects} objects of records were not read (--deep).`,
    )
  report.ok = report.problems.length === 0
  return report
}

function drawn<T>(live: readonly T[], { deep, sample = 0 }: FsckOptions): T[] {
  if (deep) return [...live]
  const left = [...live]
  const found: T[] = []
  while (found.length < sample && left.length > 0) found.push(...left.splice(randomInt(left.length), 1))
  return found
}

async function applicationsOf(store: ObjectStore, only: string | undefined): Promise<string[]> {
  if (only !== undefined) return [only]
  const found = new Set<string>()
  for (const folder of ['archive/', 'loads/', 'catalog/', 'retention/rewrites/'])
    for await (const name of store.names(folder)) {
      const [, application] = /^([a-z][a-z0-9_]*)(?:\/|\.json)$/.exec(name) ?? []
      if (application !== undefined && !(folder === 'catalog/' && name === 'footers/')) found.add(application)
    }
  return [...found].sort()
}

async function checkKeys(store: ObjectStore, findings: Findings): Promise<void> {
  for await (const key of keysBelow(store, '')) {
    findings.report.counts.keys++
    if (!isKnownKey(key))
      findings.problem(
        'keys',
        key,
        'Nothing of the archive is called so.',
        'operator',
        'Find out who put it there, and remove it: what it holds is under no schedule.',
      )
  }
}

/** Of an object that is done no older version may be left: it would hold what was destroyed. */
async function checkOlderVersions(
  store: ObjectStore,
  application: string,
  destroyed: readonly { object: string; run: string; done?: object; rows: unknown[] }[],
  findings: Findings,
): Promise<void> {
  if (!store.versions || (await store.versions.state()) === 'never') return
  const done = new Map(
    destroyed.filter((each) => each.done && each.rows.length > 0).map((each) => [each.object, each.run]),
  )
  for await (const { key, latest, deleteMarker } of store.versions.list(`archive/${application}/`)) {
    const run = done.get(key)
    if (run !== undefined && (!latest || deleteMarker))
      findings.problem(
        'objects',
        key,
        `An older version or a delete marker is left of it, though run ${run} says that none is.`,
        'operator',
        `npx muniment retention verify ${run} tells which; remove it by its version id.`,
      )
  }
}

async function checkLog(store: ObjectStore, log: FsckOptions['log'], findings: Findings): Promise<void> {
  if (!log || log.publicKeys.length === 0) {
    findings.report.unchecked.push('The audit log was not checked: no public key was given.')
    return
  }
  await findings.guarded('log', 'audit/', async () => {
    const { wrong, ok, findings: odd } = await verify({ ...log, store })
    if (wrong) findings.problem('log', wrong.file, wrong.message)
    else if (!ok)
      for (const { kind, of, message } of odd) if (kind === 'second-opening') findings.problem('log', of, message)
  })
}
