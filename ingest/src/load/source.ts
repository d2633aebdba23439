import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Column, Table } from '@muniment/archive/model/types'
import type { DeliveryFile } from '../delivery/delivery.ts'
import { type PreparedFile, prepareFile } from '../delivery/prepare.ts'
import type { DeviationKind } from '../outcome.ts'
import type { Finding } from '../tables/findings.ts'
import type { Session } from '../tables/session.ts'
import { compareHeader, deliveredParquet, type Shape, shapeOf } from '../tables/shape.ts'

export interface SourceJob {
  session: Session
  table: Table
  file: DeliveryFile
  staging: string
}

/** A delivered file as far as it could be read; without `shape` it could not. */
export interface Source {
  header: string[]
  findings: Finding[]
  shape?: (native?: (column: Column) => boolean) => Shape
  /** The copy in plain UTF-8, where one had to be made. */
  decoded?: string
  /** What the scanner counted; Parquet counts for itself. */
  records?: number
}

export function findingAbout({ table, file }: SourceJob, kind: DeviationKind, message: string): Finding {
  return { kind, table: table.name, file: file.name, columns: [], count: 1, message }
}

function structureFindings(job: SourceJob, prepared: PreparedFile, header: readonly string[]): Finding[] {
  const found: Finding[] = []
  for (const { kind, line, field, message } of prepared.scan?.problems ?? []) {
    // A name that the model does not have may be no name but a value of the first record.
    const source = job.table.columns.find(({ source: name }) => name !== undefined && name === header[field])?.source
    found.push({ ...findingAbout(job, kind, message), line, ...(source === undefined ? {} : { source }) })
  }
  const more = (prepared.scan?.problemCount ?? 0) - found.length
  if (more > 0) found.push({ ...findingAbout(job, 'structure', `${more} more faults of this kind`), count: more })
  if (prepared.scan && prepared.scan.header.length === 0) return found
  const { missing, extra } = compareHeader(job.table, header)
  // What stands there instead may be the first record, and no value of a record may be repeated in a report.
  if (missing.length > 0 && missing.length === sourceColumns(job.table))
    return [
      ...found,
      {
        ...findingAbout(job, 'missing-column', 'the first line holds none of the names of the columns'),
        line: 1,
      },
    ]
  for (const source of missing)
    found.push({
      ...findingAbout(job, 'missing-column', 'the model has a column that is not in the file'),
      line: 1,
      source,
    })
  for (const source of extra)
    found.push({
      ...findingAbout(job, 'extra-column', 'the column is not in the model, or occurs twice'),
      line: 1,
      source,
    })
  return found
}

const sourceColumns = ({ columns }: Table) => columns.filter(({ source }) => source !== undefined).length

async function headerOf(session: Session, prepared: PreparedFile): Promise<string[]> {
  if (prepared.scan) return prepared.scan.header
  const columns = await session.rows(`DESCRIBE SELECT * FROM ${deliveredParquet(prepared.path)}`)
  return columns.map(({ column_name }) => column_name ?? '')
}

/**
 * Scans and, where needed, decodes a file, and lays the model over it. `hasty` leaves what DuckDB checks as well to DuckDB; when
 * that fails, a thorough reading says where.
 */
export async function readSource(job: SourceJob, { hasty = true }: { hasty?: boolean } = {}): Promise<Source> {
  const { session, table, file, staging } = job
  const folder = join(staging, 'decoded')
  await mkdir(folder, { recursive: true })
  const prepared = await prepareFile(file, table, folder, { hasty })
  let header: string[]
  try {
    header = await headerOf(session, prepared)
  } catch {
    return { header: [], findings: [findingAbout(job, 'structure', 'the Parquet file cannot be read')] }
  }
  const findings = structureFindings(job, prepared, header)
  if (findings.some(({ kind }) => kind !== 'extra-column')) return { header, findings }
  return {
    header,
    findings,
    shape: (native) =>
      shapeOf(table, prepared, header, { ...(native ? { native } : {}), memoryBytes: session.memoryBytes }),
    ...(prepared.path === file.path ? {} : { decoded: prepared.path }),
    ...(prepared.scan ? { records: prepared.scan.records } : {}),
  }
}
