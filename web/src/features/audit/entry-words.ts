import type { AuditEntry } from '@muniment/api/contract'
import { text } from './text.ts'

export const readAction = (action: string): string => text.actions[action] ?? action
export const readOutcome = (outcome: string): string => text.outcomes[outcome] ?? outcome

type Plain = AuditEntry['subject']

/** `useCase` as `Use case`. */
export function readName(name: string): string {
  const words = name.replaceAll(/([a-z])([A-Z])/g, '$1 $2').toLowerCase()
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`
}

export const readValue = (value: Plain[string]): string => (Array.isArray(value) ? value.join(', ') : String(value))

const short = ['application', 'useCase', 'panel', 'format', 'what', 'path', 'method', 'version', 'reason']

/** What an action was about, in a line: the names, without ids and hashes. What was unusual, in words. */
export function readSubject({
  action,
  subject,
  detail = {},
}: Pick<AuditEntry, 'action' | 'subject' | 'detail'>): string {
  const unusual = action === 'unusual-use' ? text.unusual[String(subject.rule)] : undefined
  if (unusual) return unusual(detail)
  const read = (name: string): string[] => {
    const value = subject[name]
    if (value === undefined) return []
    return [name === 'version' ? text.version(readValue(value)) : readValue(value)]
  }
  return short.flatMap(read).join(' · ')
}

export function readEntryPurpose(entry: AuditEntry, labels: ReadonlyMap<string, string>): string {
  const { purpose } = entry
  if (!purpose) return ''
  const said = purpose.request ?? (purpose.reason === undefined ? '' : (labels.get(purpose.reason) ?? purpose.reason))
  return said || (purpose.noted ? text.noted : '')
}
