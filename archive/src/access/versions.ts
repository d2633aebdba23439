import { canonicalJson, sha256Hex } from '../audit/canonical.ts'
import { OperatorError } from '../errors.ts'
import { RULES_PREFIX, rulesKey } from '../layout.ts'
import type { ObjectStore } from '../store/port.ts'
import { rightsBy } from './rights.ts'
import { RulesVersion, type Signature } from './rules.ts'

/** A version as stored, with the sha-256 of its bytes: what the next one, a proposal and the log name it by. */
export interface StoredVersion extends RulesVersion {
  hash: string
}

function broken(key: string, what: string, options: ErrorOptions = {}): OperatorError {
  return new OperatorError(
    `The access rules cannot be trusted: ${key} ${what}. Until this is mended nobody sees any record. ` +
      'Restore access/rules/ from a copy of the bucket, and find out what altered it.',
    options,
  )
}

/**
 * The bytes of a version. The digest over all the rest shows that the file is as it was written even while no later version
 * names its hash; whoever can write here can write the digest too, and is shown by the log alone.
 */
export const versionText = (version: RulesVersion): string =>
  `${JSON.stringify({ ...version, digest: sha256Hex(canonicalJson(version)) }, null, 2)}\n`

function readVersion(key: string, body: Buffer): StoredVersion {
  let value: unknown
  try {
    value = JSON.parse(body.toString())
  } catch (error) {
    throw broken(key, 'is not JSON', { cause: error })
  }
  const { digest, ...rest } = typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  if (digest !== sha256Hex(canonicalJson(rest))) throw broken(key, 'is not as it was written')
  const parsed = RulesVersion.safeParse(rest)
  if (!parsed.success) throw broken(key, 'is no version of access rules', { cause: parsed.error })
  return { ...parsed.data, hash: sha256Hex(body) }
}

const may = (version: StoredVersion, duty: 'propose-rules' | 'approve-rules', { groups, at }: Signature) =>
  rightsBy(version.rules, version.number, { groups }, new Date(at)).has(duty)

/** When a version came into force. */
export const inForceFrom = ({ approved, proposed }: RulesVersion): Date => new Date((approved ?? proposed).at)

function follows(key: string, version: StoredVersion, before: StoredVersion | undefined): void {
  const { approved, proposed } = version
  if (!before) {
    if (version.previous !== undefined || approved) throw broken(key, 'is the first version, but follows another')
    return
  }
  if (version.previous !== before.hash) throw broken(key, `does not follow ${rulesKey(before.number)} as it is stored`)
  if (!approved || version.proposal === undefined) throw broken(key, 'was approved by nobody')
  if (approved.by === proposed.by) throw broken(key, 'was proposed and approved by one person')
  if (!may(before, 'propose-rules', proposed)) throw broken(key, 'was proposed by somebody who might not')
  if (!may(before, 'approve-rules', approved)) throw broken(key, 'was approved by somebody who might not')
  if (inForceFrom(version) < inForceFrom(before)) throw broken(key, 'was approved before the version that it follows')
}

/** All versions, oldest first, each checked against the one before. Throws OperatorError where any is altered or missing. */
export async function readChain(store: ObjectStore): Promise<StoredVersion[]> {
  return (await readListed(store, await listVersions(store))).versions
}

export interface Listed {
  key: string
  etag: string
}

/** The versions' keys and ETags, in order; equal lists are equal rules. */
export async function listVersions(store: ObjectStore): Promise<Listed[]> {
  const listed: Listed[] = []
  for await (const { key, etag } of store.list(RULES_PREFIX)) listed.push({ key, etag })
  return listed
}

/** `listed` as it was read: what came in between is not in it. */
export async function readListed(
  store: ObjectStore,
  listed: readonly Listed[],
): Promise<{ versions: StoredVersion[]; listed: readonly Listed[] }> {
  const versions: StoredVersion[] = []
  const read: Listed[] = []
  for (const [index, { key }] of listed.entries()) {
    const expected = rulesKey(index + 1)
    if (key !== expected)
      throw broken(
        expected,
        /^access\/rules\/\d{8}\.json$/.test(key) ? 'is missing' : `is expected, and ${key} is there`,
      )
    const object = await store.get(key)
    if (!object) throw broken(key, 'is missing')
    const version = readVersion(key, object.body)
    if (version.number !== index + 1) throw broken(key, `says that it is version ${version.number}`)
    follows(key, version, versions.at(-1))
    versions.push(version)
    read.push({ key, etag: object.etag })
  }
  return { versions, listed: read }
}

/** The version in force, with the whole chain checked; undefined where there are no rules yet. */
export async function readRules(store: ObjectStore): Promise<StoredVersion | undefined> {
  return (await readChain(store)).at(-1)
}

/** The version that was in force at a moment; undefined before the first. */
export function versionAt(chain: readonly StoredVersion[], at: Date): StoredVersion | undefined {
  return chain.findLast((version) => inForceFrom(version) <= at)
}
