import { type AuditedAction, findEntries } from '@muniment/archive/audit/find/find-entries'
import { InputError } from '@muniment/archive/errors'
import { openFileStore } from '@muniment/archive/store/file-store'
import { endOf, startOf } from '../period.ts'
import { printTable } from '../print-table.ts'
import { readSettings, requireFolder } from '../settings.ts'

interface FindOptions {
  action?: string
  person?: string
  outcome?: string
  from?: string
  until?: string
  limit: string
  files?: string
  json?: boolean
}

const usualDays = 30

const figures = (plain: Record<string, string | number | string[]> = {}): string =>
  Object.entries(plain)
    .map(([name, value]) => `${name} ${Array.isArray(value) ? value.join(' ') : value}`)
    .join(', ')

function told({ opening, closing, index }: AuditedAction) {
  const { id, at, action, actor, subject } = opening
  const { groups, roles } = actor
  const { outcome = 'none', rows, detail } = closing ?? {}
  return {
    id,
    at,
    person: actor.id,
    groups,
    roles,
    action,
    outcome,
    rows,
    subject,
    detail,
    covered: index !== undefined,
  }
}

/** Actions of the log as the files have them; what verifies them is `audit verify`. */
export async function auditFind({ action, person, outcome, from, until, limit, files, json }: FindOptions) {
  const most = Number(limit)
  if (!Number.isSafeInteger(most) || most < 1) throw new InputError('--limit is a whole number, 1 or more.')
  const store = openFileStore(
    files === undefined ? readSettings().home : requireFolder(files, 'it should hold a folder audit/'),
  )
  const end = until === undefined ? new Date(Date.now() + 60_000) : endOf(until, '--until')
  const begin = from === undefined ? new Date(end.getTime() - usualDays * 86_400_000) : startOf(from, '--from')
  const found: ReturnType<typeof told>[] = []
  for await (const entry of findEntries(store, {
    from: begin,
    until: end,
    limit: most,
    ...(action !== undefined && { actions: [action] }),
    ...(person !== undefined && { person }),
    ...(outcome !== undefined && { outcome }),
  })) {
    if (json) console.log(JSON.stringify(told(entry)))
    else found.push(told(entry))
  }
  if (json) return
  if (found.length === 0) return console.log('Nothing in the log answers this.')
  printTable(
    found.map(({ at, person, action, outcome, subject, detail, id }) => ({
      at,
      person,
      action,
      outcome,
      of: figures(subject),
      figures: figures(detail),
      entry: id,
    })),
  )
}
