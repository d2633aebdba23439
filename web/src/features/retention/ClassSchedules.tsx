import type { RecordClassView, ScheduleView } from '@muniment/api/contract'
import { formatDay } from '../../lib/format.ts'
import { listed } from '../../lib/role-words.ts'
import { useSettings } from '../../lib/settings.ts'
import { text } from './text.ts'

const words = text.schedules

/** Where a law was read: a link where it is an address, the words of it otherwise. */
function Source({ source }: { source: string }) {
  if (!/^https:\/\//.test(source)) return <>{source}</>
  return (
    <a href={source} rel="noreferrer noopener" target="_blank">
      {source.replace(/^https:\/\/(www\.)?/, '').replace(/\/$/, '')}
    </a>
  )
}

function ScheduleLine({ of }: { of: ScheduleView }) {
  const { dates } = useSettings()
  const { authority, inForce } = of
  const law = [authority.law, authority.article].filter(Boolean).join(' ')
  const until = inForce.to === undefined ? undefined : formatDay(inForce.to, dates)
  return (
    <li className="schedule">
      <p className="schedule__sentence">{of.sentence}</p>
      <p className="schedule__authority">
        <strong>{of.title}</strong>: {law}, {authority.jurisdiction}
      </p>
      <p className="hint">
        {words.inForce(formatDay(inForce.from, dates), until)} · <Source source={authority.source} />,{' '}
        {words.read(formatDay(authority.read, dates))}
      </p>
      {authority.note ? <p className="hint">{authority.note}</p> : null}
    </li>
  )
}

/** What a record of the class is, how long it stays by which law, and what keeps it longer. */
export function ClassSchedules({ of, level }: { of: RecordClassView; level: 3 | 4 }) {
  const Heading = level === 3 ? 'h3' : 'h4'
  const facts: [string, string][] = [
    ...(of.with.length > 0 ? [[words.with, listed(of.with)] as [string, string]] : []),
    ...(of.keepWhile.length > 0 ? [[words.keepWhile, of.keepWhile.join('; ')] as [string, string]] : []),
  ]
  return (
    <div className="record-class">
      <Heading>{of.title}</Heading>
      <p className="measure">{of.description}</p>
      <ul className="schedule-list">
        {of.schedules.map((schedule) => (
          <ScheduleLine key={schedule.id} of={schedule} />
        ))}
      </ul>
      {facts.length > 0 ? (
        <dl className="plain-facts">
          {facts.map(([label, value]) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      ) : null}
    </div>
  )
}
