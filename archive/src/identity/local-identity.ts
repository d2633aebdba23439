import { userInfo } from 'node:os'
import type { Identity, Person } from './port.ts'

/** Names of accounts that say nothing of the person behind them. */
const IMPERSONAL = new Set(['root', 'node', 'nobody', 'user', 'admin', 'administrator', 'app', 'ubuntu', 'runner'])

function nameOfUser(): string {
  try {
    // Names of accounts may hold anything; this one is shown, printed and stored.
    const name = userInfo()
      .username.replace(/[\p{C}\s]+/gu, ' ')
      .trim()
    return name === '' || name.length > 100 || IMPERSONAL.has(name.toLowerCase()) ? 'Local user' : name
  } catch {
    // The user has no account, as often in containers.
    return 'Local user'
  }
}

/** The one person of a server that listens on loopback only, until sign-in exists: every request is theirs. */
export function localIdentity(name = nameOfUser()): Identity {
  const person: Person = { id: 'local', name, groups: [] }
  return { authenticate: async () => structuredClone(person) }
}
