import { useApplications } from '../../api/applications.ts'
import { useMe } from '../../api/me.ts'
import { DutiesStart } from './DutiesStart.tsx'
import { SearchStart } from './SearchStart.tsx'

/** Begins with what the person comes for: records, or what their role does without seeing any. */
export function StartPage() {
  const { data: me, isPending } = useMe()
  const applications = useApplications()
  // Counted, because a page that mounts asks again, and would be taken away while it does.
  if (!applications.data && applications.errorUpdateCount > 0) return <SearchStart />
  if (isPending || applications.isPending) return <div className="page page--start page--pending" aria-busy="true" />
  const isWithout = applications.data?.length === 0
  return me && isWithout && (me.duties.length > 0 || me.roles.length === 0) ? <DutiesStart me={me} /> : <SearchStart />
}
