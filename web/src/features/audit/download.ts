import type { AuditEntry, AuditFilters, AuditLinesHead } from '@muniment/api/contract'
import { fetchAuditLines } from '../../api/audit-entries.ts'
import { text } from './text.ts'

const columns = [
  ...['id', 'began', 'ended', 'action', 'outcome', 'person', 'roles', 'groups', 'rules', 'reason', 'request'],
  ...['subject', 'detail', 'rows', 'bytes', 'records', 'covered', 'wrong'],
]

/** Quoted always; what a spreadsheet would take for a formula begins with an apostrophe. */
function cell(value: unknown): string {
  const said = value === undefined ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value)
  const safe = /^[=+\-@\t\r]/.test(said) && typeof value !== 'number' ? `'${said}` : said
  return `"${safe.replaceAll('"', '""')}"`
}

/** What a table of entries cannot show: months and files of which it says nothing. */
const missing = ({ forgotten, damaged }: AuditLinesHead['about']): string[] => [
  ...(forgotten ? [text.forgotten(forgotten)] : []),
  ...(damaged ? [`${text.damaged(damaged.length)} ${damaged.join(' ')}`] : []),
]

/** The lines of the log as a table, with a header; before it a line with a # for whatever it lacks. */
export function csvOf(lines: string): string {
  const [head = '{}', ...entries] = lines.split('\n').filter((line) => line !== '')
  const { about } = JSON.parse(head) as AuditLinesHead
  const rows = entries.map((line) => {
    const entry = JSON.parse(line) as AuditEntry
    const flat: Record<string, unknown> = {
      ...entry,
      roles: entry.roles.join(' '),
      groups: entry.groups.join(' '),
      reason: entry.purpose?.reason,
      request: entry.purpose?.request,
    }
    return columns.map((name) => cell(flat[name])).join(',')
  })
  const notes = missing(about).map((sentence) => cell(`# ${sentence}`))
  return [...notes, columns.join(','), ...rows, ''].join('\r\n')
}

export async function downloadEntries(filters: AuditFilters, format: 'jsonl' | 'csv'): Promise<void> {
  const lines = await fetchAuditLines(filters)
  const [content, type] = format === 'csv' ? [csvOf(lines), 'text/csv'] : [lines, 'application/x-ndjson']
  const address = URL.createObjectURL(new Blob([content], { type: `${type};charset=utf-8` }))
  const link = document.createElement('a')
  link.href = address
  link.download = `${text.fileName}.${format}`
  link.click()
  setTimeout(() => URL.revokeObjectURL(address), 60_000)
}
