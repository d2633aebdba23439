import type { DomainSchedulesView, Me } from '@muniment/api/contract'
import { Link, useSearch } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useApplications } from '../api/applications.ts'
import { useMe } from '../api/me.ts'
import { useSchedules } from '../api/retention-schedules.ts'
import { seesHolds, seesRetention } from '../lib/retention-duties.ts'
import { Page, useDocumentTitle } from './Page.tsx'
import { ProblemNote, problemOf } from './ProblemNote.tsx'
import { text } from './text.ts'

const words = text.retention

const sections = [
  { to: '/retention', label: words.due, exact: true },
  { to: '/retention/runs', label: words.runs, exact: false },
  { to: '/retention/schedules', label: words.schedules, exact: false },
  { to: '/retention/holds', label: words.holds, exact: false },
] as const

export interface RetentionPart {
  me: Me
  application: string
  applicationTitle: string
  /** Of this application. */
  schedules: DomainSchedulesView[]
}

interface RetentionFrameProps {
  /** What stands in the browser's title: no matter, no key. */
  documentTitle: string
  /** On a page about one run or hold, which is of one application. */
  isOfOne?: boolean
  children: (part: RetentionPart) => ReactNode
}

/** What the pages about retention have around them: who may be here, where else one can go, and of which application. */
export function RetentionFrame({ documentTitle, isOfOne = false, children }: RetentionFrameProps) {
  const { data: me } = useMe()
  const may = seesRetention(me)
  const schedules = useSchedules(may)
  const entered = useApplications()
  const { application: asked } = useSearch({ strict: false })
  useDocumentTitle(documentTitle)

  if (me && !may) {
    return (
      <Page title={words.notYours}>
        <p className="measure">{words.notYoursHint}</p>
      </Page>
    )
  }
  if (schedules.error && !schedules.data) {
    const problem = problemOf(schedules.error)
    return (
      <Page title={problem.title} documentTitle={documentTitle}>
        <ProblemNote problem={problem} onRetry={() => void schedules.refetch()} />
      </Page>
    )
  }
  if (!me || !schedules.data || entered.isPending)
    return <div className="page page--wide page--pending" aria-busy="true" />

  const titles = new Map([
    ...schedules.data.map((one) => [one.application, one.applicationTitle] as const),
    ...(entered.data ?? []).map(({ name, title }) => [name, title] as const),
  ])
  const withSchedules = schedules.data[0]?.application
  const application = asked !== undefined && titles.has(asked) ? asked : (withSchedules ?? [...titles.keys()][0])
  if (application === undefined) {
    return (
      <Page title={words.nothing} documentTitle={documentTitle}>
        <p className="measure">{words.nothingHint}</p>
      </Page>
    )
  }
  return (
    <div className="page page--wide retention">
      <nav className="sections" aria-label={words.sections} data-print="never">
        {sections
          .filter(({ to }) => to !== '/retention/holds' || seesHolds(me))
          .map(({ to, label, exact }) => (
            <Link
              key={to}
              to={to}
              search={asked === undefined ? {} : { application }}
              activeOptions={{ exact, includeSearch: false }}
            >
              {label}
            </Link>
          ))}
      </nav>
      {titles.size > 1 && !isOfOne ? (
        <nav className="switch" aria-label={words.applications} data-print="never">
          {[...titles].map(([name, title]) => (
            <Link
              key={name}
              to="."
              search={{ application: name }}
              {...(name === application ? { 'aria-current': 'page' as const } : {})}
            >
              {title}
            </Link>
          ))}
        </nav>
      ) : null}
      {children({
        me,
        application,
        applicationTitle: titles.get(application) ?? application,
        schedules: schedules.data.filter((one) => one.application === application),
      })}
    </div>
  )
}
