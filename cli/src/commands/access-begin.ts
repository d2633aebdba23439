import { readFile } from 'node:fs/promises'
import { secretsOf } from '@muniment/api/sign-in/open'
import { beginRules } from '@muniment/archive/access/begin-rules'
import { parseRules } from '@muniment/archive/access/check-rules'
import type { Actor } from '@muniment/archive/access/rules-acts'
import { OperatorError } from '@muniment/archive/errors'
import { openHome } from '@muniment/archive/home'
import { samplePeople } from '@muniment/archive/identity/sample-people'
import { localUsers } from '@muniment/archive/identity/users'
import { loadSubjects, subjectsOf } from '../access-subjects.ts'
import { commandActor, withAudit } from '../logged.ts'
import { printable } from '../printable.ts'
import { readSettings } from '../settings.ts'

interface Options {
  reason: string
  json?: boolean
}

/** The operator's first rules, before which nobody sees anything; whoever may use this machine may do it, once. */
export async function accessBegin(file: string, { reason, json }: Options) {
  const settings = readSettings()
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new OperatorError(`The file ${file} cannot be read.`, { cause })
  })
  const subjects = subjectsOf(await loadSubjects(settings.templatesRoot))
  const rules = parseRules(file, text, subjects)
  const { id: by } = await commandActor()
  const people = await whoSignsIn()
  const home = await openHome(settings.home, { mode: 'auto' })
  try {
    const begun = await withAudit(home, (audit) =>
      beginRules(home.store, rules, { reason, by, subjects, people, audit, clock: () => new Date() }),
    )
    const { version, proposers, approvers } = begun
    if (json) return console.log(JSON.stringify({ version: version.number, hash: version.hash, proposers, approvers }))
    const who = people
      ? `${list(proposers)} may propose another version, ${list(approvers)} may approve one.`
      : 'Who may change them is for the groups that your sign-in provider gives: nobody here could look whether anybody is in them.'
    console.log(printable(`Version ${version.number} of the access rules is in force. ${who}`))
  } finally {
    await home.close()
  }
}

const list = (ids: readonly string[]) => ids.join(', ')

/** Undefined where another provider alone knows. */
async function whoSignsIn(): Promise<readonly Actor[] | undefined> {
  const { signIn, home } = readSettings()
  if (signIn.issuer !== undefined) return undefined
  const users = localUsers(secretsOf({ path: home }))
  return (await users.configured()) ? users.list() : samplePeople
}
