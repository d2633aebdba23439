import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { purposesIn } from '@muniment/api/purposes'
import { beginRules } from '@muniment/archive/access/begin-rules'
import { parseRules } from '@muniment/archive/access/check-rules'
import { readChain } from '@muniment/archive/access/versions'
import { canonicalJson } from '@muniment/archive/audit/canonical'
import type { AuditLog } from '@muniment/archive/audit/port'
import { OperatorError } from '@muniment/archive/errors'
import type { ObjectStore } from '@muniment/archive/store/port'
import { loadSubjects, subjectsOf } from '../access-subjects.ts'
import { commandActor } from '../logged.ts'

const PURPOSES = 'purposes.json'

/** The reasons to search for, where the data folder has some of its own. Throws OperatorError where they would not do. */
export async function publishPurposes(
  store: ObjectStore,
  home: string,
): Promise<'published' | 'unchanged' | 'none here'> {
  const file = join(home, PURPOSES)
  const text = await readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return undefined
    throw new OperatorError(`The purposes in ${file} cannot be read.`, { cause })
  })
  if (text === undefined) return 'none here'
  purposesIn(text, file)
  const there = await store.get(PURPOSES)
  if (there?.body.toString('utf8') === text) return 'unchanged'
  if (there) await store.replace(PURPOSES, text, there.etag)
  else await store.create(PURPOSES, text)
  return 'published'
}

interface FirstRules {
  store: ObjectStore
  audit: AuditLog
  clock: () => Date
  templatesRoot: string
  file: string
}

/**
 * The operator's first access rules, as `access begin` puts them in force. Those that were put in force so before are left: from then on two
 * people change them. Throws InputError where others are in force.
 */
export async function publishFirstRules(parts: FirstRules): Promise<{ version: number; state: 'begun' | 'unchanged' }> {
  const { store, audit, clock, templatesRoot, file } = parts
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new OperatorError(`The file ${file} cannot be read.`, { cause })
  })
  const subjects = subjectsOf(await loadSubjects(templatesRoot))
  const rules = parseRules(file, text, subjects)
  const chain = await readChain(store)
  const [first] = chain
  if (first && canonicalJson(first.rules) === canonicalJson(rules))
    return { version: chain.at(-1)?.number ?? first.number, state: 'unchanged' }
  const { id: by } = await commandActor()
  const reason = "The operator's first access rules"
  const { version } = await beginRules(store, rules, { reason, by, subjects, people: undefined, audit, clock })
  return { version: version.number, state: 'begun' }
}
