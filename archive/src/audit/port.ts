import type { Role } from '../access/rules.ts'

/** Who does it. No name: the id, and what the token and the rules made of it. */
export interface Actor {
  id: string
  roles: Role[]
  /** As the token carried them. */
  groups: string[]
  /** Version of the access rules. */
  rules: number
}

export type Action =
  | 'sign-in'
  | 'sign-out'
  | 'refusal'
  | 'search'
  | 'page'
  | 'export'
  | 'download'
  | 'print'
  | 'model-view'
  | 'log-view'
  | 'load'
  | 'template-change'
  | 'rules-proposal'
  | 'rules-change'
  | 'rules-withdrawal'
  | 'rules-refusal'
  | 'users-change'
  | 'unusual-use'
  | 'seal'
  | 'key-rotation'
  | 'keys-forgotten'
  | 'row-proof'
  | 'token'
  | 'hold'
  | 'hold-release'
  | 'schedules-proposal'
  | 'schedules-change'
  | 'schedules-decision'
  | 'plan'
  | 'plan-approval'
  | 'destruction'
  | 'certificate'
  | 'statement'
  | 'statement-approval'
  | 'prefix-expiry'

/** Before the act. Texts in `typed` and `purpose.note` become commitments and are stored nowhere. */
export interface Opening {
  /** Of the entry (newEntryId), where something that is written beside it has to name it. */
  id?: string
  action: Action
  actor: Actor
  purpose?: { reason?: string; request?: string; note?: string }
  /** Ids, names of templates and hashes; never a value of a record. */
  subject?: Record<string, string | number | string[]>
  typed?: Record<string, string | string[]>
}

/** A record that was seen: the key's columns as canonical text, in the order of the primary key. */
export interface SeenRecord {
  application: string
  table: string
  key: string[]
}

/** After the act. */
export interface Closing {
  outcome: 'done' | 'refused' | 'failed' | 'cancelled' | 'interrupted'
  rows?: number
  bytes?: number
  /** Become tokens. A list may name a record twice; what comes some at a time, however many in all, names each once. */
  records?: SeenRecord[] | AsyncIterable<SeenRecord[]>
  /** Never a value of a record. */
  detail?: Record<string, string | number | string[]>
}

/**
 * The append-only log. No record, no action: what is opened does not happen before `open` has resolved, and fails where it rejects.
 * Writers never wait for each other.
 */
export interface AuditLog {
  /** Durable when it resolves; gives the entry's id (UUIDv7), by which any process can close it. */
  open(opening: Opening): Promise<string>
  /**
   * Durable when it resolves. Where it rejects there is no closing, but there may be a part of the records before it: closing once more
   * writes them again from the first, and the closing counts each once.
   */
  close(id: string, closing: Closing): Promise<void>
  /** Opening and closing at once, for what is over when it is told: a refusal, a sign-in. */
  note(opening: Opening, closing: Closing): Promise<string>
}
