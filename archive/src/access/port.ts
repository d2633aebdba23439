import type { Restrictions } from '../engine/port.ts'
import type { Person } from '../identity/port.ts'
import type { Application } from '../model/types.ts'
import type { Duty, Limits, RecordRight, Role } from './rules.ts'
import type { UnusualUse } from './unusual-use.ts'

/** What a person may do by the rules in force when it was asked. */
export interface Rights {
  /** Number of the rules' version: recorded with searches and in the log. */
  rules: number
  roles: Role[]
  groups: string[]
  /** Ids of the grants that count now. */
  grants: string[]
  /** The largest of each among the roles that see records. */
  limits: Limits
  bulkRows: number
  /** What auditors are told of. */
  unusualUse: UnusualUse
  contact: string
  has(duty: Duty): boolean
  /** Whether anything of the application may be seen; false is answered as absent. */
  mayEnter(application: string): boolean
  /** What of an application's records may be seen; undefined where nothing may. */
  view(model: Application, through?: Through): RecordView | undefined
}

/**
 * What a view is for. Only grants that allow it count, so that what one grant allows through one use case, or without export, does
 * not widen what another allows. Without it: all that may be seen in any way, for lists of what there is, never for a search.
 */
export interface Through {
  useCase?: string
  /** `see` where nothing is said. */
  right?: RecordRight
}

/** An application as one person may see it. */
export interface RecordView {
  /** Domains whose tables may be read. */
  domains: string[]
  mayUse(useCase: string): boolean
  /** Whether all of these tables' domains carry the right. */
  may(right: RecordRight, tables: readonly string[]): boolean
  /** Domains of these tables that may not be seen: what to ask for. */
  lacking(tables: readonly string[]): string[]
  /** For the engine: the least of what the grants allow, table by table. */
  restrictions: Restrictions
}

export interface Access {
  /** Rights by the rules in force now; a person without any grant has rights that allow nothing. Throws OperatorError where the rules cannot be read: nobody sees anything then. */
  rightsOf(person: Person): Promise<Rights>
}
