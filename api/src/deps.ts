import type { Access } from '@muniment/archive/access/port'
import type { Secrets, StreamKey } from '@muniment/archive/audit/keys/port'
import type { AuditLog } from '@muniment/archive/audit/port'
import type { Catalog } from '@muniment/archive/catalog/port'
import type { QueryEngine } from '@muniment/archive/engine/port'
import type { Identity } from '@muniment/archive/identity/port'
import type { ObjectStore } from '@muniment/archive/store/port'
import type { TemplateLibrary } from '@muniment/query-templates/port'
import type { Retention } from '@muniment/retention/retention'
import type { Context } from 'hono'
import type { Logger } from 'pino'
import type { Verification } from './audit/verification.ts'
import type { PurposeReason, SignIn } from './contract.ts'
import type { AddressLimit } from './shared/address-limit.ts'
import type { ProcessMark } from './shared/process-mark.ts'
import type { RequestReference } from './shared/purposes.ts'

export interface Limits {
  /** Rows kept of a panel. */
  panelRows: number
  /** Milliseconds until a panel's query is stopped. */
  searchMs: number
  /** Milliseconds until an export is stopped. */
  exportMs: number
  /** Seconds that `Prefer: wait` may ask for; API Gateway ends a request at 29. */
  waitSeconds: number
  /** Bytes of a request's body. */
  bodyBytes: number
  /** Milliseconds that results and exports are kept. */
  resultsMs: number
  /** Milliseconds that the address of an exported file is good for. */
  fileAddressMs: number
  /** Bytes of results kept in memory. */
  cacheBytes: number
  /** Requests of one person to this process in a minute, whatever they are for. */
  requestsPerMinute: number
  /** Requests from one address to this process in a minute for which nobody answers: without a token, with a bad one, at the sign-in. */
  strangersPerMinute: number
}

export const defaultLimits: Limits = {
  panelRows: 10_000,
  searchMs: 120_000,
  exportMs: 30 * 60_000,
  waitSeconds: 25,
  bodyBytes: 256 * 1024,
  resultsMs: 24 * 3_600_000,
  fileAddressMs: 5 * 60_000,
  cacheBytes: 64 * 1024 * 1024,
  requestsPerMinute: 3_000,
  strangersPerMinute: 1_500,
}

export interface Auditing {
  /** Keys by which the record that is asked for becomes what the log knows it by. */
  secrets: Secrets
  /** By which the log's own entries are told from others. */
  streamKey: () => Promise<StreamKey>
  verification: Verification
}

/** An export whose record and opening are durable, for the process that is to carry it out. */
export interface DispatchedExport {
  export: string
  /** Rows that were counted when it began. */
  reserved: number
  /** More rows need a right that the person lacks. */
  mostRows?: number
  /** Rows that are left of the person's day. */
  mostToday?: number
}

export interface AppDeps {
  store: ObjectStore
  engine: QueryEngine
  catalog: Catalog
  templates: TemplateLibrary
  identity: Identity
  /** What each person may do by the access rules in force. */
  access: Access
  /** Where everything that is done with records stands before it is done. */
  audit: AuditLog
  /** Schedules, holds and destruction; where it is absent nothing is said of them here. */
  retention?: Retention
  /** What auditors are answered with; where it is absent nobody reads the log here. */
  auditing?: Auditing
  /** Where people sign in; absent where no browser asks. */
  signIn?: () => Promise<SignIn>
  /** Origin under which browsers reach this server, where something in front of it changes the host. */
  origin?: string
  /** Origins besides our own that pages have to reach: the sign-in provider's. */
  connectTo?: readonly string[]
  purposes: PurposeReason[]
  /** What the reference of a request looks like; the usual where nothing is said. */
  requestReference?: RequestReference
  clock: () => Date
  /** From archive/log, which keeps personal data out. */
  log: Logger
  /** Folder for what is no record: exports are written there before they are stored. */
  work: string
  /** Under what this process begins searches and exports; its own mark where nothing is said. */
  by?: ProcessMark
  /** Signs the short-lived addresses of files; every process behind one address needs the same. */
  secret: Uint8Array
  /** The built web application; absent where something else serves it. */
  webRoot?: string
  /** Hosts (with port) this server answers to; undefined where a proxy in front decides. */
  hosts?: () => ReadonlySet<string>
  /** Keeps hold of work that goes on after the answer, to be awaited before the process ends; absent where a process may stop with its answer. */
  background?: (work: Promise<unknown>) => void
  /** Has another process carry out an export, where this one may stop with its answer; delivered once at least. */
  dispatch?: (job: DispatchedExport) => Promise<void>
  /** Takes what is to be written before the process ends; absent where a process may stop with its answer. */
  atEnd?: (write: () => Promise<void>) => void
  limits?: Partial<Limits>
  /** What holds back a flood of requests that nobody answers for; absent where something in front of this does. */
  visitors?: { limit: AddressLimit; addressOf: (c: Context) => string | undefined }
}
