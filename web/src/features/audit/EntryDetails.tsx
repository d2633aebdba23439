import type { AuditEntry } from '@muniment/api/contract'
import { formatBytes, formatMoment } from '../../lib/format.ts'
import { readRoles } from '../../lib/role-words.ts'
import { useSettings } from '../../lib/settings.ts'
import { readName, readOutcome, readValue } from './entry-words.ts'
import { text } from './text.ts'

/** All that the log says of one action, and whether it is proved. */
export function EntryDetails({ entry, purpose }: { entry: AuditEntry; purpose: string }) {
  const { dates } = useSettings()
  // To the millisecond, by the log's own clock.
  const readExact = (moment: string) => `${formatMoment(moment, dates)} (${moment})`
  const facts: Array<readonly [string, string, boolean]> = [
    [text.began, readExact(entry.began), false],
    [text.ended, entry.ended ? `${readExact(entry.ended)}, ${readOutcome(entry.outcome)}` : text.notEnded, false],
    [text.roles, readRoles(entry.roles), false],
    [text.groups, entry.groups.join(', '), false],
    [text.rules, text.version(entry.rules), false],
    [text.columns.purpose, [purpose, entry.purpose?.noted ? text.noted : ''].filter(Boolean).join(', '), false],
    ...Object.entries({ ...entry.subject, ...entry.detail }).map(
      ([name, value]) => [readName(name), readValue(value), true] as const,
    ),
    [text.records, entry.records === undefined ? '' : text.recordsCount(entry.records), false],
    [text.bytes, entry.bytes === undefined ? '' : formatBytes(entry.bytes), false],
  ]
  return (
    <dl className="plain-facts">
      <div>
        <dt>{text.entry}</dt>
        <dd>
          <span className="m-id">{entry.id}</span>
        </dd>
      </div>
      {facts
        .filter(([, value]) => value !== '')
        .map(([label, value, isId]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{isId ? <span className="m-id">{value}</span> : value}</dd>
          </div>
        ))}
      <div>
        <dt>{text.proof}</dt>
        <dd>
          {entry.wrong !== undefined ? (
            <>
              <strong className="is-wrong">{text.wrongEntry}</strong> {entry.wrong}
            </>
          ) : entry.covered ? (
            <>
              {text.covered} <code>npx muniment audit prove {entry.id}</code>
            </>
          ) : (
            text.uncovered
          )}
        </dd>
      </div>
    </dl>
  )
}
