import { userInfo } from 'node:os'
import { openGovernance } from '@muniment/api/governance'
import type { Actor, AuditLog } from '@muniment/archive/audit/port'
import type { Home } from '@muniment/archive/home'
import { createLog } from '@muniment/archive/log'
import { personOfToken } from './acting-person.ts'

const clock = () => new Date()

/** Runs `act` with the audit log of the data folder; what it writes is durable before anything goes on. */
export async function withAudit<T>(home: Home, act: (audit: AuditLog) => Promise<T>): Promise<T> {
  const log = createLog('cli', { level: 'silent' })
  const { audit, close } = await openGovernance({ home, clock, process: 'command', log })
  try {
    return await act(audit)
  } finally {
    await close()
  }
}

/** Who does what needs no right, only the machine: whoever the token says, or the account of the operating system. */
export async function commandActor(): Promise<Actor> {
  const person = await personOfToken()
  const id = person?.id ?? `account:${userInfo().username}`
  return { id, roles: [], groups: person?.groups ?? [], rules: 0 }
}
