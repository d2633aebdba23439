import type { AuditLog } from '@muniment/archive/audit/port'
import type { Catalog } from '@muniment/archive/catalog/port'
import type { QueryEngine } from '@muniment/archive/engine/port'
import type { Application } from '@muniment/archive/model/types'
import type { ObjectStore } from '@muniment/archive/store/port'

/** What retention works with, in either setting. */
export interface RetentionDeps {
  store: ObjectStore
  engine: QueryEngine
  catalog: Catalog
  loadModel: (application: string) => Promise<Application>
  audit: AuditLog
  clock: () => Date
  /** Local folder for what is no record: lists being written, objects being rewritten. */
  work: string
}

/** Who does it, as the token carried them. */
export interface Acting {
  id: string
  groups: string[]
}
