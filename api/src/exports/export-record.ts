import type { Restrictions } from '@muniment/archive/engine/port'
import { NotFoundError } from '@muniment/archive/errors'
import type { Person } from '@muniment/archive/identity/port'
import type { ObjectStore } from '@muniment/archive/store/port'
import type { Export, InForce } from '../contract.ts'
import { exportRecordKey } from '../shared/keys.ts'
import type { ProcessMark } from '../shared/process-mark.ts'
import type { NamedRecords } from '../shared/taken-records.ts'

/** Who took what along, for what: searches/<day>/<search>/exports/<export>.json. It outlasts the file. */
export interface ExportRecord {
  version: 1
  id: string
  search: string
  panel: string
  format: Export['format']
  sort?: string
  person: { id: string; name: string }
  /** Entry of the audit log that opened it. */
  entry?: string
  /** What the file could not hold, as the engine was told, and in words. */
  restrictions?: Restrictions
  inForce?: InForce
  /** The process that carries it out, or that ended it; absent in records of before. */
  by?: ProcessMark
  /** Of the archive when it was exported; the search may have seen an earlier one. */
  catalogVersion: string
  loads: string[]
  /** What the file says of tables that were read for it and that were incomplete. */
  notice?: string
  started: string
  finished?: string
  state: Export['state']
  execution?: string
  fileName: string
  companionName?: string
  rows?: number
  bytes?: number
  sha256?: string
  /** Whose records the file holds, in its keys file until the log names them; absent in records of before. */
  named?: NamedRecords
  problem?: Export['problem']
}

export interface ExportEntry {
  record: ExportRecord
  etag: string
}

export type ExportRecords = ReturnType<typeof createExportRecords>

export function createExportRecords(store: ObjectStore) {
  async function read(id: string): Promise<ExportEntry | undefined> {
    const object = await store.get(exportRecordKey(id))
    return object && { record: JSON.parse(object.body.toString('utf8')), etag: object.etag }
  }
  return {
    read,
    async open(record: ExportRecord): Promise<ExportEntry> {
      const { etag } = await store.create(exportRecordKey(record.id), JSON.stringify(record))
      return { record, etag }
    },
    /** Throws ConflictError when somebody else has written meanwhile. */
    async replace(entry: ExportEntry, record: ExportRecord): Promise<ExportEntry> {
      const { etag } = await store.replace(exportRecordKey(record.id), JSON.stringify(record), entry.etag)
      return { record, etag }
    },
    /** Throws NotFoundError, the same for what is not there and for what belongs to somebody else. */
    async readOwn(id: string, person: Person): Promise<ExportEntry> {
      const entry = await read(id)
      if (entry?.record.person.id !== person.id) throw new NotFoundError()
      return entry
    },
  }
}
