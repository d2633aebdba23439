import type { Access } from '@muniment/archive/access/port'
import type { Actor, AuditLog } from '@muniment/archive/audit/port'
import type { Person } from '@muniment/archive/identity/port'
import type { OnSignInEvent } from './events.ts'

const nobody: Actor = { id: 'nobody', roles: [], groups: [], rules: 0 }

/** Writes sign-ins, sign-outs and refusals into the audit log. */
export function signInLog({ access, audit }: { access: Access; audit: AuditLog }): OnSignInEvent {
  // Signing in comes before rights: where the rules cannot be read it is still known who did.
  const actorOf = async (person: Person | undefined): Promise<Actor> => {
    if (!person) return nobody
    const rights = await access.rightsOf(person).catch(() => undefined)
    return { id: person.id, roles: rights?.roles ?? [], groups: person.groups, rules: rights?.rules ?? 0 }
  }
  return async (event) => {
    const actor = await actorOf(event.person)
    const refused = event.action === 'refusal'
    const elsewhere = 'issuer' in event && { subject: { what: 'session', issuer: event.issuer } }
    await audit.note(
      {
        action: event.action,
        actor,
        ...(refused ? { subject: { what: 'sign-in', reason: event.reason } } : elsewhere),
      },
      { outcome: refused ? 'refused' : 'done' },
    )
  }
}
