/** The access rules: a versioned document that says who may see what. Kept below `access/`, changed by two people. */
import { z } from 'zod'
import { Sensitivity } from '../model/types.ts'
import { UnusualUse } from './unusual-use.ts'

/**
 * searcher, case officer: see and export as granted. records manager: retention and holds. approver: the second person. auditor: reads the
 * log. archivist: models, templates, loads. operator: runs the machine and sees no records at all.
 */
export const Role = z.enum([
  'searcher',
  'case-officer',
  'records-manager',
  'approver',
  'auditor',
  'archivist',
  'operator',
])
export type Role = z.infer<typeof Role>

/** Rights that come with a grant on records, least first; a greater one includes the lesser. `export-bulk`: `bulkRows` rows and more. */
export const RecordRight = z.enum(['see', 'export', 'export-bulk'])
export type RecordRight = z.infer<typeof RecordRight>

/** Rights that come with a role, whatever it is granted on: see duties.ts. */
export const Duty = z.enum([
  'read-log',
  'propose-rules',
  'approve-rules',
  'manage-holds',
  'plan-destruction',
  'propose-schedules',
  'approve-schedules',
  'make-statements',
  'approve-statements',
  'approve-destruction',
  'load',
  'publish-templates',
  'operate',
])
export type Duty = z.infer<typeof Duty>

const names = z.array(z.string().min(1)).min(1)
const moment = z.iso.datetime({ offset: true })

export const Grant = z.strictObject({
  /** Names the grant in explanations and in the log. */
  id: z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'lower case, words joined by hyphens'),
  /** Groups as the token carries them. */
  groups: names,
  role: Role,
  /** Names, or `*` for all, also future ones. Empty lists give no records: a searcher and a case officer need some, an operator gets none. */
  applications: z.array(z.string().min(1)).default([]),
  domains: z.array(z.string().min(1)).default([]),
  useCases: names.default(['*']),
  /** Which columns are shown as they are; a column with several needs all of them. */
  sensitivities: z.array(Sensitivity).default([]),
  /** Row rules that do not apply. */
  sees: z.array(z.string().min(1)).default([]),
  rights: z.array(RecordRight).default(['see']),
  /** Inclusive. */
  from: moment.optional(),
  /** Exclusive. */
  until: moment.optional(),
  reason: z.string().optional(),
})
export type Grant = z.infer<typeof Grant>

/** Per person; a person of several roles has the largest of each. Absent: no limit. */
export const Limits = z.strictObject({
  searchesPerMinute: z.int().positive().optional(),
  rowsExportedPerDay: z.int().positive().optional(),
  bytesScannedPerMonth: z.int().positive().optional(),
  /** Of what a search reads at most, as it is known before it starts. */
  bytesPerSearch: z.int().positive().optional(),
})
export type Limits = z.infer<typeof Limits>

export const AccessRules = z.strictObject({
  format: z.literal(1),
  title: z.string().min(1),
  grants: z.array(Grant).min(1),
  limits: z.partialRecord(Role, Limits).default({}),
  /** Rows from which an export needs the right `export-bulk`. */
  bulkRows: z.int().positive().default(10_000),
  /** What auditors are told of; absent: as by default. */
  unusualUse: UnusualUse.optional(),
  /** Who can lift a limit or grant a right, as the person is told: a sentence, "Ask the records office, extension 4711." */
  contact: z.string().min(1),
})
export type AccessRules = z.infer<typeof AccessRules>

const hash = z.string().regex(/^[0-9a-f]{64}$/)

/** Who did it, when, and the groups that their token carried then. */
export const Signature = z.strictObject({ by: z.string().min(1), at: moment, groups: z.array(z.string()) })
export type Signature = z.infer<typeof Signature>

/** A version in force from `approved.at` on: `access/rules/<number, 8 digits>.json`. */
export const RulesVersion = z.strictObject({
  number: z.int().positive(),
  /** sha-256 of the version before it, as stored; absent in the first. */
  previous: hash.optional(),
  /** Id of the proposal; absent in the first. */
  proposal: z.string().optional(),
  rules: AccessRules,
  reason: z.string().min(1),
  proposed: Signature,
  /** Absent in the first version, which came with the setting. */
  approved: Signature.optional(),
})
export type RulesVersion = z.infer<typeof RulesVersion>
