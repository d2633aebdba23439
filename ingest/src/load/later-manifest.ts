import { createHash } from 'node:crypto'
import { loadPrefix } from '@muniment/archive/layout'
import type { Application } from '@muniment/archive/model/types'
import type { ObjectStore } from '@muniment/archive/store/port'
import type { Delivery } from '../delivery/delivery.ts'
import { MANIFEST } from '../delivery/manifest.ts'
import type { LoadOutcome } from '../outcome.ts'
import { type Finding, judgeAll } from '../tables/findings.ts'
import type { Measure } from '../tables/measure.ts'
import { checkFiles, checkTotals } from './claims.ts'
import type { LoadRecord } from './ledger.ts'
import { asDeviation } from './list-all.ts'
import { createOnce } from './place.ts'
import { spellFindings } from './report.ts'

interface LaterManifest {
  store: ObjectStore
  application: Application
  delivery: Delivery
  ledger: readonly LoadRecord[]
  /** The load in whose name is answered. */
  before: LoadRecord
}

/**
 * A manifest that came after the files it describes were loaded: held against what the loads' reports say was read, and filed with them
 * where it agrees. Undefined where the delivery brings none, or the one that it was loaded with.
 */
export async function holdLaterManifest(work: LaterManifest): Promise<LoadOutcome | undefined> {
  const { store, application, delivery, ledger, before } = work
  const { text } = delivery.manifest
  if (text === undefined || ledger.some(({ deliveryHash }) => deliveryHash === delivery.hash)) return undefined
  const loads = new Map<string, LoadRecord>([[before.load, before]])
  const delivered = (name: string) => ledger.some(({ tables }) => name in tables)
  const findings = judgeAll(undefined, checkFiles(application, delivery, delivered))
  for (const table of application.tables) {
    const file = delivery.files.get(table.name)
    const load =
      file && ledger.find(({ files }) => files.some((one) => one.table === table.name && one.sha256 === file.sha256))
    if (!load) continue
    loads.set(load.load, load)
    const source = await measured(store, load, table.name)
    const found: Finding[] = source
      ? checkTotals(table, delivery, { source })
      : [
          {
            kind: 'manifest',
            table: table.name,
            file: MANIFEST,
            columns: [],
            count: 1,
            message: `the report of load ${load.load}, which says what was read of the table, is not there`,
          },
        ]
    findings.push(...judgeAll(table, found))
  }
  const refused = findings.some(({ rule }) => rule === undefined)
  const said = spellFindings(findings)
  const suffix = `-later-${createHash('sha256').update(text).update(JSON.stringify(said)).digest('hex').slice(0, 16)}${refused ? '-refused' : ''}`
  const keyOf = (load: string, paper: string) => `${loadPrefix(application.name, load)}${paper}${suffix}.json`
  const { manifest } = delivery.manifest
  const report = `${JSON.stringify(
    {
      load: before.load,
      loads: [...loads.keys()],
      application: application.name,
      state: refused ? 'refused' : 'agrees',
      finished: new Date().toISOString(),
      manifest: manifest
        ? { system: manifest.system, extractedBy: manifest.extractedBy, extractedAt: manifest.extractedAt }
        : null,
      findings: said,
    },
    null,
    2,
  )}\n`
  for (const load of loads.keys()) {
    await createOnce(store, keyOf(load, 'manifest'), text)
    await createOnce(store, keyOf(load, 'report'), report)
  }
  const tables = Object.entries(before.tables).map(([name, counts]) => [
    name,
    refused ? { ...counts, written: 0 } : counts,
  ])
  return {
    load: before.load,
    application: application.name,
    state: refused ? 'refused' : 'unchanged',
    tables: Object.fromEntries(tables),
    deviations: findings.map((finding) =>
      asDeviation(
        finding,
        application.tables.find(({ name }) => name === finding.table),
      ),
    ),
    report: keyOf(before.load, 'report'),
    laterManifest: { loads: [...loads.keys()], key: keyOf(before.load, 'manifest') },
  }
}

/** What the load's report says was read of a table. */
async function measured(store: ObjectStore, { report }: LoadRecord, table: string): Promise<Measure | undefined> {
  const stored = await store.get(report)
  if (!stored) return undefined
  const { tables } = JSON.parse(stored.body.toString('utf8')) as { tables?: Record<string, { source?: Measure }> }
  return tables?.[table]?.source
}
