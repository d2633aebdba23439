import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { purposesIn } from '@muniment/api/purposes'
import { beginRules } from '@muniment/archive/access/begin-rules'
import { parseRules } from '@muniment/archive/access/check-rules'
import type { AccessRules } from '@muniment/archive/access/rules'
import { readChain } from '@muniment/archive/access/versions'
import { canonicalJson } from '@muniment/archive/audit/canonical'
import type { AuditLog } from '@muniment/archive/audit/port'
import { OperatorError } from '@muniment/archive/errors'
import type { ObjectStore } from '@muniment/archive/store/port'
import { loadSubjects, subjectsOf } from '../access-subjects.ts'
import { commandActor } from '../logged.ts'

const PURPOSES = 'purposes.json'

/** The data folder's own reasons to search for, as text; undefined where it has none. Throws OperatorError where they would not do. */
export async function readOwnPurposes(home: string): Promise<string | undefined> {
  const file = join(home, PURPOSES)
  const text = await readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return undefined
    throw new OperatorError(`The purposes in ${file} cannot be read.`, { cause })
  })
  if (text !== undefined) purposesIn(text, file)
  return text
}

export async function publishPurposes(
  store: ObjectStore,
  text: string | undefined,
): Promise<'published' | 'unchanged' | 'none here'> {
  if (text === undefined) return 'none here'
  const there = await store.get(PURPOSES)
  if (there?.body.toString('utf8') === text) return 'unchanged'
  if (there) await store.replace(PURPOSES, text, there.etag)
  else await store.create(PURPOSES, text)
  return 'published'
}

/** The operator's first access rules, checked. Throws OperatorError with `detail.findings` where they would not do. */
export async function readFirstRules(file: string, templatesRoot: string): Promise<FirstRules> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new OperatorError(`The file ${file} cannot be read.`, { cause })
  })
  const subjects = subjectsOf(await loadSubjects(templatesRoot))
  return { rules: parseRules(file, text, subjects), subjects }
}

interface FirstRules {
  rules: AccessRules
  subjects: ReturnType<typeof subjectsOf>
}

/**
 * Puts them in force as `access begin` does. Those that were put in force so before are left: from then on two people change them. Throws
 * InputError where others are in force.
 */
export async function publishFirstRules(
  { store, audit, clock }: { store: ObjectStore; audit: AuditLog; clock: () => Date },
  { rules, subjects }: FirstRules,
): Promise<{ version: number; state: 'begun' | 'unchanged' }> {
  const chain = await readChain(store)
  const [first] = chain
  if (first && canonicalJson(first.rules) === canonicalJson(rules))
    return { version: chain.at(-1)?.number ?? first.number, state: 'unchanged' }
  const { id: by } = await commandActor()
  const reason = "The operator's first access rules"
  const { version } = await beginRules(store, rules, { reason, by, subjects, people: undefined, audit, clock })
  return { version: version.number, state: 'begun' }
}
