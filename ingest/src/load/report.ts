import type { Application } from '@muniment/archive/model/types'
import type { Delivery } from '../delivery/delivery.ts'
import type { LoadOutcome, TableCounts } from '../outcome.ts'
import type { Finding } from '../tables/findings.ts'
import type { Measure } from '../tables/measure.ts'

/** What was reconciled of one table. */
export interface TableReport extends TableCounts {
  file?: string
  /** The load that this very file was loaded by before. */
  alreadyLoaded?: string
  source?: Measure
  archive?: Measure
  agrees: boolean
}

export interface ReportInput {
  load: string
  application: Application
  modelHash: string
  /** Where what mattered of the model is kept, and its SHA-256; of committed loads. */
  model?: { key: string; sha256: string }
  state: LoadOutcome['state']
  started: string
  finished: string
  delivery: Delivery
  engine: string
  tables: Record<string, TableReport>
  findings: Finding[]
  deviations: { key: string; listed: number; omitted: number }
  quarantine: string[]
  acceptedWithoutManifest: boolean
}

/** report.json: what arrived, what was found, on whose word it was accepted, and that both sides agree. No values of records. */
export function renderReport(input: ReportInput): string {
  const { delivery, application, findings, ...rest } = input
  const manifest = delivery.manifest.manifest
  const report = {
    ...rest,
    application: application.name,
    delivery: {
      hash: delivery.hash,
      files: [...delivery.files].map(([table, { name, bytes, sha256 }]) => ({ name, table, bytes, sha256 })),
      manifest: manifest
        ? { system: manifest.system, extractedBy: manifest.extractedBy, extractedAt: manifest.extractedAt }
        : null,
    },
    findings: spellFindings(findings),
  }
  return `${JSON.stringify(report, null, 2)}\n`
}

export const spellFindings = (findings: readonly Finding[]) =>
  findings.map(({ kind, table, file, columns, count, line, message, rule }) => ({
    kind,
    table,
    file,
    columns,
    count,
    line,
    message,
    accepted: rule !== undefined,
    justification: rule?.justification,
    atMost: rule?.atMost,
  }))
