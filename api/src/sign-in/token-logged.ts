import { userInfo } from 'node:os'
import type { AuditLog } from '@muniment/archive/audit/port'
import type { OpenSignIn } from './open.ts'

/** A token for a script, handed out once the log has it. The socket that asks for it is open to the account alone that runs the server. */
export async function tokenLogged(
  { tokenFor }: Pick<OpenSignIn, 'tokenFor'>,
  audit: AuditLog,
  person: string,
): Promise<string> {
  const token = await tokenFor(person)
  const actor = { id: `account:${userInfo().username}`, roles: [], groups: [], rules: 0 }
  await audit.note({ action: 'token', actor, subject: { person } }, { outcome: 'done' })
  return token
}
