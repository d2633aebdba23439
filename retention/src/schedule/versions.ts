import { rightsBy } from '@muniment/archive/access/rights'
import { type Duty, Signature } from '@muniment/archive/access/rules'
import {
  readChain as readRulesChain,
  type StoredVersion as StoredRules,
  versionAt,
} from '@muniment/archive/access/versions'
import { canonicalJson, sha256Hex } from '@muniment/archive/audit/canonical'
import { OperatorError } from '@muniment/archive/errors'
import { schedulesKey, schedulesPrefix } from '@muniment/archive/layout'
import type { ObjectStore } from '@muniment/archive/store/port'
import { z } from 'zod'
import { DomainSchedules } from './types.ts'

const hash = z.string().regex(/^[0-9a-f]{64}$/)

/** Schedules in force from `approved.at` on: `retention/schedules/<application>/<domain>/<number, 8 digits>.json`. */
export const SchedulesVersion = z.strictObject({
  number: z.int().positive(),
  /** sha-256 of the version before it, as stored; absent in the first. */
  previous: hash.optional(),
  /** Id of the proposal; absent in the first. */
  proposal: z.string().optional(),
  schedules: DomainSchedules,
  reason: z.string().min(1),
  proposed: Signature,
  /** Absent in the first version, which came with the setting. */
  approved: Signature.optional(),
})
export type SchedulesVersion = z.infer<typeof SchedulesVersion>

/** As stored, with the sha-256 of its bytes: what plans and the log name it by. */
export interface StoredSchedules extends SchedulesVersion {
  hash: string
}

function broken(key: string, what: string, options: ErrorOptions = {}): OperatorError {
  return new OperatorError(
    `The retention schedules cannot be trusted: ${key} ${what}. Until this is mended nothing is destroyed. ` +
      'Restore it from a copy of the bucket, and find out what altered it.',
    options,
  )
}

/** The digest over all the rest shows that the file is as it was written while no later version names its hash. */
export const schedulesText = (version: SchedulesVersion): string =>
  `${JSON.stringify({ ...version, digest: sha256Hex(canonicalJson(version)) }, null, 2)}\n`

function parse(key: string, body: Buffer): StoredSchedules {
  let value: unknown
  try {
    value = JSON.parse(body.toString())
  } catch (error) {
    throw broken(key, 'is not JSON', { cause: error })
  }
  const { digest, ...rest } = typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  if (digest !== sha256Hex(canonicalJson(rest))) throw broken(key, 'is not as it was written')
  const parsed = SchedulesVersion.safeParse(rest)
  if (!parsed.success) throw broken(key, 'is no version of retention schedules', { cause: parsed.error })
  return { ...parsed.data, hash: sha256Hex(body) }
}

export const inForceFrom = ({ approved, proposed }: Pick<SchedulesVersion, 'approved' | 'proposed'>): Date =>
  new Date((approved ?? proposed).at)

/** By the access rules that were in force when they signed. */
function might(rules: readonly StoredRules[], { groups, at }: Signature, duty: Duty): boolean {
  const version = versionAt(rules, new Date(at))
  return version !== undefined && rightsBy(version.rules, version.number, { groups }, new Date(at)).has(duty)
}

function follows(key: string, version: StoredSchedules, before: StoredSchedules | undefined, rules: StoredRules[]) {
  const { approved, proposed } = version
  if (!before) {
    if (version.previous !== undefined || approved) throw broken(key, 'is the first version, but follows another')
    return
  }
  if (version.previous !== before.hash) throw broken(key, `does not follow version ${before.number} as it is stored`)
  if (!approved || version.proposal === undefined) throw broken(key, 'was approved by nobody')
  if (approved.by === proposed.by) throw broken(key, 'was proposed and approved by one person')
  if (!might(rules, proposed, 'propose-schedules')) throw broken(key, 'was proposed by somebody who might not')
  if (!might(rules, approved, 'approve-schedules')) throw broken(key, 'was approved by somebody who might not')
  if (inForceFrom(version) < inForceFrom(before)) throw broken(key, 'was approved before the version that it follows')
}

/** All versions, oldest first, each checked against the one before. Throws OperatorError where any is altered or missing. */
export async function readSchedulesChain(
  store: ObjectStore,
  application: string,
  domain: string,
): Promise<StoredSchedules[]> {
  const versions: StoredSchedules[] = []
  let rules: StoredRules[] | undefined
  for await (const { key } of store.list(schedulesPrefix(application, domain))) {
    const expected = schedulesKey(application, domain, versions.length + 1)
    if (key !== expected) throw broken(expected, `is expected, and ${key} is there`)
    const object = await store.get(key)
    if (!object) throw broken(key, 'is missing')
    const version = parse(key, object.body)
    if (version.number !== versions.length + 1) throw broken(key, `says that it is version ${version.number}`)
    const of = version.schedules
    if (of.application !== application || of.domain !== domain)
      throw broken(key, `is of ${of.application}, domain ${of.domain}`)
    if (versions.length > 0) rules ??= await readRulesChain(store)
    follows(key, version, versions.at(-1), rules ?? [])
    versions.push(version)
  }
  return versions
}

/** The version in force, with the whole chain checked; undefined where there are none yet. */
export async function readSchedules(
  store: ObjectStore,
  application: string,
  domain: string,
): Promise<StoredSchedules | undefined> {
  return (await readSchedulesChain(store, application, domain)).at(-1)
}
