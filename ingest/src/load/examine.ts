import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { DestroyedKeys } from '@muniment/archive/destroyed/destroyed-keys'
import type { Table } from '@muniment/archive/model/types'
import type { Delivery, DeliveryFile } from '../delivery/delivery.ts'
import type { ProgressCounter } from '../progress.ts'
import { createConstraints } from '../tables/constraints.ts'
import { registerDerivations } from '../tables/derive.ts'
import type { Finding } from '../tables/findings.ts'
import type { RootSession, Session } from '../tables/session.ts'
import { checkFiles, checkTotals, totalsOf } from './claims.ts'
import { checkDestroyed } from './destroyed.ts'
import type { LoadRecord } from './ledger.ts'
import { type Listing, type ListOptions, listAll, type Worked } from './list-all.ts'
import { objectKey, type StagedFile } from './place.ts'
import { share, type Team } from './share.ts'
import type { ReachStage } from './stages.ts'
import { resumedResult, type TableJob, type TableResult, workOnTable } from './table-work.ts'

export interface ExamineOptions extends Omit<ListOptions, 'team'> {
  session: RootSession
  /** Tables worked on at the same time. */
  atOnce: number
  delivery: Delivery
  /** Committed loads before this one. */
  ledger: LoadRecord[]
  load: string
  home: string
  /** What was certified destroyed of the application. */
  destroyed: DestroyedKeys
  acceptWithoutManifest: boolean
  progress: ProgressCounter
  reach: ReachStage
  objectBytes?: number
}

export interface Examined extends Listing {
  results: TableResult[]
  /** Tables whose file an earlier load brought: table to that load. */
  alreadyLoaded: Map<string, string>
}

function pathsOf(home: string, ledger: readonly LoadRecord[], table: string): string[] {
  return (
    ledger
      .flatMap(({ objects }) => objects.filter((object) => object.table === table))
      .map(({ key }) => join(home, key))
      // What was destroyed since is in the ledger and not in the archive.
      .filter((path) => existsSync(path))
  )
}

/** Does everything with a delivery that can be done before anything of it is visible. */
export async function examine(options: ExamineOptions): Promise<Examined> {
  const { session, atOnce } = options
  registerDerivations(session)
  const others = await Promise.all(Array.from({ length: atOnce - 1 }, () => session.another()))
  try {
    return await examineWith(options, { root: session, sessions: [session, ...others] })
  } finally {
    for (const other of others) other.close()
  }
}

async function examineWith(options: ExamineOptions, team: Team): Promise<Examined> {
  const { application, delivery, ledger, staging, reach } = options
  const alreadyLoaded = new Map<string, string>()
  for (const { load, files } of ledger)
    for (const { table, sha256 } of files)
      if (delivery.files.get(table)?.sha256 === sha256) alreadyLoaded.set(table, load)

  const todo = application.tables.flatMap((table) => {
    const file = delivery.files.get(table.name)
    return !file || alreadyLoaded.has(table.name) ? [] : [{ table, file }]
  })
  // The biggest begin, so that none is left alone at the end.
  const bySize = todo.toSorted((a, b) => b.file.bytes - a.file.bytes)
  const done = new Map<string, Worked>()
  await share(team, bySize, async (session, { table, file }) => {
    done.set(table.name, await workOn(options, session, table, file))
  })
  const worked = todo.flatMap(({ table }) => done.get(table.name) ?? [])
  const results = worked.map(({ result }) => result)
  await share(team, worked, (session, one) => checkReferences(options, session, worked, one))
  await share(team, worked, async (session, { job, result }) => {
    result.findings.push(...(await checkDestroyed(session, job, result.files, options.destroyed)))
  })
  await reach('referenced', { paths: [] })

  const delivered = (name: string) => ledger.some(({ tables }) => name in tables)
  const general = checkFiles(application, delivery, delivered).filter(
    ({ kind }) => kind !== 'no-manifest' || !options.acceptWithoutManifest,
  )
  for (const { table, result } of worked) result.findings.push(...checkTotals(table, delivery, result))
  const listing = await listAll({ ...options, team }, worked, general)
  await reach('listed', { paths: [listing.deviations.file] })
  await rm(join(staging, 'decoded'), { recursive: true, force: true })
  return { results, alreadyLoaded, ...listing }
}

async function workOn(options: ExamineOptions, session: Session, table: Table, file: DeliveryFile): Promise<Worked> {
  const { application, delivery, load, staging, progress, reach, home, objectBytes } = options
  const job: TableJob = {
    session,
    table,
    file,
    application: application.name,
    load,
    staging,
    totals: totalsOf(table, delivery),
    reach,
    phase: (phase, work) =>
      progress.during(table.name, phase, () => session.connection.progress.percentage / 100, work),
    counted: (records) => progress.counted(table.name, records),
    ...(objectBytes === undefined ? {} : { objectBytes }),
  }
  const placed = (one: StagedFile) => {
    const final = join(home, objectKey(application.name, table, one))
    return existsSync(one.path) ? one.path : final
  }
  const resumed = await resumedResult(job, placed)
  if (resumed) {
    progress.counted(table.name, resumed.source?.rows ?? 0)
    progress.skip(table.name)
    const files = resumed.files.map((one) => ({ ...one, path: placed(one) }))
    return { job, table, result: { ...resumed, files }, violations: [] }
  }
  return { job, table, ...(await workOnTable(job)), violations: [] }
}

async function checkReferences(options: ExamineOptions, session: Session, worked: Worked[], one: Worked) {
  const { application, ledger, home, progress } = options
  const { table, result } = one
  progress.tell(table.name, 'references')
  const constraints = createConstraints(session, application, (name) => {
    const own = worked.find((other) => other.table.name === name)
    return {
      own: own?.result.files.map(({ path }) => path) ?? [],
      earlier: pathsOf(home, ledger, name),
      unreadable: own !== undefined && own.result.files.length === 0,
    }
  })
  const distinct = result.archive !== undefined && result.archive.keys === result.archive.rows
  for (const violation of await constraints.check(table, distinct)) {
    const { kind, columns, count, message } = violation
    const finding: Finding = { kind, table: table.name, file: one.job.file.name, columns, count, message }
    one.violations.push({ finding, violation })
  }
}
