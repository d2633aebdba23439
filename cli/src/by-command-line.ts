import { userInfo } from 'node:os'
import type { AuditLog, Opening } from '@muniment/archive/audit/port'
import { TOKEN_VARIABLE } from '@muniment/archive/identity/settings'

/** Entries say that they are of a command; where no token says who acts, that nobody signed in, and whose account of the machine it was. */
export function byCommandLine(audit: AuditLog): AuditLog {
  const signedIn = (process.env[TOKEN_VARIABLE] ?? '') !== ''
  const by = { by: 'command-line', ...(!signedIn && { signedIn: 'nobody', account: userInfo().username }) }
  const marked = (opening: Opening): Opening => ({ ...opening, subject: { ...opening.subject, ...by } })
  return {
    open: (opening) => audit.open(marked(opening)),
    note: (opening, closing) => audit.note(marked(opening), closing),
    close: (id, closing) => audit.close(id, closing),
  }
}
